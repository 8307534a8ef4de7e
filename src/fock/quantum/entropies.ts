import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { CompensatedSum, compensatedSum } from '../../core/sums.ts';
import { eigenvaluesHermitian, eigh } from '../../linalg/eigen/eigh.ts';
import type { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues } from '../../linalg/svd/svd.ts';
import { log } from '../../math/log.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { alignedWeights } from '../diagonal-sums.ts';
import { squaredNorm } from './complex.ts';
import { basisOf, checkPositive, matrixOn, roundingOf } from './conversions.ts';
import { checkNormalised, checkState, FactoredState, type QuantumState } from './states.ts';
import { checkSameTokens } from './string-basis.ts';

/** Nats by default; 1 bit = ln 2 nats. */
export type EntropyUnit = 'nats' | 'bits';

/** The unit of an entropy. */
export interface UnitOption {
  /** `nats` (default) or `bits`. */
  readonly unit?: EntropyUnit | undefined;
}

/** Options of an entropy. */
export interface EntropyOptions extends UnitOption {
  /** α > 0 of Rényi's entropy: 1 (default) is von Neumann's, ∞ the min-entropy. */
  readonly order?: number | undefined;
}

/** Eigenvalues of σ up to this much of its trace count as outside its support. */
const SUPPORT_TOLERANCE = 1e-13;
/** Weight of ρ outside the support of σ that counts as rounding. */
const OUTSIDE_TOLERANCE = 1e-12;

/** A quantity in nats, in the unit that was asked for. */
export function inUnit(nats: number, unit: EntropyUnit = 'nats'): number {
  if (unit === 'nats') return nats;
  if (unit === 'bits') return nats / Math.LN2;
  throw new DomainError(`inUnit: unit must be nats or bits, but it is ${String(unit)}.`);
}

/**
 * The eigenvalues of ρ that can differ from 0, largest first: the weights, the squared singular values of a factor, or the
 * eigenvalues of a matrix, those up to 8·k·u of the largest taken for 0.
 *
 * @throws DomainError for a matrix with an eigenvalue below −1e-10·Tr ρ.
 * @accuracy absolute 4·k·u·‖ρ‖ (matrix of order k), 16·k·u·‖ρ‖ (factor); exact (diagonal).
 */
export function spectrum(backend: Backend, state: QuantumState): Float64Array {
  checkState('spectrum', 'state', state);
  if (state instanceof DiagonalState) return state.weight.toSorted().reverse();
  if (state instanceof FactoredState) return singularValues(backend, state.factor).map((value) => value * value);
  const values = eigenvaluesHermitian(backend, state.matrix);
  checkPositive('spectrum', values);
  const least = roundingOf(values);
  return values.map((value) => (value > least ? value : 0)).reverse();
}

/**
 * Entropy of a state: von Neumann's S = −Tr ρ ln ρ, Rényi's S_α = ln Tr ρ^α/(1−α), or the min-entropy S_∞ = −ln λ_max.
 *
 * @throws DomainError unless α > 0 and Tr ρ = 1.
 * @accuracy stable: an eigenvalue known to ε changes −λ ln λ by ε·|ln λ + 1|. For |α − 1| < 1e-6 the error of ln Tr ρ^α is divided by |1 − α|.
 * @cost eigenvalues of the smaller side; a logarithm a string (diagonal)
 * @source A. Rényi, Proc. 4th Berkeley Symp. (1961) 547.
 * @example
 * entropy(backend, rho, { order: 2, unit: 'bits' });
 */
export function entropy(backend: Backend, state: QuantumState, { order = 1, unit }: EntropyOptions = {}): number {
  checkNormalised('entropy', state);
  const values = state instanceof DiagonalState ? state.weight : spectrum(backend, state);
  return inUnit(entropyOfSpectrum(backend, values, order), unit);
}

