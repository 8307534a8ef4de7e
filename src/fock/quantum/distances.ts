import type { Backend } from '../../backend/backend.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigenvaluesHermitian } from '../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues, svd } from '../../linalg/svd/svd.ts';
import { firstQuadrantAngle } from '../../math/atan.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { alignedWeights } from '../diagonal-sums.ts';
import { combination, scaleColumns, sideBySide, squaredNorm } from './complex.ts';
import { basisOf, factorOn, matrixOn, toFactoredState } from './conversions.ts';
import { checkNormalised, checkState, type QuantumState } from './states.ts';
import { checkSameTokens } from './string-basis.ts';

/**
 * Trace distance T = ½‖ρ − σ‖₁, the largest difference that an event can have in probability. States need not have trace 1.
 *
 * @throws ShapeError unless both have the same tokens; CapacityError.
 * @accuracy absolute 4·k²·u for k strings; a compensated sum if both are diagonal.
 * @cost eigenvalues on the strings of both
 */
export function traceDistance(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkState('traceDistance', 'rho', rho);
  checkState('traceDistance', 'sigma', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) {
    const weights = weightsOfBoth('traceDistance', backend, rho, sigma);
    return compensatedSum(weights.rho.map((weight, i) => Math.abs(weight - weights.sigma[i]!))) / 2;
  }
  const basis = basisOf(rho).union(basisOf(sigma));
  const difference = combination(1, matrixOn(basis, rho), -1, matrixOn(basis, sigma));
  return compensatedSum(eigenvaluesHermitian(backend, difference).map(Math.abs)) / 2;
}

/**
 * Root fidelity √F = ‖√ρ√σ‖₁ = Tr √(√ρ σ √ρ), from 0 to 1: for pure states |⟨ψ|φ⟩|, for diagonal ones Σ√(w v). (QuTiP's `fidelity` is this one.)
 *
 * Computed as the sum of the singular values of A†B with ρ = AA†, σ = BB†, so that no square root of a small eigenvalue of a
 * product is taken.
 *
 * @accuracy absolute about 8·k²·u where states are factored or diagonal; the square root of that where a matrix has small eigenvalues.
 * @source A. Uhlmann, Rep. Math. Phys. 9 (1976) 273.
 */
export function rootFidelity(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkNormalised('rootFidelity', rho);
  checkNormalised('rootFidelity', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) {
    const weights = weightsOfBoth('rootFidelity', backend, rho, sigma);
    return Math.min(
      1,
      compensatedSum(weights.rho.map((weight, i) => Math.sqrt(weight) * Math.sqrt(weights.sigma[i]!))),
    );
  }
  const [a, b] = commonFactors(backend, rho, sigma);
  return Math.min(1, compensatedSum(singularValues(backend, multiply(backend, a, b, { opA: 'conjugate-transpose' }))));
}

/** Fidelity F = (Tr √(√ρ σ √ρ))², the square of {@link rootFidelity}. */
export function fidelity(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  const root = rootFidelity(backend, rho, sigma);
  return root * root;
}

/**
 * Bures distance √(2 − 2√F), from 0 to √2. Not by the difference, which loses half the digits of a small distance: it is ‖A − BU‖_F with
 * Uhlmann's optimal unitary U. (QuTiP's `bures_dist`.)
 *
 * @throws DomainError unless both have trace 1; ShapeError unless they have the same tokens; CapacityError.
 * @accuracy absolute about 8·k²·u for factored and diagonal states, also for nearly equal ones.
 * @source D. Bures, Trans. Amer. Math. Soc. 135 (1969) 199; A. Uhlmann, Rep. Math. Phys. 9 (1976) 273.
 */
export function buresDistance(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkNormalised('buresDistance', rho);
  checkNormalised('buresDistance', sigma);
  return Math.min(chordOf(backend, rho, sigma), Math.SQRT2);
}

/**
 * Bures angle arccos √F in [0, π/2], in radians: 2 arcsin of half the {@link buresDistance}, by an arctangent.
 *
 * @throws, @accuracy, @source as buresDistance.
 */
export function buresAngle(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkNormalised('buresAngle', rho);
  checkNormalised('buresAngle', sigma);
  const sine = Math.min(chordOf(backend, rho, sigma) / 2, Math.SQRT1_2);
  return 2 * firstQuadrantAngle(sine, Math.sqrt(1 - sine * sine));
}

