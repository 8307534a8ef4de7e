/** Plane rotations. Mathematics: src/backend/ts/eig/complex/rotation.ts. A vector holds one complex number. */
import { at, put, seek } from '../../layout';
import { modulus } from './scalar';

/** Numbers in a record of a rotation. */
export const RECORD: i32 = 4;

/** |f|² and |f|²+|g|² between these bounds: no product below leaves the range of f64. */
const LOW: f64 = 1e-140;
const HIGH: f64 = 1e140;
/** 2^±600. */
const UP: f64 = 4.149515568880993e180;
const DOWN: f64 = 2.409919865102884e-181;

function record(rot: usize, o: i32, c: f64, sr: f64, si: f64): void {
  put<f64>(rot, o, c);
  put<f64>(rot, o + 1, sr);
  put<f64>(rot, o + 2, -si);
  put<f64>(rot, o + 3, si);
}

/** The rotation of f (at a[f]) and g (at b[g]) into rot[o…]; r replaces f and 0 replaces g. */
export function makeRotation(a: usize, f: i32, b: usize, g: i32, rot: usize, o: i32): void {
  const fr = at<f64>(a, f);
  const fi = at<f64>(a, f + 1);
  const gr = at<f64>(b, g);
  const gi = at<f64>(b, g + 1);
  const f2 = fr * fr + fi * fi;
  const h2 = f2 + (gr * gr + gi * gi);
  if (f2 >= LOW && h2 <= HIGH) {
    const inverse = 1 / sqrt(f2 * h2);
    const growth = h2 * inverse;
    record(rot, o, f2 * inverse, (fr * gr + fi * gi) * inverse, (fi * gr - fr * gi) * inverse);
    put<f64>(a, f, fr * growth);
    put<f64>(a, f + 1, fi * growth);
  } else makeScaledRotation(a, f, b, g, rot, o);
  put<f64>(b, g, 0);
  put<f64>(b, g + 1, 0);
}

function makeScaledRotation(a: usize, f: i32, b: usize, g: i32, rot: usize, o: i32): void {
  let fr = at<f64>(a, f);
  let fi = at<f64>(a, f + 1);
  let gr = at<f64>(b, g);
  let gi = at<f64>(b, g + 1);
  if (gr == 0 && gi == 0) {
    record(rot, o, 1, 0, 0);
    return;
  }
  const largest = max(max(abs(fr), abs(fi)), max(abs(gr), abs(gi)));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  fr *= unit;
  fi *= unit;
  gr *= unit;
  gi *= unit;
  const lengthF = modulus(fr, fi);
  const lengthG = modulus(gr, gi);
  const big = max(lengthF, lengthG);
  const length = modulus(lengthF / big, lengthG / big);
  // Where |f| is negligible its phase is too: taking 1 changes g by a part in 10¹⁴⁰.
  const negligible = lengthF <= LOW * lengthG;
  const phaseR = negligible ? 1.0 : fr / lengthF;
  const phaseI = negligible ? 0.0 : fi / lengthF;
  const tr = gr / big / length;
  const ti = gi / big / length;
  record(rot, o, lengthF / big / length, phaseR * tr + phaseI * ti, phaseI * tr - phaseR * ti);
  const r = (big * length) / unit;
  put<f64>(a, f, phaseR * r);
  put<f64>(a, f + 1, phaseI * r);
}

/** The imaginary parts' multiplier as a vector (−Im s, Im s), negated from the right. */
// @ts-ignore: decorator
@inline
function crossOf(rot: usize, adjoint: boolean): v128 {
  const cross = v128.load(rot, 16);
  return adjoint ? f64x2.neg(cross) : cross;
}

// @ts-ignore: decorator
@inline
function swapped(z: v128): v128 {
  return i64x2.shuffle(z, z, 1, 0);
}

// @ts-ignore: decorator
@inline
function upper(c: v128, s: v128, cross: v128, x: v128, z: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(c, x), f64x2.mul(s, z)), f64x2.mul(cross, swapped(z)));
}

