/**
 * One triangular solve for eight points. Mathematics: src/backend/ts/resolvent/substitution.ts. The elements of the triangle are
 * the same for all points, so each is loaded once for eight; the sums of a row stay in eight registers.
 */
import { rowOf } from '../layout';
import { multiplyAddF64, multiplySubtractF64 } from '../simd';
import { LANES, ROW } from './lanes';

const ROW_BYTES: i32 = 8 * ROW;
const IMAGINARY: i32 = 8 * LANES;

/** Row i of a panel. */
// @ts-ignore: decorator
@inline
function panelRow(panel: usize, i: i32): usize {
  return rowOf<f64>(panel, i, ROW);
}

/** Numbers of two points: x = s·e, y ← x − ratio·y, norm += |y|². `at` is the byte offset of the two points in a row. */
// @ts-ignore: decorator
@inline
function finish(sr: v128, si: v128, e: usize, sign: v128, x: usize, y: usize, ratios: usize, norms: usize): void {
  const er = v128.load(e);
  const ei = f64x2.mul(v128.load(e, IMAGINARY), sign);
  const xr = multiplySubtractF64(si, ei, f64x2.mul(sr, er));
  const xi = multiplyAddF64(si, er, f64x2.mul(sr, ei));
  v128.store(x, xr);
  v128.store(x, xi, IMAGINARY);
  const ratio = v128.load(ratios);
  const yr = multiplySubtractF64(ratio, v128.load(y), xr);
  const yi = multiplySubtractF64(ratio, v128.load(y, IMAGINARY), xi);
  v128.store(y, yr);
  v128.store(y, yi, IMAGINARY);
  v128.store(norms, multiplyAddF64(yi, yi, multiplyAddF64(yr, yr, v128.load(norms))));
}

/** Rows in the order 0, 1, … if `down`, else n−1, n−2, …; the diagonal is conjugated if `down`. */
export function substitute(
  down: bool, n: i32, triangle: usize, reciprocals: usize, x: usize, b: usize, scales: usize, y: usize, ratios: usize, norms: usize,
): void {
  const sign = f64x2.splat(down ? -1 : 1);
  const first = down ? 0 : n - 1;
  const step: isize = down ? ROW_BYTES : -ROW_BYTES;
  const across: isize = down ? 16 : -16;
  const known = panelRow(x, first);
  memory.fill(norms, 0, 8 * LANES);
  for (let p = 0; p < n; p++) {
    const i = down ? p : n - 1 - p;
    const right = panelRow(b, i);
    let scale = v128.load(scales);
    let sr0 = f64x2.mul(scale, v128.load(right));
    let si0 = f64x2.mul(scale, v128.load(right, 64));
    scale = v128.load(scales, 16);
    let sr1 = f64x2.mul(scale, v128.load(right, 16));
    let si1 = f64x2.mul(scale, v128.load(right, 80));
    scale = v128.load(scales, 32);
    let sr2 = f64x2.mul(scale, v128.load(right, 32));
    let si2 = f64x2.mul(scale, v128.load(right, 96));
    scale = v128.load(scales, 48);
    let sr3 = f64x2.mul(scale, v128.load(right, 48));
    let si3 = f64x2.mul(scale, v128.load(right, 112));
    let m = rowOf<f64>(triangle, i, 2 * n) + (<usize>first) * 16;
    let from = known;
    const end = panelRow(x, i);
    while (from != end) {
      const mr = v128.load64_splat(m);
      const mi = v128.load64_splat(m, 8);
      let xr = v128.load(from);
      let xi = v128.load(from, 64);
      sr0 = multiplySubtractF64(mi, xi, multiplyAddF64(mr, xr, sr0));
      si0 = multiplyAddF64(mi, xr, multiplyAddF64(mr, xi, si0));
      xr = v128.load(from, 16);
      xi = v128.load(from, 80);
      sr1 = multiplySubtractF64(mi, xi, multiplyAddF64(mr, xr, sr1));
      si1 = multiplyAddF64(mi, xr, multiplyAddF64(mr, xi, si1));
      xr = v128.load(from, 32);
      xi = v128.load(from, 96);
      sr2 = multiplySubtractF64(mi, xi, multiplyAddF64(mr, xr, sr2));
      si2 = multiplyAddF64(mi, xr, multiplyAddF64(mr, xi, si2));
      xr = v128.load(from, 48);
      xi = v128.load(from, 112);
      sr3 = multiplySubtractF64(mi, xi, multiplyAddF64(mr, xr, sr3));
      si3 = multiplyAddF64(mi, xr, multiplyAddF64(mr, xi, si3));
      m += across;
      from += step;
    }
    const e = panelRow(reciprocals, i);
    const target = panelRow(y, i);
    finish(sr0, si0, e, sign, end, target, ratios, norms);
    finish(sr1, si1, e + 16, sign, end + 16, target + 16, ratios + 16, norms + 16);
    finish(sr2, si2, e + 32, sign, end + 32, target + 32, ratios + 32, norms + 32);
    finish(sr3, si3, e + 48, sign, end + 48, target + 48, ratios + 48, norms + 48);
  }
}
