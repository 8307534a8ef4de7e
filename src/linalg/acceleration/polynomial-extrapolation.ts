import type { Backend } from '../../backend/backend.ts';
import { inNameOf } from '../../core/errors.ts';
import { leastSquares } from './least-squares.ts';
import {
  checkSequence,
  differences,
  type Extrapolation,
  noiseOf,
  type VectorSequence,
  withinRange,
} from './sequence.ts';

/** An {@link Extrapolation} by an affine combination of the terms. */
export interface CombinedExtrapolation extends Extrapolation {
  /** Weights γ_j of the terms they combine, Σγ_j = 1. */
  readonly weights: Float64Array;
}

/**
 * Minimal polynomial extrapolation: with u_j = s_{j+1} − s_j, c minimises ‖Σ_{j<k} c_j u_j + u_k‖, c_k = 1, γ = c/Σc, and the limit is
 * Σ_{j≤k} γ_j s_{j+1}. For m terms k = m − 2. A sequence with r geometric modes is exact from r + 2 terms on.
 *
 * Where Σc vanishes to rounding there is no limit to predict: the last term is returned, and all components are counted as fallbacks.
 *
 * @throws DomainError for fewer than 3 terms; ShapeError, NonFiniteError; what svd throws.
 * @accuracy u·Σ|γ_j| times the size of the terms, in the space of the numerical rank.
 * @cost one singular value decomposition of n×(m − 2).
 * @source S. Cabay, L. W. Jackson, SIAM J. Numer. Anal. 13 (1976) 734.
 * @example
 * minimalPolynomial(backend, [[1, 0], [1.5, 1], [1.75, 1.5]]).value; // [2, 2]
 */
export function minimalPolynomial(backend: Backend, sequence: VectorSequence): CombinedExtrapolation {
  checkSequence('minimalPolynomial', sequence, 3);
  const { terms } = withinRange(sequence);
  const steps = differences(terms);
  const noise = 2 * noiseOf(terms) * Math.sqrt(steps.length);
  const right = steps.at(-1)!.map((value) => -value);
  const { x, rank, error } = inNameOf('minimalPolynomial', () =>
    leastSquares(backend, steps.slice(0, -1), right, noise),
  );
  const c = Float64Array.from([...x, 1]);
  const total = c.reduce((sum, value) => sum + value, 0);
  const weights = c.map((value) => value / total);
  const brokeDown = !(Math.abs(total) > error * Math.sqrt(c.length));
  return combined(sequence.slice(1), weights, rank, brokeDown);
}

/**
 * Reduced rank extrapolation: the γ with Σγ_j = 1 that minimises ‖Σ_j γ_j (s_{j+1} − s_j)‖; the limit is Σ_j γ_j s_j, j ≤ m − 2 for m
 * terms. A sequence with r geometric modes is exact from r + 2 terms on.
 *
 * Where the terms drift, all steps having the same part along the shortest Σ_j γ_j (s_{j+1} − s_j), there is no limit: the last term is
 * returned, and all components are counted as fallbacks.
 *
 * @throws, @accuracy, @cost as {@link minimalPolynomial}.
 * @source R. P. Eddy, in Information Linkage between Applied Mathematics and Industry (1979) 387; M. Mešina, Comput. Methods Appl. Mech.
 * Eng. 10 (1977) 165.
 * @example
 * reducedRank(backend, [[1, 0], [1.5, 1], [1.75, 1.5]]).value; // [2, 2]
 */
export function reducedRank(backend: Backend, sequence: VectorSequence): CombinedExtrapolation {
  checkSequence('reducedRank', sequence, 3);
  const { terms } = withinRange(sequence);
  const { weights, rank, brokeDown } = inNameOf('reducedRank', () =>
    smallestResidual(backend, differences(terms), 2 * noiseOf(terms)),
  );
  const { value, ...rest } = combined(sequence.slice(0, -1), weights, rank, brokeDown);
  return { ...rest, value: brokeDown ? Float64Array.from(sequence.at(-1)!) : value };
}

/** Weights of a combination, and whether there is none. */
export interface SmallestResidual {
  readonly weights: Float64Array;
  readonly rank: number;
  readonly brokeDown: boolean;
}

/**
 * The weights γ, Σγ_j = 1, of the shortest ρ = Σ_j γ_j r_j. The last residual is the origin: γ = e_last − D x, with the differences D of
 * neighbours. `noise` is the norm of a residual's errors.
 *
 * Where the differences are dependent and ρ is not zero, all r_j have the same product with ρ: the terms drift by constant steps in its
 * direction, and there is no limit.
 */
export function smallestResidual(
  backend: Backend,
  residuals: readonly Float64Array[],
  noise: number,
): SmallestResidual {
  const last = residuals.length - 1;
  const steps = differences(residuals);
  const { x, rank, residual } = leastSquares(backend, steps, residuals[last]!, 2 * noise * Math.sqrt(last));
  const weights = new Float64Array(last + 1);
  weights[last] = 1;
  for (let j = 0; j < last; j++) {
    weights[j + 1]! -= x[j]!;
    weights[j]! += x[j]!;
  }
  return { weights, rank, brokeDown: rank < last && residual > 2 * noise * sumOfSizes(weights) };
}

function sumOfSizes(x: Float64Array): number {
  return x.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Σ γ_j s_j, or the last term where the method broke down or an element leaves the range. */
export function combined(
  sequence: VectorSequence,
  weights: Float64Array,
  order: number,
  brokeDown: boolean,
): CombinedExtrapolation {
  const last = Float64Array.from(sequence.at(-1)!);
  const value = new Float64Array(last.length);
  for (const [j, term] of sequence.entries()) {
    for (let i = 0; i < value.length; i++) value[i]! += weights[j]! * term[i]!;
  }
  const found = !brokeDown && value.every(Number.isFinite);
  return { value: found ? value : last, weights, order, fallbacks: found ? 0 : last.length };
}
