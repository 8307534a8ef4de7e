import type { Backend } from '../../../backend/backend.ts';
import { compensatedSum } from '../../../core/sums.ts';
import { eigenvaluesHermitian, eigh } from '../../../linalg/eigen/eigh.ts';
import type { ComplexMatrix } from '../../../linalg/matrix/matrix.ts';
import { multiply } from '../../../linalg/products.ts';
import {
  combination,
  conjugateBy,
  hermitianPart,
  onInputs,
  scaleColumns,
  squaredNorm,
  traceOutput,
} from '../complex.ts';

/** Unit roundoff. */
const U = 2 ** -53;

/** 8·n(n + 1)·u·‖a‖_F, n the order: more than rounding changes the sum of the sizes of all eigenvalues of a Hermitian matrix. */
export function roundingBound(a: ComplexMatrix): number {
  return 8 * a.rows * (a.rows + 1) * U * Math.sqrt(squaredNorm(a));
}

/**
 * A lower bound of the diamond norm of a Hermitian J: ‖(1⊗√ρ) J (1⊗√ρ)‖₁/Tr ρ, what the input Σ_i |i⟩⊗√ρ|i⟩ reaches, less what rounding
 * can add. ρ may be any Hermitian matrix that is not 0; negative eigenvalues are taken for 0.
 */
export function lowerBound(backend: Backend, j: ComplexMatrix, rho: ComplexMatrix): number {
  const { values, vectors } = eigh(backend, rho);
  const weights = values.map((value) => Math.max(value, 0));
  const root = multiply(backend, scaleColumns(vectors, weights.map(Math.sqrt)), vectors, {
    opB: 'conjugate-transpose',
  });
  const image = hermitianPart(conjugateBy(backend, onInputs(j.rows / rho.rows, root), j));
  const reached = compensatedSum(eigenvaluesHermitian(backend, image).map(Math.abs)) / squaredNorm(root);
  return Math.max(0, reached - roundingBound(j));
}

/**
 * An upper bound of the diamond norm of a Hermitian J: λ_max(Tr_out Z) for any Z ≥ ±J, and for a Z that fails by ε that of Z + ε·1, with
 * what rounding can hide.
 */
export function upperBound(backend: Backend, j: ComplexMatrix, z: ComplexMatrix, d: number): number {
  const deficit = Math.max(0, ...[1, -1].map((sign) => -eigenvaluesHermitian(backend, combination(1, z, sign, j))[0]!));
  const largest = eigenvaluesHermitian(backend, traceOutput(z, d)).at(-1)!;
  return largest + (j.rows / d) * deficit + roundingBound(z) + roundingBound(j);
}

/** λ_max(Tr_out |J|) with what rounding can hide. */
export function absoluteBound(backend: Backend, j: ComplexMatrix, d: number): number {
  const { values, vectors } = eigh(backend, j);
  const absolute = hermitianPart(
    multiply(backend, scaleColumns(vectors, values.map(Math.abs)), vectors, { opB: 'conjugate-transpose' }),
  );
  return eigenvaluesHermitian(backend, traceOutput(absolute, d)).at(-1)! + 2 * roundingBound(j);
}
