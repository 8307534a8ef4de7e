/**
 * y = α op(A) x + β y. Mathematics: src/backend/ts/dense/gemv.ts. Eight sums at a time: rows two to a vector (two numbers of
 * each row are loaded and unzipped), or, for the transpose, sixteen columns in eight vectors.
 */
import { at, put, seek, vectorAt } from '../layout';
import { element } from './pack';
import { multiplyAddF64 } from '../simd';

// @ts-ignore: decorator
@inline
function finish(y: usize, i: i32, sum: f64, alpha: f64, beta: f64): void {
  put<f64>(y, i, beta == 0 ? alpha * sum : alpha * sum + beta * at<f64>(y, i));
}

// @ts-ignore: decorator
@inline
function finishPair(y: usize, i: i32, sums: v128, alpha: f64, beta: f64): void {
  finish(y, i, f64x2.extract_lane(sums, 0), alpha, beta);
  finish(y, i + 1, f64x2.extract_lane(sums, 1), alpha, beta);
}

/** Adds columns p and p+1 of rows r and r+1 to a pair of sums. */
// @ts-ignore: decorator
@inline
function twoByTwo(r0: usize, r1: usize, x0: v128, x1: v128, sums: v128): v128 {
  const u = v128.load(r0);
  const v = v128.load(r1);
  sums = multiplyAddF64(v128.shuffle<f64>(u, v, 0, 2), x0, sums);
  return multiplyAddF64(v128.shuffle<f64>(u, v, 1, 3), x1, sums);
}

// @ts-ignore: decorator
@inline
function pairOf(r0: usize, r1: usize): v128 {
  return f64x2.replace_lane(v128.load64_splat(r0), 1, load<f64>(r1));
}

function sixRows(n: i32, a: usize, lda: i32, x: usize, y: usize, alpha: f64, beta: f64): void {
  const step = (<usize>lda) * 8;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0);
  let r = a;
  let p = 0;
  for (; p + 2 <= n; p += 2) {
    const x0 = v128.load64_splat(seek<f64>(x, p));
    const x1 = v128.load64_splat(seek<f64>(x, p + 1));
    s0 = twoByTwo(r, r + step, x0, x1, s0);
    s1 = twoByTwo(r + 2 * step, r + 3 * step, x0, x1, s1);
    s2 = twoByTwo(r + 4 * step, r + 5 * step, x0, x1, s2);
    r += 16;
  }
  if (p < n) {
    const x0 = v128.load64_splat(seek<f64>(x, p));
    s0 = multiplyAddF64(pairOf(r, r + step), x0, s0);
    s1 = multiplyAddF64(pairOf(r + 2 * step, r + 3 * step), x0, s1);
    s2 = multiplyAddF64(pairOf(r + 4 * step, r + 5 * step), x0, s2);
  }
  finishPair(y, 0, s0, alpha, beta);
  finishPair(y, 2, s1, alpha, beta);
  finishPair(y, 4, s2, alpha, beta);
}

function twelveColumns(m: i32, a: usize, lda: i32, x: usize, y: usize, alpha: f64, beta: f64): void {
  const step = (<usize>lda) * 8;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0), s5 = f64x2.splat(0);
  const end = seek<f64>(x, m);
  while (x < end) {
    const xp = v128.load64_splat(x);
    s0 = multiplyAddF64(v128.load(a), xp, s0);
    s1 = multiplyAddF64(v128.load(a, 16), xp, s1);
    s2 = multiplyAddF64(v128.load(a, 32), xp, s2);
    s3 = multiplyAddF64(v128.load(a, 48), xp, s3);
    s4 = multiplyAddF64(v128.load(a, 64), xp, s4);
    s5 = multiplyAddF64(v128.load(a, 80), xp, s5);
    a += step;
    x += 8;
  }
  finishPair(y, 0, s0, alpha, beta);
  finishPair(y, 2, s1, alpha, beta);
  finishPair(y, 4, s2, alpha, beta);
  finishPair(y, 6, s3, alpha, beta);
  finishPair(y, 8, s4, alpha, beta);
  finishPair(y, 10, s5, alpha, beta);
}

/** Two columns over m rows `step` bytes apart. */
function twoColumns(m: i32, a: usize, lda: i32, x: usize, y: usize, alpha: f64, beta: f64): void {
  let sums = f64x2.splat(0);
  for (let p = 0; p < m; p++) {
    sums = multiplyAddF64(vectorAt<f64>(element<f64>(a, p, lda, 0, 0), 0), v128.load64_splat(seek<f64>(x, p)), sums);
  }
  finishPair(y, 0, sums, alpha, beta);
}

/** One element of y: n numbers of A, `step` elements apart. */
// @ts-ignore: decorator
@inline
function one(n: i32, a: usize, step: i32, x: usize, y: usize, alpha: f64, beta: f64): void {
  // In one lane of a vector, so that the relaxed binary fuses here as everywhere.
  let sum = f64x2.splat(0);
  for (let p = 0; p < n; p++) {
    sum = multiplyAddF64(v128.load64_splat(element<f64>(a, 0, 0, p, step)), v128.load64_splat(seek<f64>(x, p)), sum);
  }
  finish(y, 0, f64x2.extract_lane(sum, 0), alpha, beta);
}

/** A is stored m×n; y has m elements, or n for the transpose. */
export function gemv(transpose: i32, m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize): void {
  let i = 0;
  if (transpose) {
    for (; i + 12 <= n; i += 12) twelveColumns(m, seek<f64>(a, i), lda, x, seek<f64>(y, i), alpha, beta);
    for (; i + 2 <= n; i += 2) twoColumns(m, seek<f64>(a, i), lda, x, seek<f64>(y, i), alpha, beta);
    for (; i < n; i++) one(m, seek<f64>(a, i), lda, x, seek<f64>(y, i), alpha, beta);
  } else {
    for (; i + 6 <= m; i += 6) sixRows(n, element<f64>(a, i, lda, 0, 0), lda, x, seek<f64>(y, i), alpha, beta);
    for (; i < m; i++) one(n, element<f64>(a, i, lda, 0, 0), 1, x, seek<f64>(y, i), alpha, beta);
  }
}
