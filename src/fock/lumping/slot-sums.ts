import { LUMPED_SUMS } from '../../backend/contract/lumping.ts';
import { CompensatedSum } from '../../core/sums.ts';

/** Compensated sums over the batches of a step. */
export class SlotSums {
  readonly #sums: readonly CompensatedSum[];
  #infinite = false;
  constructor(S: number) {
    this.#sums = Array.from({ length: LUMPED_SUMS.marginals + S }, () => new CompensatedSum());
  }
  add(sums: Float64Array): void {
    for (const [i, sum] of this.#sums.entries()) {
      if (sums[i] === Infinity) this.#infinite = true;
      else sum.add(sums[i]!);
    }
  }
  get marginal(): Float64Array {
    return Float64Array.from(this.#sums.slice(LUMPED_SUMS.marginals), ({ value }) => value);
  }
  get values() {
    return {
      entropy: this.#sums[LUMPED_SUMS.entropy]!.value,
      divergence: this.#infinite ? Infinity : this.#sums[LUMPED_SUMS.divergence]!.value,
      marginal: this.marginal,
    };
  }
}
