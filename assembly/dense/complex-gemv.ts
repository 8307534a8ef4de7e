/**
 * y = α op(A) x + β y over interleaved complex numbers. Mathematics: src/backend/ts/dense/complex-gemv.ts. A number of A times
 * (x.re, x.im) gives Re·Re and Im·Im, times (x.im, x.re) the mixed products: two vectors of sums per element of y, four
 * elements at a time.
 */
import { multiplyAddF64 } from '../simd';
import { complexAt, combine } from './complex-gemm';

// @ts-ignore: decorator
@inline
function finish(
  y: usize, straight: v128, crossed: v128, sign: f64, alphaRe: f64, alphaIm: f64, betaRe: f64, betaIm: f64,
): void {
  combine(
    y, f64x2.extract_lane(straight, 0), f64x2.extract_lane(straight, 1),
    f64x2.extract_lane(crossed, 0), f64x2.extract_lane(crossed, 1), sign, 1, alphaRe, alphaIm, betaRe, betaIm,
  );
}

/** `count` (1 or 4, a literal) elements of y, their numbers of A `row` bytes apart; the sum steps by `column` bytes. */
// @ts-ignore: decorator
@inline
function sums(
  count: i32, length: i32, a: usize, row: usize, column: usize, x: usize, y: usize, sign: f64,
  alphaRe: f64, alphaIm: f64, betaRe: f64, betaIm: f64,
): void {
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let t0 = f64x2.splat(0), t1 = f64x2.splat(0), t2 = f64x2.splat(0), t3 = f64x2.splat(0);
  const end = complexAt(x, 0, 0, length);
  while (x < end) {
    const xp = v128.load(x);
    const swapped = v128.shuffle<f64>(xp, xp, 1, 0);
    let v = v128.load(a);
    s0 = multiplyAddF64(v, xp, s0);
    t0 = multiplyAddF64(v, swapped, t0);
    if (count > 1) {
      v = v128.load(a + row);
      s1 = multiplyAddF64(v, xp, s1);
      t1 = multiplyAddF64(v, swapped, t1);
      v = v128.load(a + 2 * row);
      s2 = multiplyAddF64(v, xp, s2);
      t2 = multiplyAddF64(v, swapped, t2);
      v = v128.load(a + 3 * row);
      s3 = multiplyAddF64(v, xp, s3);
      t3 = multiplyAddF64(v, swapped, t3);
    }
    a += column;
    x += 16;
  }
  finish(y, s0, t0, sign, alphaRe, alphaIm, betaRe, betaIm);
  if (count > 1) {
    finish(y + 16, s1, t1, sign, alphaRe, alphaIm, betaRe, betaIm);
    finish(y + 32, s2, t2, sign, alphaRe, alphaIm, betaRe, betaIm);
    finish(y + 48, s3, t3, sign, alphaRe, alphaIm, betaRe, betaIm);
  }
}

/** A is stored m×n; operations: 0 none, 1 transpose, 2 conjugate transpose. */
export function complexGemv(
  op: i32, m: i32, n: i32, alphaRe: f64, alphaIm: f64, a: usize, lda: i32, x: usize, betaRe: f64, betaIm: f64, y: usize,
): void {
  const count = op == 0 ? m : n;
  const length = op == 0 ? n : m;
  const row = complexAt(0, 1, op == 0 ? lda : 1, 0);
  const column = complexAt(0, 1, op == 0 ? 1 : lda, 0);
  const sign: f64 = op == 2 ? -1 : 1;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    sums(4, length, a + (<usize>i) * row, row, column, x, complexAt(y, 0, 0, i), sign, alphaRe, alphaIm, betaRe, betaIm);
  }
  for (; i < count; i++) {
    sums(1, length, a + (<usize>i) * row, row, column, x, complexAt(y, 0, 0, i), sign, alphaRe, alphaIm, betaRe, betaIm);
  }
}
