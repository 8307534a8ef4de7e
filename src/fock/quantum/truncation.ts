import { checkInteger } from '../../core/checks.ts';
import { compensatedSum } from '../../core/sums.ts';
import { applyOperator } from './apply-channel.ts';
import { dephase, normalised } from './conversions.ts';
import { checkNormalised, type QuantumState } from './states.ts';
import { stringKey } from './string-basis.ts';
import { projectorOnto } from './string-operator.ts';

/** A state on its heaviest strings. */
export interface TruncatedState {
  /** PρP/Tr Pρ, P the projector onto the strings kept. */
  readonly state: QuantumState;
  /** δ = 1 − Tr Pρ, the compensated sum of the weights dropped. */
  readonly discarded: number;
  /** √δ ≥ T(ρ, state); equal for a pure state. Bounds of successive truncations add. */
  readonly distanceBound: number;
}

/**
 * Keeps the strings with the largest ⟨h|ρ|h⟩ and renormalises. With coherences the trace distance is bounded by √δ only, where a diagonal state
 * has exactly δ ({@link TruncationCertificate}).
 *
 * @param maxStrings number of strings kept; of equally heavy ones the first.
 * @throws DomainError unless maxStrings ≥ 1 and Tr ρ = 1.
 * @source A. Winter, IEEE Trans. Inf. Theory 45 (1999) 2481 (gentle measurement).
 */
export function truncateState(state: QuantumState, maxStrings: number): TruncatedState {
  checkInteger('truncateState', 'maxStrings', maxStrings, 1);
  checkNormalised('truncateState', state);
  const diagonal = dephase(state);
  const order = Array.from(diagonal.weight.keys()).sort((a, b) => diagonal.weight[b]! - diagonal.weight[a]! || a - b);
  const discarded = compensatedSum(order.slice(maxStrings).map((i) => diagonal.weight[i]!));
  if (discarded === 0) return { state, discarded, distanceBound: 0 };
  const kept = new Set(order.slice(0, maxStrings).map((i) => stringKey(diagonal.string(i))));
  const projector = projectorOnto(state.V, (string) => kept.has(stringKey(string)));
  return { state: normalised(applyOperator(projector, state)), discarded, distanceBound: Math.sqrt(discarded) };
}
