import type { Backend } from '../backend/backend.ts';
import { inNameOf } from '../core/errors.ts';
import { modulus } from '../math/complex-pairs.ts';
import { checkFiniteMatrix, widthOf } from './matrix/arguments.ts';
import type { AnyMatrix } from './matrix/matrix.ts';
import { exponentOf, timesPowerOfTwo } from './matrix/powers-of-two.ts';
import { singularValues } from './svd/svd.ts';

/**
 * ‖a‖₁ = max_j Σ_i |a_ij|, the largest column sum; 0 for an empty matrix, ∞ if it overflows.
 *
 * @throws NonFiniteError naming the first element that is not finite.
 * @accuracy relative (m+4)·u for m rows.
 * @cost one pass.
 * @example
 * norm1(Matrix.fromRows([[1, -2], [3, 4]])); // 6
 */
export function norm1(a: AnyMatrix): number {
  checkFiniteMatrix('norm1', 'a', a);
  return largest(columnSums(a.data, a.rows, a.columns, a.columns, widthOf(a)));
}

/**
 * ‖a‖_∞ = max_i Σ_j |a_ij|, the largest row sum. Otherwise as {@link norm1}.
 *
 * @throws NonFiniteError. @accuracy relative (n+4)·u for n columns. @cost one pass.
 * @example
 * normInfinity(Matrix.fromRows([[1, -2], [3, 4]])); // 7
 */
export function normInfinity(a: AnyMatrix): number {
  checkFiniteMatrix('normInfinity', 'a', a);
  const width = widthOf(a);
  let norm = 0;
  for (let i = 0; i < a.rows; i++) {
    let sum = 0;
    for (let j = 0; j < a.columns; j++) sum += sizeAt(a.data, (i * a.columns + j) * width, width);
    norm = Math.max(norm, sum);
  }
  return norm;
}

/**
 * ‖a‖_F = √Σ|a_ij|², free of overflow and underflow on the way.
 *
 * @throws NonFiniteError. @accuracy relative (mn+4)·u. @cost two passes.
 * @example
 * normFrobenius(Matrix.fromRows([[3, 0], [0, 4]])); // 5
 */
export function normFrobenius(a: AnyMatrix): number {
  checkFiniteMatrix('normFrobenius', 'a', a);
  let high = 0;
  for (const value of a.data) high = Math.max(high, Math.abs(value));
  if (high === 0) return 0;
  const exponent = exponentOf(high);
  const [first, second] = [timesPowerOfTwo(1, -(exponent >> 1)), timesPowerOfTwo(1, (exponent >> 1) - exponent)];
  let sum = 0;
  for (const value of a.data) {
    const x = value * first * second;
    sum += x * x;
  }
  return timesPowerOfTwo(Math.sqrt(sum), exponent);
}

/**
 * ‖a‖₂ = σ_max(a), the largest singular value; 0 for an empty matrix.
 *
 * @throws what {@link singularValues} throws. @accuracy 8·max(m, n)·u relative. @cost that of the singular values.
 * @example
 * norm2(backend, Matrix.fromRows([[0, 2], [0, 0]])); // 2
 */
export function norm2(backend: Backend, a: AnyMatrix): number {
  return inNameOf('norm2', () => singularValues(backend, a))[0] ?? 0;
}

/** Σ_i |x_ij| of each column j of numbers with rows `ld` elements apart. */
export function columnSums(x: Float64Array, rows: number, columns: number, ld: number, width: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const row = i * ld * width;
    for (let j = 0; j < columns; j++) sums[j]! += sizeAt(x, row + j * width, width);
  }
  return sums;
}

/** |x| of the number at `at`. */
export function sizeAt(x: Float64Array, at: number, width: number): number {
  return width === 1 ? Math.abs(x[at]!) : modulus(x[at]!, x[at + 1]!);
}

/** z/|z| of every element, 1 for 0. */
export function signsOf(x: Float64Array, width: number): Float64Array {
  const signs = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    const size = sizeAt(x, at, width);
    signs[at] = size === 0 ? 1 : x[at]! / size;
    if (width === 2 && size !== 0) signs[at + 1] = x[at + 1]! / size;
  }
  return signs;
}

/** The largest of numbers that are not negative, 0 for none. */
export function largest(values: Float64Array): number {
  let high = 0;
  for (const value of values) high = Math.max(high, value);
  return high;
}
