/**
 * One triangular solve for four points. Mathematics: src/backend/ts/resolvent/substitution.ts. The elements of the triangle are
 * the same for all points, so each is loaded once for four. Eight sums and six loads fill the registers: with twice the points,
 * or with two products in one sum, Node 20 spills or waits, 14 and 17 GFLOP/s against 22.
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

/** Numbers of two points: x = s·e, y ← x − ratio·y, norm += |y|².  */
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
    const scale0 = v128.load(scales);
    const scale1 = v128.load(scales, 16);
    let rr0 = f64x2.mul(scale0, v128.load(right));
    let rr1 = f64x2.mul(scale1, v128.load(right, 16));
    let ri0 = f64x2.mul(scale0, v128.load(right, IMAGINARY));
    let ri1 = f64x2.mul(scale1, v128.load(right, IMAGINARY + 16));
    let ii0 = f64x2.splat(0);
    let ii1 = f64x2.splat(0);
    let ir0 = f64x2.splat(0);
    let ir1 = f64x2.splat(0);
    let m = rowOf<f64>(triangle, i, 2 * n) + (<usize>first) * 16;
    let from = known;
    const end = panelRow(x, i);
    while (from != end) {
      const xr0 = v128.load(from);
      const xr1 = v128.load(from, 16);
      const xi0 = v128.load(from, IMAGINARY);
      const xi1 = v128.load(from, IMAGINARY + 16);
      let part = v128.load64_splat(m);
      rr0 = multiplyAddF64(part, xr0, rr0);
      rr1 = multiplyAddF64(part, xr1, rr1);
      ri0 = multiplyAddF64(part, xi0, ri0);
      ri1 = multiplyAddF64(part, xi1, ri1);
      part = v128.load64_splat(m, 8);
      ii0 = multiplyAddF64(part, xi0, ii0);
      ii1 = multiplyAddF64(part, xi1, ii1);
      ir0 = multiplyAddF64(part, xr0, ir0);
      ir1 = multiplyAddF64(part, xr1, ir1);
      m += across;
      from += step;
    }
    const e = panelRow(reciprocals, i);
    const target = panelRow(y, i);
    finish(f64x2.sub(rr0, ii0), f64x2.add(ri0, ir0), e, sign, end, target, ratios, norms);
    finish(f64x2.sub(rr1, ii1), f64x2.add(ri1, ir1), e + 16, sign, end + 16, target + 16, ratios + 16, norms + 16);
  }
}
