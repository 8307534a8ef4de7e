/** Products, sums and norms of n×n matrices. Mathematics: src/backend/ts/functions/square-matrices.ts. */
import { complexProduct } from '../dense/complex-gemm';
import { product, WHOLE } from '../dense/gemm';
import { modulus } from '../eig/complex/scalar';
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { weightedSum } from './weighted-sum';

const SMALLEST: f64 = 1e-140;
const LARGEST: f64 = 1e140;

/** Never inlined: the product's body is large. */
export function multiply(width: i32, n: i32, a: usize, b: usize, beta: f64, c: usize, work: usize): void {
  if (width == 1) product<f64>(n, n, n, 1, a, n, 1, b, n, 1, beta, c, n, WHOLE, work);
  else complexProduct(0, 0, n, n, n, 1, 0, a, n, b, n, beta, 0, c, n, WHOLE, work);
}

/** `gathered` takes the coefficients. */
export function everySecond(b: usize, first: i32, count: i32, length: i32, x: usize, y: usize, gathered: usize): void {
  for (let k = 0; k < count; k++) put<f64>(gathered, k, at<f64>(b, first + 2 * k));
  weightedSum(count, length, gathered, x, length, y);
}

export function scale(length: i32, factor: f64, a: usize): void {
  const factors = f64x2.splat(factor);
  let i = 0;
  for (; i + 2 <= length; i += 2) putVector<f64>(a, i, f64x2.mul(vectorAt<f64>(a, i), factors));
  if (i < length) put<f64>(a, i, at<f64>(a, i) * factor);
}

export function addToDiagonal(width: i32, n: i32, value: f64, a: usize): void {
  for (let i = 0; i < n; i++) {
    const place = seek<f64>(rowOf<f64>(a, i, n * width), i * width);
    put<f64>(place, 0, at<f64>(place, 0) + value);
  }
}

export function normOne(width: i32, n: i32, a: usize, sums: usize): f64 {
  memory.fill(sums, 0, (<usize>n) * 8);
  for (let i = 0; i < n; i++) {
    const row = rowOf<f64>(a, i, n * width);
    if (width == 1) addSizes(n, row, sums);
    else addComplexSizes(n, row, sums);
  }
  const norm = largestOf(n, sums);
  if (width == 1 || (norm >= SMALLEST && norm <= LARGEST)) return norm;
  memory.fill(sums, 0, (<usize>n) * 8);
  for (let i = 0; i < n; i++) {
    const row = rowOf<f64>(a, i, n * width);
    for (let j = 0; j < n; j++) put<f64>(sums, j, at<f64>(sums, j) + modulus(at<f64>(row, 2 * j), at<f64>(row, 2 * j + 1)));
  }
  return largestOf(n, sums);
}

function addSizes(n: i32, row: usize, sums: usize): void {
  let j = 0;
  for (; j + 2 <= n; j += 2) putVector<f64>(sums, j, f64x2.add(vectorAt<f64>(sums, j), f64x2.abs(vectorAt<f64>(row, j))));
  if (j < n) put<f64>(sums, j, at<f64>(sums, j) + abs<f64>(at<f64>(row, j)));
}

function addComplexSizes(n: i32, row: usize, sums: usize): void {
  let j = 0;
  for (; j + 2 <= n; j += 2) {
    const x = vectorAt<f64>(row, 2 * j);
    const y = vectorAt<f64>(row, 2 * j + 2);
    const re = v128.shuffle<f64>(x, y, 0, 2);
    const im = v128.shuffle<f64>(x, y, 1, 3);
    const sizes = f64x2.sqrt(f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im)));
    putVector<f64>(sums, j, f64x2.add(vectorAt<f64>(sums, j), sizes));
  }
  if (j < n) {
    const re = at<f64>(row, 2 * j);
    const im = at<f64>(row, 2 * j + 1);
    put<f64>(sums, j, at<f64>(sums, j) + sqrt<f64>(re * re + im * im));
  }
}

function largestOf(n: i32, sums: usize): f64 {
  let norm: f64 = 0;
  for (let j = 0; j < n; j++) if (at<f64>(sums, j) > norm) norm = at<f64>(sums, j);
  return norm;
}
