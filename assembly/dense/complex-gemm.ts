/**
 * C = α op(A) op(B) + β C over interleaved complex numbers. Mathematics: src/backend/ts/dense/complex-gemm.ts.
 *
 * Four real products at once: A is split into its real and imaginary parts, one above the other, a strip of B likewise, side by
 * side, and the real product of the two holds Re·Re, Re·Im, Im·Re and Im·Im. Work space: the split A, the split strip, their
 * product, the real product's own.
 */
import { at, put, seek } from '../layout';
import { LOWER, product, WHOLE } from './gemm';

/** Columns of C in a strip: narrow where only a triangle is wanted, because a strip is computed from its first row down. */
const STRIP: i32 = 256;
const TRIANGLE_STRIP: i32 = 64;

/** Complex number (i, j) of a row-major array whose rows hold `stride`. */
// @ts-ignore: decorator
@inline
export function complexAt(base: usize, i: i32, stride: i32, j: i32): usize {
  return base + ((<usize>i) * (<usize>stride) + (<usize>j)) * 16;
}

/** Element (i, j) of a row-major array of f64. */
// @ts-ignore: decorator
@inline
function realAt(base: usize, i: i32, stride: i32, j: i32): usize {
  return base + ((<usize>i) * (<usize>stride) + (<usize>j)) * 8;
}

/** Real parts to re[i][j], imaginary parts to im[i][j], the rows of both `step` apart. */
export function split(src: usize, stride: i32, rows: i32, columns: i32, re: usize, im: usize, step: i32): void {
  for (let i = 0; i < rows; i++) {
    const from = complexAt(src, i, stride, 0);
    const toRe = realAt(re, i, step, 0);
    const toIm = realAt(im, i, step, 0);
    let j = 0;
    for (; j + 2 <= columns; j += 2) {
      const x = v128.load(seek<f64>(from, 2 * j));
      const y = v128.load(seek<f64>(from, 2 * j), 16);
      v128.store(seek<f64>(toRe, j), v128.shuffle<f64>(x, y, 0, 2));
      v128.store(seek<f64>(toIm, j), v128.shuffle<f64>(x, y, 1, 3));
    }
    if (j < columns) {
      put<f64>(toRe, j, at<f64>(from, 2 * j));
      put<f64>(toIm, j, at<f64>(from, 2 * j + 1));
    }
  }
}

/** c = α s + β c with s = (rr − σ·ii) + i(ri·signB + ir·signA), σ = signA·signB, for one number; β = 0 does not read c. */
// @ts-ignore: decorator
@inline
export function combine(
  c: usize, rr: f64, ii: f64, ri: f64, ir: f64, signA: f64, signB: f64, alphaRe: f64, alphaIm: f64, betaRe: f64, betaIm: f64,
): void {
  const re = rr - signA * signB * ii;
  const im = signB * ri + signA * ir;
  let sumRe = alphaRe * re - alphaIm * im;
  let sumIm = alphaRe * im + alphaIm * re;
  if (betaRe != 0 || betaIm != 0) {
    const oldRe = at<f64>(c, 0);
    const oldIm = at<f64>(c, 1);
    sumRe += betaRe * oldRe - betaIm * oldIm;
    sumIm += betaRe * oldIm + betaIm * oldRe;
  }
  put<f64>(c, 0, sumRe);
  put<f64>(c, 1, sumIm);
}

/** Operations: 0 none, 1 transpose, 2 conjugate transpose. `part` LOWER leaves everything above the diagonal alone. */
export function complexProduct(
  opA: i32, opB: i32, m: i32, n: i32, k: i32, alphaRe: f64, alphaIm: f64, a: usize, lda: i32, b: usize, ldb: i32,
  betaRe: f64, betaIm: f64, c: usize, ldc: i32, part: i32, work: usize,
): void {
  const strip = min(part == LOWER ? TRIANGLE_STRIP : STRIP, n);
  const signA: f64 = opA == 2 ? -1 : 1;
  const signB: f64 = opB == 2 ? -1 : 1;
  const splitB = realAt(work, k, 2 * m, 0);
  const products = realAt(splitB, k, 2 * strip, 0);
  const rest = realAt(products, 2 * m, 2 * strip, 0);
  // op(A) is [Re; Im] with 2m rows: stored so, or, transposed, as [Re | Im] with 2m columns.
  if (opA == 0) split(a, lda, m, k, work, realAt(work, m, k, 0), k);
  else split(a, lda, k, m, work, realAt(work, 0, 0, m), 2 * m);
  const rowA = opA == 0 ? k : 1;
  const columnA = opA == 0 ? 1 : 2 * m;
  for (let jc = 0; jc < n; jc += strip) {
    const nc = min(strip, n - jc);
    if (opB == 0) split(complexAt(b, 0, ldb, jc), ldb, k, nc, splitB, realAt(splitB, 0, 0, nc), 2 * nc);
    else split(complexAt(b, jc, ldb, 0), ldb, nc, k, splitB, realAt(splitB, nc, k, 0), k);
    const rowB = opB == 0 ? 2 * nc : 1;
    const columnB = opB == 0 ? 1 : k;
    const first = part == LOWER ? min(jc, m) : 0;
    for (let half = 0; half < 2; half++) {
      const rows = seek<f64>(work, (half * m + first) * rowA);
      const to = realAt(products, half * m + first, 2 * nc, 0);
      product<f64>(m - first, 2 * nc, k, 1, rows, rowA, columnA, splitB, rowB, columnB, 0, to, 2 * nc, WHOLE, rest);
    }
    for (let i = first; i < m; i++) {
      const withRe = realAt(products, i, 2 * nc, 0);
      const withIm = realAt(products, m + i, 2 * nc, 0);
      const row = complexAt(c, i, ldc, jc);
      const width = part == LOWER ? min(nc, i - jc + 1) : nc;
      for (let j = 0; j < width; j++) {
        combine(
          seek<f64>(row, 2 * j), at<f64>(withRe, j), at<f64>(withIm, nc + j), at<f64>(withRe, nc + j), at<f64>(withIm, j),
          signA, signB, alphaRe, alphaIm, betaRe, betaIm,
        );
      }
    }
  }
}

export function complexGemm(
  opA: i32, opB: i32, m: i32, n: i32, k: i32, alphaRe: f64, alphaIm: f64, a: usize, lda: i32, b: usize, ldb: i32,
  betaRe: f64, betaIm: f64, c: usize, ldc: i32, work: usize,
): void {
  complexProduct(opA, opB, m, n, k, alphaRe, alphaIm, a, lda, b, ldb, betaRe, betaIm, c, ldc, WHOLE, work);
}
