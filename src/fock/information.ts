import { CompensatedSum } from '../core/sums.ts';
import { log } from '../math/log.ts';
import type { DiagonalState } from './diagonal-state.ts';

/**
 * Von Neumann entropy −Tr ρ ln ρ = −Σ_h w_h ln w_h in nats. For a truncated state it is the part of the strings kept, a
 * lower bound of the exact state's.
 *
 * @accuracy stable: compensated sum.
 * @source J. von Neumann; a diagonal state's entropy is Shannon's.
 */
export function vonNeumannEntropy(state: DiagonalState): number {
  const sum = new CompensatedSum();
  for (const w of state.weight) if (w > 0) sum.add(-w * log(w));
  return sum.value;
}

/**
 * Purity Tr ρ² = Σ_h w_h². For a truncated state with δ = 1 − Tr σ the exact one lies in [Tr σ², Tr σ² + δ²].
 *
 * @accuracy stable: compensated sum.
 */
export function purity(state: DiagonalState): number {
  const sum = new CompensatedSum();
  for (const w of state.weight) sum.add(w * w);
  return sum.value;
}