/** Rényi's entropy of eigenvalues of sum 1, in any order, in nats. @throws DomainError unless α > 0. */
export function entropyOfSpectrum(backend: Backend, values: Float64Array, order = 1): number {
  if (!(order > 0)) throw new DomainError(`entropy: order must be positive or Infinity, but it is ${order}.`);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [p, logs] = [memory.allocate('f64', values.length), memory.allocate('f64', values.length)];
    const sum = memory.allocate('f64', 1);
    const positive = p.view();
    let [n, most] = [0, 0];
    for (const value of values) {
      if (!(value > 0)) continue;
      positive[n++] = value;
      if (value > most) most = value;
    }
    const largest = log(most);
    if (order === Number.POSITIVE_INFINITY) return -largest;
    kernels.mapLog({ src: p, dst: logs, n });
    if (order === 1) {
      kernels.compensatedDot({ x: p, y: logs, n, result: sum });
      return 0 - sum.view()[0]!;
    }
    // Relative to the largest eigenvalue no power underflows to a zero sum.
    const exponents = logs.view();
    for (let i = 0; i < n; i++) exponents[i] = order * (exponents[i]! - largest);
    kernels.mapExp({ src: logs, dst: logs, n });
    kernels.compensatedSum({ x: logs, n, result: sum });
    return (order * largest + log(sum.view()[0]!)) / (1 - order);
  });
}

/** Purity Tr ρ², between 1/rank and 1. @accuracy stable: one sum of squares. */
export function statePurity(backend: Backend, state: QuantumState): number {
  checkState('statePurity', 'state', state);
  if (state instanceof DiagonalState) return compensatedSum(state.weight.map((weight) => weight * weight));
  if (state instanceof FactoredState)
    return squaredNorm(multiply(backend, state.factor, state.factor, { opA: 'conjugate-transpose' }));
  return squaredNorm(state.matrix);
}

/**
 * Relative entropy D(ρ‖σ) = Tr ρ(ln ρ − ln σ): ∞ where ρ has a weight above 1e-12 outside the support of σ (eigenvalues above 1e-13).
 *
 * @throws DomainError unless both have trace 1; ShapeError unless they have the same tokens.
 * @accuracy absolute about k·u·|ln λ_min|/λ_min with the smallest eigenvalue of σ on its support; exact sums if both are diagonal.
 * @cost two eigendecompositions on the strings of both.
 * @source H. Umegaki, Kōdai Math. Sem. Rep. 14 (1962) 59.
 */
export function relativeEntropy(
  backend: Backend,
  rho: QuantumState,
  sigma: QuantumState,
  { unit }: UnitOption = {},
): number {
  checkNormalised('relativeEntropy', rho);
  checkNormalised('relativeEntropy', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) {
    checkSameTokens('relativeEntropy', rho.V, sigma.V);
    const weights = alignedWeights(backend, rho, sigma);
    const sum = new CompensatedSum();
    for (const [i, weight] of weights.rho.entries()) {
      if (weight === 0) continue;
      const other = weights.sigma[i]!;
      if (!(other > 0)) return Number.POSITIVE_INFINITY;
      sum.add(weight * (log(weight) - log(other)));
    }
    return inUnit(sum.value, unit);
  }
  const basis = basisOf(sigma).union(basisOf(rho));
  const [a, b] = [eigh(backend, matrixOn(basis, rho)), eigh(backend, matrixOn(basis, sigma))];
  checkPositive('relativeEntropy', a.values);
  checkPositive('relativeEntropy', b.values);
  const overlaps = multiply(backend, b.vectors, a.vectors, { opA: 'conjugate-transpose' });
  const sum = new CompensatedSum();
  let outside = 0;
  for (const [j, q] of b.values.entries()) {
    const weight = weightAlong(overlaps, j, a.values);
    if (q > SUPPORT_TOLERANCE) sum.add(-weight * log(q));
    else outside += weight;
  }
  if (outside > OUTSIDE_TOLERANCE) return Number.POSITIVE_INFINITY;
  for (const p of a.values) if (p > 0) sum.add(p * log(p));
  return inUnit(sum.value, unit);
}

/** Σ_i |⟨v_j|u_i⟩|² p_i */
function weightAlong({ columns, data }: ComplexMatrix, j: number, p: Float64Array): number {
  let weight = 0;
  for (let i = 0; i < columns; i++) {
    const [re, im] = [data[2 * (j * columns + i)]!, data[2 * (j * columns + i) + 1]!];
    if (p[i]! > 0) weight += (re * re + im * im) * p[i]!;
  }
  return weight;
}
