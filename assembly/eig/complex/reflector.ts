/** Reflectors. Mathematics: src/backend/ts/eig/complex/reflector.ts. Four rows share the loads of v. */
import { at, put, seek } from '../../layout';
import { modulus } from './scalar';

const LOW: f64 = 1e-140;
const HIGH: f64 = 1e140;
/** 2^±600. */
const UP: f64 = 4.149515568880993e180;
const DOWN: f64 = 2.409919865102884e-181;

/** x = v[o…] of `count` complex numbers becomes v; out[k…] = τ, Re β, Im β. τ = 0 (and v = 0) where x is a multiple of e₁. */
export function makeReflector(v: usize, o: i32, count: i32, out: usize, k: i32): void {
  let largest = 0.0;
  for (let i = 2; i < 2 * count; i++) largest = max(largest, abs(at<f64>(v, o + i)));
  const firstR = at<f64>(v, o);
  const firstI = at<f64>(v, o + 1);
  if (largest == 0) {
    for (let i = 0; i < 2 * count; i++) put<f64>(v, o + i, 0);
    put<f64>(out, k, 0);
    put<f64>(out, k + 1, firstR);
    put<f64>(out, k + 2, firstI);
    return;
  }
  largest = max(largest, max(abs(firstR), abs(firstI)));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  let squares = 0.0;
  for (let i = 0; i < 2 * count; i++) {
    const x = at<f64>(v, o + i) * unit;
    squares += x * x;
  }
  const norm = sqrt(squares);
  const first = modulus(firstR * unit, firstI * unit);
  const negligible = first <= LOW * norm;
  const phaseR = negligible ? 1.0 : (firstR * unit) / first;
  const phaseI = negligible ? 0.0 : (firstI * unit) / first;
  const ratio = first / norm;
  for (let i = 2; i < 2 * count; i++) put<f64>(v, o + i, (at<f64>(v, o + i) * unit) / norm);
  put<f64>(v, o, phaseR * (1 + ratio));
  put<f64>(v, o + 1, phaseI * (1 + ratio));
  put<f64>(out, k, 1 / (1 + ratio));
  put<f64>(out, k + 1, -phaseR * norm / unit);
  put<f64>(out, k + 2, -phaseI * norm / unit);
}

// @ts-ignore: decorator
@inline
function swapped(z: v128): v128 {
  return i64x2.shuffle(z, z, 1, 0);
}

/** The factor τ·(row·v) of a row from its two sums: Σ Re v·row and Σ Im v·row. */
// @ts-ignore: decorator
@inline
function factor(re: v128, im: v128, tau: v128): v128 {
  return f64x2.mul(tau, f64x2.add(re, f64x2.mul(swapped(im), f64x2.replace_lane(f64x2.splat(1), 0, -1))));
}

/** row − η v̄ for one element: η arrives as (yr, −yr) and (yi, yi). */
// @ts-ignore: decorator
@inline
function reflected(a: v128, yr: v128, yi: v128, v: v128, w: v128): v128 {
  return f64x2.sub(f64x2.sub(a, f64x2.mul(yr, v)), f64x2.mul(yi, w));
}

// @ts-ignore: decorator
@inline
function realPart(y: v128): v128 {
  const re = f64x2.extract_lane(y, 0);
  return f64x2.replace_lane(f64x2.splat(re), 1, -re);
}

function reflect4(p0: usize, lane: usize, v: usize, count: i32, tau: f64): void {
  const p1 = p0 + lane;
  const p2 = p1 + lane;
  const p3 = p2 + lane;
  let r0 = f64x2.splat(0), r1 = f64x2.splat(0), r2 = f64x2.splat(0), r3 = f64x2.splat(0);
  let i0 = f64x2.splat(0), i1 = f64x2.splat(0), i2 = f64x2.splat(0), i3 = f64x2.splat(0);
  const end = (<usize>count) << 4;
  for (let j: usize = 0; j < end; j += 16) {
    const vr = v128.load64_splat(v + j);
    const vi = v128.load64_splat(v + j, 8);
    let a = v128.load(p0 + j);
    r0 = f64x2.add(r0, f64x2.mul(vr, a));
    i0 = f64x2.add(i0, f64x2.mul(vi, a));
    a = v128.load(p1 + j);
    r1 = f64x2.add(r1, f64x2.mul(vr, a));
    i1 = f64x2.add(i1, f64x2.mul(vi, a));
    a = v128.load(p2 + j);
    r2 = f64x2.add(r2, f64x2.mul(vr, a));
    i2 = f64x2.add(i2, f64x2.mul(vi, a));
    a = v128.load(p3 + j);
    r3 = f64x2.add(r3, f64x2.mul(vr, a));
    i3 = f64x2.add(i3, f64x2.mul(vi, a));
  }
  const t = f64x2.splat(tau);
  r0 = factor(r0, i0, t);
  r1 = factor(r1, i1, t);
  r2 = factor(r2, i2, t);
  r3 = factor(r3, i3, t);
  i0 = i64x2.shuffle(r0, r0, 1, 1);
  i1 = i64x2.shuffle(r1, r1, 1, 1);
  i2 = i64x2.shuffle(r2, r2, 1, 1);
  i3 = i64x2.shuffle(r3, r3, 1, 1);
  r0 = realPart(r0);
  r1 = realPart(r1);
  r2 = realPart(r2);
  r3 = realPart(r3);
  for (let j: usize = 0; j < end; j += 16) {
    const u = v128.load(v + j);
    const w = swapped(u);
    v128.store(p0 + j, reflected(v128.load(p0 + j), r0, i0, u, w));
    v128.store(p1 + j, reflected(v128.load(p1 + j), r1, i1, u, w));
    v128.store(p2 + j, reflected(v128.load(p2 + j), r2, i2, u, w));
    v128.store(p3 + j, reflected(v128.load(p3 + j), r3, i3, u, w));
  }
}

function reflect1(p: usize, v: usize, count: i32, tau: f64): void {
  let re = f64x2.splat(0), im = f64x2.splat(0);
  const end = (<usize>count) << 4;
  for (let j: usize = 0; j < end; j += 16) {
    const a = v128.load(p + j);
    re = f64x2.add(re, f64x2.mul(v128.load64_splat(v + j), a));
    im = f64x2.add(im, f64x2.mul(v128.load64_splat(v + j, 8), a));
  }
  const y = factor(re, im, f64x2.splat(tau));
  const yr = realPart(y);
  const yi = i64x2.shuffle(y, y, 1, 1);
  for (let j: usize = 0; j < end; j += 16) {
    const u = v128.load(v + j);
    v128.store(p + j, reflected(v128.load(p + j), yr, yi, u, swapped(u)));
  }
}

export function reflectRows(a: usize, start: i32, lane: i32, rows: i32, v: usize, o: i32, count: i32, tau: f64): void {
  const first = seek<f64>(a, start);
  const pv = seek<f64>(v, o);
  const laneBytes = (<usize>lane) << 3;
  if (rows == 4) reflect4(first, laneBytes, pv, count, tau);
  else for (let r = 0; r < rows; r++) reflect1(first + (<usize>r) * laneBytes, pv, count, tau);
}
