import { checkFinite } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { compensatedSum } from '../core/sums.ts';
import { QLENS_DEFAULTS } from './defaults.ts';

/** How far |‖ψ‖² − 1| of a caller's state may be. */
const STATE_TOLERANCE = 1e-10;

/** Options of the check of a law. */
export interface LawOptions {
  /** What an error calls the law, for example `row 17`. Default `law`. */
  readonly name?: string;
  /** How far the sum may be from 1. Default 1e-6; loosen it for half-precision softmax over many units. */
  readonly tolerance?: number;
}

/**
 * The checked law, divided by its sum in f64.
 *
 * @param law V probabilities.
 * @returns V probabilities whose sum is 1 to rounding.
 * @throws NonFiniteError, DomainError (a negative entry, or a sum off 1 by more than `tolerance`), ShapeError (empty);
 * all name the law.
 * @source own: the package repairs no probability silently; within the tolerance the division is rounding's.
 */
export function checkedLaw(
  law: ArrayLike<number>,
  { name = 'law', tolerance = QLENS_DEFAULTS.sumTolerance }: LawOptions = {},
): Float64Array {
  const where = 'checkedLaw';
  if (law.length === 0) throw new ShapeError(`${where}: ${name} must have at least one element, but it has 0.`);
  checkFinite(where, name, law);
  const p = Float64Array.from(law);
  for (let i = 0; i < p.length; i++) {
    if (p[i]! < 0) throw new DomainError(`${where}: ${name} must be non-negative, but element ${i} is ${p[i]}.`);
  }
  const sum = compensatedSum(p);
  if (!(Math.abs(sum - 1) <= tolerance)) {
    throw new DomainError(
      `${where}: ${name} must sum to 1 within ${tolerance}, but it sums to ${sum}. Pass a softmax's output, or loosen tolerance for half precision.`,
    );
  }
  for (let i = 0; i < p.length; i++) p[i] = p[i]! / sum;
  return p;
}

/**
 * ψ = √p elementwise: real, non-negative, of unit norm.
 *
 * @param law V probabilities, checked and renormalised by {@link checkedLaw}.
 * @returns V components.
 * @throws what {@link checkedLaw} throws.
 * @accuracy exact up to rounding.
 * @source QLens, eqs. 5–7.
 * @example
 * stateFromLaw([0.36, 0.64]); // Float64Array [0.6, 0.8]
 */
export function stateFromLaw(law: ArrayLike<number>, options: LawOptions = {}): Float64Array {
  return checkedLaw(law, options).map(Math.sqrt);
}

/**
 * Born rule: p(u) = |⟨u|ψ⟩|² = ψ_u².
 *
 * @param psi V components of a state.
 * @returns V probabilities.
 * @throws ShapeError, NonFiniteError, DomainError unless ψ is a state.
 * @source QLens, eq. 14.
 */
export function bornProbabilities(psi: Float64Array): Float64Array {
  checkState('bornProbabilities', 'psi', psi);
  return psi.map((component) => component * component);
}

/** @throws ShapeError, NonFiniteError or DomainError unless `psi` is finite, non-negative and of unit norm within 1e-10. */
export function checkState(where: string, name: string, psi: Float64Array): void {
  if (psi.length === 0) throw new ShapeError(`${where}: ${name} must have at least one element, but it has 0.`);
  checkFinite(where, name, psi);
  let square = 0;
  for (let i = 0; i < psi.length; i++) {
    if (psi[i]! < 0) throw new DomainError(`${where}: ${name} must be non-negative, but ${name}[${i}] is ${psi[i]}.`);
    square += psi[i]! * psi[i]!;
  }
  if (!(Math.abs(square - 1) <= STATE_TOLERANCE)) {
    throw new DomainError(
      `${where}: ${name} must have ‖ψ‖² = 1 within ${STATE_TOLERANCE}, but it is ${square}. Make states with stateFromLaw.`,
    );
  }
}
