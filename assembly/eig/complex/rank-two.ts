/** Fused row updates. Mathematics: src/backend/ts/eig/complex/rank-two.ts. A vector holds one complex number. */
import { put, seek } from '../../layout';

// @ts-ignore: decorator
@inline
function swapped(z: v128): v128 {
  return i64x2.shuffle(z, z, 1, 0);
}

/** (a, b) as a vector. */
// @ts-ignore: decorator
@inline
function pair(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

export function updateRow(
  a: usize, p: i32, count: i32,
  vr: f64, vi: f64, w: usize, ow: i32,
  yr: f64, yi: f64, v: usize, ov: i32,
  xr: f64, xi: f64, next: usize, on: i32,
  u: usize, ou: i32, y: usize, oy: i32,
): void {
  const nuR = f64x2.splat(vr);
  const nuI = pair(-vi, vi);
  const etaR = pair(yr, -yr);
  const etaI = f64x2.splat(yi);
  const xiR = f64x2.splat(xr);
  const xiI = pair(xi, -xi);
  let re = f64x2.splat(0);
  let im = f64x2.splat(0);
  let pa = seek<f64>(a, p);
  let pw = seek<f64>(w, ow);
  let pv = seek<f64>(v, ov);
  let pn = seek<f64>(next, on);
  let pu = seek<f64>(u, ou);
  const end = pa + ((<usize>count) << 4);
  while (pa < end) {
    const wj = v128.load(pw);
    const vj = v128.load(pv);
    let row = f64x2.sub(v128.load(pa), f64x2.mul(nuR, wj));
    row = f64x2.sub(row, f64x2.mul(nuI, swapped(wj)));
    row = f64x2.sub(row, f64x2.mul(etaR, vj));
    row = f64x2.sub(row, f64x2.mul(etaI, swapped(vj)));
    v128.store(pa, row);
    const sum = f64x2.add(v128.load(pn), f64x2.mul(xiR, row));
    v128.store(pn, f64x2.add(sum, f64x2.mul(xiI, swapped(row))));
    re = f64x2.add(re, f64x2.mul(v128.load64_splat(pu), row));
    im = f64x2.add(im, f64x2.mul(v128.load64_splat(pu, 8), row));
    pa += 16;
    pw += 16;
    pv += 16;
    pn += 16;
    pu += 16;
  }
  put<f64>(y, oy, f64x2.extract_lane(re, 0) - f64x2.extract_lane(im, 1));
  put<f64>(y, oy + 1, f64x2.extract_lane(re, 1) + f64x2.extract_lane(im, 0));
}

export function updateFactor(
  a: usize, p: i32, count: i32,
  vr: f64, vi: f64, w: usize, ow: i32,
  xr: f64, xi: f64, next: usize, on: i32,
): void {
  const nuR = f64x2.splat(vr);
  const nuI = pair(-vi, vi);
  const xiR = f64x2.splat(xr);
  const xiI = pair(xi, -xi);
  let pa = seek<f64>(a, p);
  let pw = seek<f64>(w, ow);
  let pn = seek<f64>(next, on);
  const end = pa + ((<usize>count) << 4);
  while (pa < end) {
    const wj = v128.load(pw);
    let row = f64x2.sub(v128.load(pa), f64x2.mul(nuR, wj));
    row = f64x2.sub(row, f64x2.mul(nuI, swapped(wj)));
    v128.store(pa, row);
    const sum = f64x2.add(v128.load(pn), f64x2.mul(xiR, row));
    v128.store(pn, f64x2.add(sum, f64x2.mul(xiI, swapped(row))));
    pa += 16;
    pw += 16;
    pn += 16;
  }
}