// @ts-ignore: decorator
@inline
function lower(c: v128, s: v128, cross: v128, x: v128, z: v128): v128 {
  return f64x2.add(f64x2.sub(f64x2.mul(c, z), f64x2.mul(s, x)), f64x2.mul(cross, swapped(x)));
}

export function rotateRows(a: usize, x: i32, z: i32, count: i32, rot: usize, o: i32): void {
  const record = seek<f64>(rot, o);
  const c = v128.load64_splat(record);
  const s = v128.load64_splat(record, 8);
  const cross = crossOf(record, false);
  let px = seek<f64>(a, x);
  let pz = seek<f64>(a, z);
  const end = px + ((<usize>count) << 4);
  while (px < end) {
    const u = v128.load(px);
    const w = v128.load(pz);
    v128.store(px, upper(c, s, cross, u, w));
    v128.store(pz, lower(c, s, cross, u, w));
    px += 16;
    pz += 16;
  }
}

/** Four vectors side by side hide the latency of the carried element. */
// @ts-ignore: decorator
@inline
function chain4(p: usize, step: usize, lane: usize, rot: usize, count: i32, adjoint: boolean): void {
  let p1 = p + lane;
  let p2 = p1 + lane;
  let p3 = p2 + lane;
  let x0 = v128.load(p), x1 = v128.load(p1), x2 = v128.load(p2), x3 = v128.load(p3);
  const end = rot + ((<usize>count) << 5);
  while (rot < end) {
    const c = v128.load64_splat(rot);
    const s = v128.load64_splat(rot, 8);
    const cross = crossOf(rot, adjoint);
    let z = v128.load(p + step);
    v128.store(p, upper(c, s, cross, x0, z));
    x0 = lower(c, s, cross, x0, z);
    z = v128.load(p1 + step);
    v128.store(p1, upper(c, s, cross, x1, z));
    x1 = lower(c, s, cross, x1, z);
    z = v128.load(p2 + step);
    v128.store(p2, upper(c, s, cross, x2, z));
    x2 = lower(c, s, cross, x2, z);
    z = v128.load(p3 + step);
    v128.store(p3, upper(c, s, cross, x3, z));
    x3 = lower(c, s, cross, x3, z);
    p += step;
    p1 += step;
    p2 += step;
    p3 += step;
    rot += 32;
  }
  v128.store(p, x0);
  v128.store(p1, x1);
  v128.store(p2, x2);
  v128.store(p3, x3);
}

// @ts-ignore: decorator
@inline
function chain1(p: usize, step: usize, rot: usize, count: i32, adjoint: boolean): void {
  let x = v128.load(p);
  const end = rot + ((<usize>count) << 5);
  while (rot < end) {
    const c = v128.load64_splat(rot);
    const s = v128.load64_splat(rot, 8);
    const cross = crossOf(rot, adjoint);
    const z = v128.load(p + step);
    v128.store(p, upper(c, s, cross, x, z));
    x = lower(c, s, cross, x, z);
    p += step;
    rot += 32;
  }
  v128.store(p, x);
}

// @ts-ignore: decorator
@inline
function chains(p: usize, step: usize, lane: usize, lanes: i32, rot: usize, count: i32, adjoint: boolean): void {
  for (; lanes >= 4; lanes -= 4) {
    chain4(p, step, lane, rot, count, adjoint);
    p += lane << 2;
  }
  for (; lanes > 0; lanes--) {
    chain1(p, step, rot, count, adjoint);
    p += lane;
  }
}

export function rotateChain(a: usize, start: i32, step: i32, lane: i32, lanes: i32, rot: usize, o: i32, count: i32, adjoint: boolean): void {
  const p = seek<f64>(a, start);
  const records = seek<f64>(rot, o);
  const stepBytes = (<usize>step) << 3;
  const laneBytes = (<usize>lane) << 3;
  if (adjoint) chains(p, stepBytes, laneBytes, lanes, records, count, true);
  else chains(p, stepBytes, laneBytes, lanes, records, count, false);
}