/** min_U ‖A − BU‖_F over the factors of two states. */
function chordOf(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) return rootsApart(backend, rho, sigma);
  const [a, b] = commonFactors(backend, rho, sigma);
  const { u, v } = svd(backend, multiply(backend, a, b, { opA: 'conjugate-transpose' }));
  const rotated = multiply(backend, b, multiply(backend, v, u, { opB: 'conjugate-transpose' }));
  return Math.sqrt(squaredNorm(combination(1, a, -1, rotated)));
}

/** √Σ(√w − √v)² */
function rootsApart(backend: Backend, rho: DiagonalState, sigma: DiagonalState): number {
  const weights = weightsOfBoth('buresDistance', backend, rho, sigma);
  const parts = weights.rho.map((weight, i) => Math.sqrt(weight) - Math.sqrt(weights.sigma[i]!));
  return Math.sqrt(compensatedSum(parts.map((part) => part * part)));
}

/**
 * Hellinger distance ‖√ρ − √σ‖_F = √(2 − 2 Tr √ρ√σ), from 0 to √2; at least the {@link buresDistance}, and equal to it where the states
 * commute. (QuTiP's `hellinger_dist`.)
 *
 * @throws DomainError unless both have trace 1; ShapeError unless they have the same tokens; CapacityError.
 * @accuracy absolute about 8·k²·u for factored and diagonal states, also for nearly equal ones; the square root of that where a matrix has
 * small eigenvalues.
 * @cost two eigendecompositions on the strings of both
 * @source S. Luo, Q. Zhang, Phys. Rev. A 69 (2004) 032106; D. Spehner, F. Illuminati, M. Orszag, W. Roga (2017), in Lectures on General Quantum
 * Correlations and their Applications.
 */
export function hellingerDistance(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkNormalised('hellingerDistance', rho);
  checkNormalised('hellingerDistance', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) return rootsApart(backend, rho, sigma);
  const basis = basisOf(rho).union(basisOf(sigma));
  const [a, b] = [rho, sigma].map((state) => rootOf(backend, factorOn(basis, toFactoredState(backend, state))));
  return Math.min(Math.sqrt(squaredNorm(combination(1, a!, -1, b!))), Math.SQRT2);
}

/** √(AA†) = U Σ U† for A = U Σ V†. */
function rootOf(backend: Backend, factor: ComplexMatrix): ComplexMatrix {
  const { u, values } = svd(backend, factor);
  return multiply(backend, scaleColumns(u, values), u, { opB: 'conjugate-transpose' });
}

/**
 * Hilbert–Schmidt distance ‖ρ − σ‖_F = √Tr(ρ − σ)², from 0 to √2. States need not have trace 1. (QuTiP's `hilbert_dist` is its square.)
 *
 * @throws ShapeError unless both have the same tokens; CapacityError.
 * @accuracy absolute k·u: one sum of squares.
 * @source V. Vedral, M. B. Plenio, Phys. Rev. A 57 (1998) 1619.
 */
export function hilbertSchmidtDistance(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkState('hilbertSchmidtDistance', 'rho', rho);
  checkState('hilbertSchmidtDistance', 'sigma', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) {
    const weights = weightsOfBoth('hilbertSchmidtDistance', backend, rho, sigma);
    return Math.sqrt(compensatedSum(weights.rho.map((weight, i) => (weight - weights.sigma[i]!) ** 2)));
  }
  const basis = basisOf(rho).union(basisOf(sigma));
  return Math.sqrt(squaredNorm(combination(1, matrixOn(basis, rho), -1, matrixOn(basis, sigma))));
}

function weightsOfBoth(where: string, backend: Backend, rho: DiagonalState, sigma: DiagonalState) {
  checkSameTokens(where, rho.V, sigma.V);
  return alignedWeights(backend, rho, sigma);
}

/** Factors A and B of two states over the strings of both, with equally many columns. */
function commonFactors(
  backend: Backend,
  rho: QuantumState,
  sigma: QuantumState,
): readonly [ComplexMatrix, ComplexMatrix] {
  const basis = basisOf(rho).union(basisOf(sigma));
  const factors = [rho, sigma].map((state) => factorOn(basis, toFactoredState(backend, state)));
  const columns = Math.max(...factors.map((factor) => factor.columns));
  const [a, b] = factors.map((factor) =>
    sideBySide(basis.size, [factor, new ComplexMatrix(basis.size, columns - factor.columns)]),
  );
  return [a!, b!];
}
