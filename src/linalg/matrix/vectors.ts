/** Vectors of the host: arrays of f64, complex ones interleaved. Sums run in four lanes, i mod 4, added from the first to the last. */
import type { ComplexPair } from '../../backend/contract/dense.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import { fillUniform } from '../../core/philox.ts';
import { exponentOf, timesPowerOfTwo } from './powers-of-two.ts';

/** Sums of squares between these neither overflowed nor lost anything to underflow. */
const SMALLEST_SQUARE = 1e-270;
const LARGEST_SQUARE = 1e300;

/** ‖x‖₂, real or complex, free of overflow; NaN if x holds one. */
export function norm(x: Float64Array): number {
  const squares = sumOfSquares(x);
  if (squares >= SMALLEST_SQUARE && squares <= LARGEST_SQUARE) return Math.sqrt(squares);
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  const exponent = Math.max(exponentOf(largest), -1000);
  const unit = timesPowerOfTwo(1, -exponent);
  return timesPowerOfTwo(Math.sqrt(sumOfSquares(x.map((value) => value * unit))), exponent);
}

function sumOfSquares(x: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= x.length; i += 4) {
    const a = x[i]!;
    const b = x[i + 1]!;
    const c = x[i + 2]!;
    const d = x[i + 3]!;
    s0 += a * a;
    s1 += b * b;
    s2 += c * c;
    s3 += d * d;
  }
  for (; i < x.length; i++) s0 += x[i]! * x[i]!;
  return s0 + s1 + s2 + s3;
}

/** ⟨x, y⟩ = Σ x̄_i y_i. */
export function innerProduct(x: Float64Array, y: Float64Array, width: Width): ComplexPair {
  let re = 0;
  let im = 0;
  if (width === 1) {
    for (let i = 0; i < x.length; i++) re += x[i]! * y[i]!;
    return [re, 0];
  }
  for (let i = 0; i < x.length; i += 2) {
    re += x[i]! * y[i]! + x[i + 1]! * y[i + 1]!;
    im += x[i]! * y[i + 1]! - x[i + 1]! * y[i]!;
  }
  return [re, im];
}

/** y ← y + f x. */
export function addMultiple(y: Float64Array, [re, im]: ComplexPair, x: Float64Array, width: Width): void {
  if (width === 1) {
    for (let i = 0; i < y.length; i++) y[i] = y[i]! + re * x[i]!;
    return;
  }
  for (let i = 0; i < y.length; i += 2) {
    y[i] = y[i]! + (re * x[i]! - im * x[i + 1]!);
    y[i + 1] = y[i + 1]! + (re * x[i + 1]! + im * x[i]!);
  }
}

/** Index of the first element that is NaN or infinite, or −1. */
export function firstNonFinite(x: Float64Array): number {
  // 0·x is NaN exactly where x is not finite: one pass without a branch, in four lanes, tells the common case.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = x.length - (x.length % 4);
  let i = 0;
  for (; i < end; i += 4) {
    s0 += 0 * x[i]!;
    s1 += 0 * x[i + 1]!;
    s2 += 0 * x[i + 2]!;
    s3 += 0 * x[i + 3]!;
  }
  for (; i < x.length; i++) s0 += 0 * x[i]!;
  return s0 + s1 + s2 + s3 === 0 ? -1 : x.findIndex((value) => !Number.isFinite(value));
}

/** Uniform numbers in [−1, 1): those of a stream of the seed. */
export function randomVector(length: number, seed: bigint, stream: number): Float64Array {
  const x = new Float64Array(length);
  fillUniform(x, seed, BigInt(stream), 0, length);
  for (let i = 0; i < length; i++) x[i] = 2 * x[i]! - 1;
  return x;
}

/** Column k of a row-major array with `count` columns. */
export function columnOf(data: Float64Array, count: number, k: number, width: Width, target: Float64Array): void {
  for (let i = 0, at = k * width; i < target.length; i += width, at += count * width) {
    target[i] = data[at]!;
    if (width === 2) target[i + 1] = data[at + 1]!;
  }
}

export function setColumn(data: Float64Array, count: number, k: number, width: Width, column: Float64Array): void {
  for (let i = 0, at = k * width; i < column.length; i += width, at += count * width) {
    data[at] = column[i]!;
    if (width === 2) data[at + 1] = column[i + 1]!;
  }
}
