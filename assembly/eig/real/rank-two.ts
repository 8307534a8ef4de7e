/** Fused row updates. Mathematics: src/backend/ts/eig/real/rank-two.ts. A vector holds two neighbouring elements. */
import { at, put, seek } from '../../layout';

export function updateRow(
  a: usize, p: i32, count: i32, nu: f64, w: usize, ow: i32, eta: f64, v: usize, ov: i32,
  x: f64, next: usize, on: i32, u: usize, ou: i32, y: usize, oy: i32,
): void {
  const nus = f64x2.splat(nu);
  const etas = f64x2.splat(eta);
  const xs = f64x2.splat(x);
  let sums = f64x2.splat(0);
  let pa = seek<f64>(a, p);
  let pw = seek<f64>(w, ow);
  let pv = seek<f64>(v, ov);
  let pn = seek<f64>(next, on);
  let pu = seek<f64>(u, ou);
  const end = pa + ((<usize>(count >> 1)) << 4);
  while (pa < end) {
    let row = f64x2.sub(v128.load(pa), f64x2.mul(nus, v128.load(pw)));
    row = f64x2.sub(row, f64x2.mul(etas, v128.load(pv)));
    v128.store(pa, row);
    v128.store(pn, f64x2.add(v128.load(pn), f64x2.mul(xs, row)));
    sums = f64x2.add(sums, f64x2.mul(v128.load(pu), row));
    pa += 16;
    pw += 16;
    pv += 16;
    pn += 16;
    pu += 16;
  }
  let even = f64x2.extract_lane(sums, 0);
  if ((count & 1) != 0) {
    const row = at<f64>(pa, 0) - nu * at<f64>(pw, 0) - eta * at<f64>(pv, 0);
    put<f64>(pa, 0, row);
    put<f64>(pn, 0, at<f64>(pn, 0) + x * row);
    even += at<f64>(pu, 0) * row;
  }
  put<f64>(y, oy, even + f64x2.extract_lane(sums, 1));
}

export function updateFactor(a: usize, p: i32, count: i32, nu: f64, w: usize, ow: i32, x: f64, next: usize, on: i32): void {
  const nus = f64x2.splat(nu);
  const xs = f64x2.splat(x);
  let pa = seek<f64>(a, p);
  let pw = seek<f64>(w, ow);
  let pn = seek<f64>(next, on);
  const end = pa + ((<usize>(count >> 1)) << 4);
  while (pa < end) {
    const row = f64x2.sub(v128.load(pa), f64x2.mul(nus, v128.load(pw)));
    v128.store(pa, row);
    v128.store(pn, f64x2.add(v128.load(pn), f64x2.mul(xs, row)));
    pa += 16;
    pw += 16;
    pn += 16;
  }
  if ((count & 1) != 0) {
    const row = at<f64>(pa, 0) - nu * at<f64>(pw, 0);
    put<f64>(pa, 0, row);
    put<f64>(pn, 0, at<f64>(pn, 0) + x * row);
  }
}
