/** Products, sums and norms of n×n matrices that lie one behind the other, real (width 1) or complex (width 2, interleaved). */
import { modulus } from '../../../math/complex-pairs.ts';
import type { Width } from '../../contract/hermitian.ts';
import { complexProduct } from '../dense/complex-gemm.ts';
import { product } from '../dense/gemm.ts';
import { weightedSum } from './weighted-sum.ts';

/** Norms between these were found without overflow, and without underflow that counts. */
const SMALLEST = 1e-140;
const LARGEST = 1e140;

/** C = A B + β C. */
export function multiply(
  width: Width,
  n: number,
  a: Float64Array,
  b: Float64Array,
  beta: number,
  c: Float64Array,
  work: Float64Array,
): void {
  if (width === 1) product(n, n, n, 1, a, n, 1, b, n, 1, beta, c, n, false);
  else complexProduct(0, 0, n, n, n, [1, 0], a, n, b, n, [beta, 0], c, n, false, work);
}

/** y = Σ_k b_{first+2k} x_k over the matrices x_0, x_1, … and the `count` coefficients from `first` on, every second one. */
export function everySecond(
  b: readonly number[],
  first: number,
  count: number,
  length: number,
  x: Float64Array,
  y: Float64Array,
): void {
  const coefficients = Float64Array.from({ length: count }, (_, k) => b[first + 2 * k]!);
  weightedSum(count, length, coefficients, x, length, y);
}

/** A ← factor·A. */
export function scale(length: number, factor: number, a: Float64Array): void {
  for (let i = 0; i < length; i++) a[i] = a[i]! * factor;
}

/** A ← A + value·1. */
export function addToDiagonal(width: Width, n: number, value: number, a: Float64Array): void {
  for (let i = 0; i < n; i++) a[i * (n + 1) * width] = a[i * (n + 1) * width]! + value;
}

/** ‖A‖₁; `sums` holds n numbers. Complex sizes are √(re² + im²), and free of overflow where that is not good enough. */
export function normOne(width: Width, n: number, a: Float64Array, sums: Float64Array): number {
  const size = (at: number): number =>
    width === 1 ? Math.abs(a[at]!) : Math.sqrt(a[at]! * a[at]! + a[at + 1]! * a[at + 1]!);
  const norm = largestColumn(width, n, size, sums);
  if (width === 1 || (norm >= SMALLEST && norm <= LARGEST)) return norm;
  return largestColumn(width, n, (at) => modulus(a[at]!, a[at + 1]!), sums);
}

function largestColumn(width: Width, n: number, size: (at: number) => number, sums: Float64Array): number {
  sums.fill(0, 0, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sums[j] = sums[j]! + size((i * n + j) * width);
  }
  let norm = 0;
  for (let j = 0; j < n; j++) if (sums[j]! > norm) norm = sums[j]!;
  return norm;
}
