/** Fused row updates. Mathematics: src/backend/ts/eig/complex/rank-two.ts. A vector holds one complex number; four
 * rows stay in the cache while each of the three steps passes over them. */
import { at, put, seek } from '../../layout';
import { dots } from './dots';

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

/** One row of {@link updateRows}. */
function updateRow(pa: usize, count: i32, nu: usize, pv: usize, x: usize, pu: usize, pw: usize, pn: usize, eta: usize): void {
  const nuR = v128.load64_splat(nu);
  const nuI = pair(-at<f64>(nu, 1), at<f64>(nu, 1));
  const etaR = pair(at<f64>(eta, 0), -at<f64>(eta, 0));
  const etaI = v128.load64_splat(eta, 8);
  const xR = v128.load64_splat(x);
  const xI = pair(at<f64>(x, 1), -at<f64>(x, 1));
  let re = f64x2.splat(0);
  let im = f64x2.splat(0);
  const end = pa + ((<usize>count) << 4);
  while (pa < end) {
    const w = v128.load(pw);
    const v = v128.load(pv);
    let row = f64x2.sub(v128.load(pa), f64x2.mul(nuR, w));
    row = f64x2.sub(row, f64x2.mul(nuI, swapped(w)));
    row = f64x2.sub(row, f64x2.mul(etaR, v));
    row = f64x2.sub(row, f64x2.mul(etaI, swapped(v)));
    v128.store(pa, row);
    const sum = f64x2.add(v128.load(pn), f64x2.mul(xR, row));
    v128.store(pn, f64x2.add(sum, f64x2.mul(xI, swapped(row))));
    re = f64x2.add(re, f64x2.mul(v128.load64_splat(pu), row));
    im = f64x2.add(im, f64x2.mul(v128.load64_splat(pu, 8), row));
    pa += 16;
    pw += 16;
    pv += 16;
    pn += 16;
    pu += 16;
  }
  put<f64>(eta, 0, f64x2.extract_lane(re, 0) - f64x2.extract_lane(im, 1));
  put<f64>(eta, 1, f64x2.extract_lane(re, 1) + f64x2.extract_lane(im, 0));
}

/** (row0, row1) ← row − ν w − η v̄ for two rows, which share w, v. */
function subtractPair(pa: usize, lane: usize, count: i32, nu: usize, pv: usize, pw: usize, eta: usize): void {
  let pb = pa + lane;
  const nuR0 = v128.load64_splat(nu), nuR1 = v128.load64_splat(nu, 16);
  const nuI0 = pair(-at<f64>(nu, 1), at<f64>(nu, 1)), nuI1 = pair(-at<f64>(nu, 3), at<f64>(nu, 3));
  const etaR0 = pair(at<f64>(eta, 0), -at<f64>(eta, 0)), etaR1 = pair(at<f64>(eta, 2), -at<f64>(eta, 2));
  const etaI0 = v128.load64_splat(eta, 8), etaI1 = v128.load64_splat(eta, 24);
  const end = pa + ((<usize>count) << 4);
  while (pa < end) {
    const w = v128.load(pw);
    const turnedW = swapped(w);
    const v = v128.load(pv);
    const turnedV = swapped(v);
    let row = f64x2.sub(v128.load(pa), f64x2.mul(nuR0, w));
    row = f64x2.sub(row, f64x2.mul(nuI0, turnedW));
    row = f64x2.sub(row, f64x2.mul(etaR0, v));
    v128.store(pa, f64x2.sub(row, f64x2.mul(etaI0, turnedV)));
    row = f64x2.sub(v128.load(pb), f64x2.mul(nuR1, w));
    row = f64x2.sub(row, f64x2.mul(nuI1, turnedW));
    row = f64x2.sub(row, f64x2.mul(etaR1, v));
    v128.store(pb, f64x2.sub(row, f64x2.mul(etaI1, turnedV)));
    pa += 16;
    pb += 16;
    pw += 16;
    pv += 16;
  }
}

// @ts-ignore: decorator
@inline
function plus(sum: v128, xR: v128, xI: v128, row: v128): v128 {
  return f64x2.add(f64x2.add(sum, f64x2.mul(xR, row)), f64x2.mul(xI, swapped(row)));
}

/** next ← next + Σ x̄·row over four rows, in their order. */
function accumulate4(p0: usize, lane: usize, count: i32, x: usize, pn: usize): void {
  let p1 = p0 + lane;
  let p2 = p1 + lane;
  let p3 = p2 + lane;
  const r0 = v128.load64_splat(x), r1 = v128.load64_splat(x, 16), r2 = v128.load64_splat(x, 32), r3 = v128.load64_splat(x, 48);
  const i0 = pair(at<f64>(x, 1), -at<f64>(x, 1)), i1 = pair(at<f64>(x, 3), -at<f64>(x, 3));
  const i2 = pair(at<f64>(x, 5), -at<f64>(x, 5)), i3 = pair(at<f64>(x, 7), -at<f64>(x, 7));
  const end = p0 + ((<usize>count) << 4);
  while (p0 < end) {
    let sum = plus(v128.load(pn), r0, i0, v128.load(p0));
    sum = plus(sum, r1, i1, v128.load(p1));
    sum = plus(sum, r2, i2, v128.load(p2));
    v128.store(pn, plus(sum, r3, i3, v128.load(p3)));
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
    pn += 16;
  }
}

export function updateRows(
  a: usize, p: i32, lane: i32, rows: i32, count: i32, nu: usize, on: i32, v: usize, ov: i32, ox: i32, ou: i32,
  work: usize, ow: i32, oa: i32, oe: i32,
): void {
  const laneBytes = (<usize>lane) << 3;
  const pv = seek<f64>(v, ov);
  const pu = seek<f64>(v, ou);
  const pw = seek<f64>(work, ow);
  const pn = seek<f64>(work, oa);
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const row = seek<f64>(a, p + r * lane);
    subtractPair(row, laneBytes, count, seek<f64>(nu, on + 2 * r), pv, pw, seek<f64>(work, oe + 2 * r));
    subtractPair(row + (laneBytes << 1), laneBytes, count, seek<f64>(nu, on + 2 * r + 4), pv, pw, seek<f64>(work, oe + 2 * r + 4));
    accumulate4(row, laneBytes, count, seek<f64>(v, ox + 2 * r), pn);
    dots(v, ou, a, p + r * lane, lane, count, work, oe + 2 * r);
  }
  for (; r < rows; r++) {
    updateRow(seek<f64>(a, p + r * lane), count, seek<f64>(nu, on + 2 * r), pv, seek<f64>(v, ox + 2 * r), pu, pw, pn, seek<f64>(work, oe + 2 * r));
  }
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
