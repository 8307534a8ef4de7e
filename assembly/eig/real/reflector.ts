/** Reflectors. Mathematics: src/backend/ts/eig/real/reflector.ts. Four rows share the loads of v. */
import { at, put, seek } from '../../layout';

const LOW: f64 = 1e-140;
const HIGH: f64 = 1e140;
/** 2^±600. */
const UP: f64 = 4.149515568880993e180;
const DOWN: f64 = 2.409919865102884e-181;

/** x = v[o…] of `count` numbers becomes v; out[k…] = τ, β. τ = 0 (and v = 0) where x is a multiple of e₁. */
export function makeReflector(v: usize, o: i32, count: i32, out: usize, k: i32): void {
  let largest = 0.0;
  for (let i = 1; i < count; i++) largest = max(largest, abs(at<f64>(v, o + i)));
  const first = at<f64>(v, o);
  if (largest == 0) {
    for (let i = 0; i < count; i++) put<f64>(v, o + i, 0);
    put<f64>(out, k, 0);
    put<f64>(out, k + 1, first);
    return;
  }
  largest = max(largest, abs(first));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  let squares = 0.0;
  for (let i = 0; i < count; i++) {
    const x = at<f64>(v, o + i) * unit;
    squares += x * x;
  }
  const norm = sqrt(squares);
  const ratio = abs(first * unit) / norm;
  for (let i = 1; i < count; i++) put<f64>(v, o + i, (at<f64>(v, o + i) * unit) / norm);
  put<f64>(v, o, first < 0 ? -(1 + ratio) : 1 + ratio);
  put<f64>(out, k, 1 / (1 + ratio));
  put<f64>(out, k + 1, (first < 0 ? norm : -norm) / unit);
}

function reflect4(p0: usize, lane: usize, v: usize, count: i32, tau: f64): void {
  const p1 = p0 + lane;
  const p2 = p1 + lane;
  const p3 = p2 + lane;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  const end = (<usize>(count >> 1)) << 4;
  let j: usize = 0;
  for (; j < end; j += 16) {
    const u = v128.load(v + j);
    s0 = f64x2.add(s0, f64x2.mul(u, v128.load(p0 + j)));
    s1 = f64x2.add(s1, f64x2.mul(u, v128.load(p1 + j)));
    s2 = f64x2.add(s2, f64x2.mul(u, v128.load(p2 + j)));
    s3 = f64x2.add(s3, f64x2.mul(u, v128.load(p3 + j)));
  }
  let e0 = f64x2.extract_lane(s0, 0), e1 = f64x2.extract_lane(s1, 0);
  let e2 = f64x2.extract_lane(s2, 0), e3 = f64x2.extract_lane(s3, 0);
  const odd = (count & 1) != 0;
  if (odd) {
    const u = at<f64>(v + j, 0);
    e0 += u * at<f64>(p0 + j, 0);
    e1 += u * at<f64>(p1 + j, 0);
    e2 += u * at<f64>(p2 + j, 0);
    e3 += u * at<f64>(p3 + j, 0);
  }
  e0 = tau * (e0 + f64x2.extract_lane(s0, 1));
  e1 = tau * (e1 + f64x2.extract_lane(s1, 1));
  e2 = tau * (e2 + f64x2.extract_lane(s2, 1));
  e3 = tau * (e3 + f64x2.extract_lane(s3, 1));
  s0 = f64x2.splat(e0);
  s1 = f64x2.splat(e1);
  s2 = f64x2.splat(e2);
  s3 = f64x2.splat(e3);
  for (j = 0; j < end; j += 16) {
    const u = v128.load(v + j);
    v128.store(p0 + j, f64x2.sub(v128.load(p0 + j), f64x2.mul(s0, u)));
    v128.store(p1 + j, f64x2.sub(v128.load(p1 + j), f64x2.mul(s1, u)));
    v128.store(p2 + j, f64x2.sub(v128.load(p2 + j), f64x2.mul(s2, u)));
    v128.store(p3 + j, f64x2.sub(v128.load(p3 + j), f64x2.mul(s3, u)));
  }
  if (odd) {
    const u = at<f64>(v + j, 0);
    put<f64>(p0 + j, 0, at<f64>(p0 + j, 0) - e0 * u);
    put<f64>(p1 + j, 0, at<f64>(p1 + j, 0) - e1 * u);
    put<f64>(p2 + j, 0, at<f64>(p2 + j, 0) - e2 * u);
    put<f64>(p3 + j, 0, at<f64>(p3 + j, 0) - e3 * u);
  }
}

function reflect1(p: usize, v: usize, count: i32, tau: f64): void {
  let sums = f64x2.splat(0);
  const end = (<usize>(count >> 1)) << 4;
  let j: usize = 0;
  for (; j < end; j += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(v + j), v128.load(p + j)));
  let even = f64x2.extract_lane(sums, 0);
  const odd = (count & 1) != 0;
  if (odd) even += at<f64>(v + j, 0) * at<f64>(p + j, 0);
  const y = tau * (even + f64x2.extract_lane(sums, 1));
  const ys = f64x2.splat(y);
  for (j = 0; j < end; j += 16) v128.store(p + j, f64x2.sub(v128.load(p + j), f64x2.mul(ys, v128.load(v + j))));
  if (odd) put<f64>(p + j, 0, at<f64>(p + j, 0) - y * at<f64>(v + j, 0));
}

export function reflectRows(a: usize, start: i32, lane: i32, rows: i32, v: usize, o: i32, count: i32, tau: f64): void {
  const first = seek<f64>(a, start);
  const pv = seek<f64>(v, o);
  const laneBytes = (<usize>lane) << 3;
  if (rows == 4) reflect4(first, laneBytes, pv, count, tau);
  else for (let r = 0; r < rows; r++) reflect1(first + (<usize>r) * laneBytes, pv, count, tau);
}
