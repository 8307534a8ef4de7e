import type { Backend } from '../../backend/backend.ts';
import { eig } from '../eigen/eig.ts';
import { Matrix } from '../matrix/matrix.ts';
import { norm } from '../matrix/vectors.ts';
import { leastSquares } from './least-squares.ts';

/** p(t)/q(t), coefficients from the constant on; q(0) = 1. */
export interface Rational {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Padé approximant [L/M] of a power series b_0 + b_1 t + … + b_n t^n, M = ⌊n/2⌋ and L = n − M. Where the equations of the denominator
 * are singular to the `noise` of the coefficients, M is lowered to their rank, which takes out pairs of a pole and a zero that cancel.
 *
 * @source G. A. Baker, P. Graves-Morris, Padé Approximants (1996), §1.1; lowering the degree: P. Gonnet, S. Güttel, L. N. Trefethen, SIAM Rev. 55 (2013) 101.
 */
export function pade(backend: Backend, series: Float64Array, noise: Float64Array): Rational {
  const n = series.length - 1;
  let M = Math.floor(n / 2);
  const L = n - M;
  const at = (k: number) => (k < 0 ? 0 : series[k]!);
  let tail = new Float64Array(0);
  while (M > 0) {
    // Σ_{j=1}^{M} q_j b_{i−j} = −b_i for i = L+1 … n.
    const equations = Array.from({ length: n - L }, (_, row) => L + 1 + row);
    const columns = Array.from({ length: M }, (_, j) => Float64Array.from(equations, (i) => at(i - j - 1)));
    const { x, rank } = leastSquares(
      backend,
      columns,
      Float64Array.from(equations, (i) => -at(i)),
      norm(Float64Array.from(columns.flatMap((_, j) => equations.map((i) => noise[i - j - 1] ?? 0)))),
    );
    tail = Float64Array.from(x);
    if (rank === M) break;
    M = rank;
    tail = new Float64Array(0);
  }
  const denominator = Float64Array.from([1, ...tail]);
  const numerator = Float64Array.from({ length: L + 1 }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < denominator.length; j++) sum += denominator[j]! * at(i - j);
    return sum;
  });
  return { numerator, denominator };
}

/** Σ c_k t^k by Horner's rule. */
export function polynomialAt(coefficients: Float64Array, t: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * t + coefficients[k]!;
  return sum;
}

/** A root whose argument is smaller than this counts as real: a double root splits by about √u, and integrals past a closer one lose digits. */
const REAL_ANGLE = 1e-4;

/** The smallest real root t > 0 of Σ c_k t^k with c_0 = 1, or null: 1/t is an eigenvalue of the companion matrix of the reversed polynomial. */
export function positiveRoot(backend: Backend, coefficients: Float64Array): number | null {
  const n = coefficients.length - 1;
  const companion = new Matrix(n, n);
  for (let k = 0; k < n; k++) {
    companion.data[k] = -coefficients[k + 1]!;
    if (k + 1 < n) companion.data[(k + 1) * n + k] = 1;
  }
  const { values } = eig(backend, companion);
  let inverse = 0;
  for (let k = 0; k < n; k++) {
    const [re, im] = [values[2 * k]!, values[2 * k + 1]!];
    if (re > inverse && Math.abs(im) <= REAL_ANGLE * re) inverse = re;
  }
  return inverse === 0 ? null : 1 / inverse;
}
