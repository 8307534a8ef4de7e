import { CompensatedSum } from '../../core/sums.ts';
import type { Channel } from './channels.ts';
import { startTotal } from './channels.ts';
import type { Plan } from './plan.ts';
import { addScaled, isLarger, valueOfScaled } from './scaled-number.ts';
import type { StartGroup } from './start-lumps.ts';
import { LumpedWalk, type WalkStep } from './walk.ts';

type StepPart = Omit<WalkStep, 'step'>;

/** What all groups add to one step. */
export class StepSums {
  readonly step: number;
  readonly marginal: Float64Array;
  readonly entropy = new CompensatedSum();
  /** Σ P·D(p_A‖p_B), possibly ∞. */
  divergence = 0;
  readonly totals: readonly Float64Array[];
  states = 0;
  readonly #channels: readonly Channel[];

  constructor(step: number, V: number, channels: readonly Channel[]) {
    this.step = step;
    this.marginal = new Float64Array(V);
    this.totals = channels.map(() => new Float64Array(2));
    this.#channels = channels;
  }

  /** @param slots the tokens that the marginal is over. */
  add({ totals, entropy, divergence, marginal, states }: StepPart, slots: Int32Array): void {
    for (const [c, total] of totals.entries()) {
      const sum = this.totals[c]!;
      if (!this.#channels[c]!.best) addScaled(sum, 0, [total[0]!, total[1]!]);
      else if (isLarger(total, 0, sum, 0)) sum.set(total);
    }
    for (const [slot, token] of slots.entries()) this.marginal[token]! += marginal[slot]!;
    this.entropy.add(entropy);
    this.divergence += divergence;
    this.states += states;
  }
}

/**
 * Follows one group after another to step L and sums what they give; `atEnd` sees every walk there. Yields the transitions done.
 */
export function* followGroups(
  { backend, laws, groups, channels, L }: Plan,
  V: number,
  atEnd: (walk: LumpedWalk) => void = () => {},
): Generator<number, StepSums[]> {
  const sums = Array.from({ length: L }, (_, i) => new StepSums(i + 1, V, channels));
  for (const group of groups) {
    if (group.delay === 1) sums[0]!.add(vacuumStep(group, channels), group.tokens);
    const walk = new LumpedWalk(backend, laws, group, channels, L - group.delay);
    try {
      for (let l = group.delay; l < L; l++) sums[l]!.add(yield* walk.step(), group.slots);
      atEnd(walk);
    } finally {
      walk.release();
    }
  }
  return sums;
}

/** Step 1 of the vacuum: x_0 with certainty. */
function vacuumStep({ lumps, tokens }: StartGroup, channels: readonly Channel[]): StepPart {
  const [lump] = lumps;
  const totals = channels.map((channel) => startTotal(channel, lump!));
  const x0 = lump!.history[0];
  const marginal = Float64Array.from(tokens, (token) => (token === x0 ? valueOfScaled(totals[0]!) : 0));
  return { totals, entropy: 0, divergence: 0, marginal, states: 1 };
}
