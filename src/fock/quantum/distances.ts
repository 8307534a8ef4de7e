import type { Backend } from '../../backend/backend.ts';
import { firstQuadrantAngle } from '../../backend/ts/math/atan.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigenvaluesHermitian } from '../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues, svd } from '../../linalg/svd/svd.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { alignedWeights } from '../diagonal-sums.ts';
import { combination, sideBySide, squaredNorm } from './complex.ts';
import { basisOf, factorOn, matrixOn, toFactoredState } from './conversions.ts';
import { checkNormalised, type QuantumState } from './states.ts';
import { checkSameTokens } from './string-basis.ts';

/**
 * Trace distance T = ½‖ρ − σ‖₁, the largest difference that an event can have in probability. States need not have trace 1.
 *
 * @throws ShapeError unless both have the same tokens; CapacityError.
 * @accuracy absolute 4·k²·u for k strings; a compensated sum if both are diagonal.
 * @cost eigenvalues on the strings of both
 */
export function traceDistance(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
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
 * Bures angle arccos √F in [0, π/2], in radians. Not by the arccosine, which loses half the digits of a small angle: with Uhlmann's
 * optimal unitary U, ‖A − BU‖_F² = 2 − 2√F, and the angle is 2 arcsin(‖A − BU‖_F/2).
 *
 * @accuracy absolute about 8·k²·u for factored and diagonal states, also for nearly equal ones.
 * @source D. Bures, Trans. Amer. Math. Soc. 135 (1969) 199; A. Uhlmann, Rep. Math. Phys. 9 (1976) 273.
 */
export function buresAngle(backend: Backend, rho: QuantumState, sigma: QuantumState): number {
  checkNormalised('buresAngle', rho);
  checkNormalised('buresAngle', sigma);
  if (rho instanceof DiagonalState && sigma instanceof DiagonalState) {
    const weights = weightsOfBoth('buresAngle', backend, rho, sigma);
    const parts = weights.rho.map((weight, i) => Math.sqrt(weight) - Math.sqrt(weights.sigma[i]!));
    return angleOfChord(Math.sqrt(compensatedSum(parts.map((part) => part * part))));
  }
  const [a, b] = commonFactors(backend, rho, sigma);
  const { u, v } = svd(backend, multiply(backend, a, b, { opA: 'conjugate-transpose' }));
  const rotated = multiply(backend, b, multiply(backend, v, u, { opB: 'conjugate-transpose' }));
  return angleOfChord(Math.sqrt(squaredNorm(combination(1, a, -1, rotated))));
}

/** The angle between two unit vectors that lie `chord` apart, at most π/2. */
function angleOfChord(chord: number): number {
  const sine = Math.min(chord / 2, Math.SQRT1_2);
  return 2 * firstQuadrantAngle(sine, Math.sqrt(1 - sine * sine));
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
