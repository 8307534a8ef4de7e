/** Reflectors of a bulge. Mathematics: src/backend/ts/eig/real/bulge.ts. A vector holds one element of two rows or columns. */
import { put, seek } from '../../layout';

/** Numbers in a record of a reflector. */
export const RECORD: i32 = 4;
const RECORD_BYTES: usize = 32;

const LOW: f64 = 1e-140;
const HIGH: f64 = 1e140;

/** The reflector of x = (x0, x1, x2) into rec[o…]; gives back β, its first component afterwards. Order 2 has x2 = 0. */
export function makeBulgeReflector(x0: f64, x1: f64, x2: f64, rec: usize, o: i32): f64 {
  const rest = max(abs(x1), abs(x2));
  if (rest == 0) {
    for (let k = 0; k < RECORD; k++) put<f64>(rec, o + k, 0);
    return x0;
  }
  const largest = max(rest, abs(x0));
  const unit = largest < LOW || largest > HIGH ? largest : 1.0;
  const y0 = x0 / unit;
  const y1 = x1 / unit;
  const y2 = x2 / unit;
  const norm = sqrt(y0 * y0 + y1 * y1 + y2 * y2);
  const beta = y0 < 0 ? norm : -norm;
  const head = y0 - beta;
  put<f64>(rec, o, y1 / head);
  put<f64>(rec, o + 1, y2 / head);
  put<f64>(rec, o + 2, -head / beta);
  return beta * unit;
}

/** Elements of two vectors: side by side in memory, or `lane` bytes apart. */
// @ts-ignore: decorator
@inline
function loadPair(p: usize, lane: usize, contiguous: boolean): v128 {
  return contiguous ? v128.load(p) : v128.load64_lane(p + lane, v128.load64_zero(p), 1);
}

// @ts-ignore: decorator
@inline
function storePair(p: usize, lane: usize, value: v128, contiguous: boolean): void {
  if (contiguous) v128.store(p, value);
  else {
    v128.store64_lane(p, value, 0);
    v128.store64_lane(p + lane, value, 1);
  }
}

// @ts-ignore: decorator
@inline
function sumOf(x: v128, y: v128, z: v128, v1: v128, v2: v128): v128 {
  return f64x2.add(f64x2.add(x, f64x2.mul(v1, y)), f64x2.mul(v2, z));
}

// @ts-ignore: decorator
@inline
function less(x: v128, factor: v128, u: v128): v128 {
  return f64x2.sub(x, f64x2.mul(factor, u));
}

/**
 * Eight vectors, two to a register: enough independent work to hide the latency of the carried elements, few enough numbers to
 * stay in the registers.
 */
// @ts-ignore: decorator
@inline
function chain8(p0: usize, step: usize, lane: usize, rec: usize, count: i32, tail: boolean, contiguous: boolean): void {
  const pair = lane << 1;
  let p1 = p0 + pair;
  let p2 = p1 + pair;
  let p3 = p2 + pair;
  let x0 = loadPair(p0, lane, contiguous), y0 = loadPair(p0 + step, lane, contiguous);
  let x1 = loadPair(p1, lane, contiguous), y1 = loadPair(p1 + step, lane, contiguous);
  let x2 = loadPair(p2, lane, contiguous), y2 = loadPair(p2 + step, lane, contiguous);
  let x3 = loadPair(p3, lane, contiguous), y3 = loadPair(p3 + step, lane, contiguous);
  const ahead = step << 1;
  for (; count > 0; count--) {
    const v1 = v128.load64_splat(rec);
    const v2 = v128.load64_splat(rec, 8);
    const tau = v128.load64_splat(rec, 16);
    let z = loadPair(p0 + ahead, lane, contiguous);
    let u = f64x2.mul(tau, sumOf(x0, y0, z, v1, v2));
    storePair(p0, lane, f64x2.sub(x0, u), contiguous);
    x0 = less(y0, v1, u);
    y0 = less(z, v2, u);
    z = loadPair(p1 + ahead, lane, contiguous);
    u = f64x2.mul(tau, sumOf(x1, y1, z, v1, v2));
    storePair(p1, lane, f64x2.sub(x1, u), contiguous);
    x1 = less(y1, v1, u);
    y1 = less(z, v2, u);
    z = loadPair(p2 + ahead, lane, contiguous);
    u = f64x2.mul(tau, sumOf(x2, y2, z, v1, v2));
    storePair(p2, lane, f64x2.sub(x2, u), contiguous);
    x2 = less(y2, v1, u);
    y2 = less(z, v2, u);
    z = loadPair(p3 + ahead, lane, contiguous);
    u = f64x2.mul(tau, sumOf(x3, y3, z, v1, v2));
    storePair(p3, lane, f64x2.sub(x3, u), contiguous);
    x3 = less(y3, v1, u);
    y3 = less(z, v2, u);
    p0 += step;
    p1 += step;
    p2 += step;
    p3 += step;
    rec += RECORD_BYTES;
  }
  if (tail) {
    const v1 = v128.load64_splat(rec);
    const tau = v128.load64_splat(rec, 16);
    let u = f64x2.mul(tau, f64x2.add(x0, f64x2.mul(v1, y0)));
    x0 = f64x2.sub(x0, u);
    y0 = less(y0, v1, u);
    u = f64x2.mul(tau, f64x2.add(x1, f64x2.mul(v1, y1)));
    x1 = f64x2.sub(x1, u);
    y1 = less(y1, v1, u);
    u = f64x2.mul(tau, f64x2.add(x2, f64x2.mul(v1, y2)));
    x2 = f64x2.sub(x2, u);
    y2 = less(y2, v1, u);
    u = f64x2.mul(tau, f64x2.add(x3, f64x2.mul(v1, y3)));
    x3 = f64x2.sub(x3, u);
    y3 = less(y3, v1, u);
  }
  storePair(p0, lane, x0, contiguous);
  storePair(p0 + step, lane, y0, contiguous);
  storePair(p1, lane, x1, contiguous);
  storePair(p1 + step, lane, y1, contiguous);
  storePair(p2, lane, x2, contiguous);
  storePair(p2 + step, lane, y2, contiguous);
  storePair(p3, lane, x3, contiguous);
  storePair(p3 + step, lane, y3, contiguous);
}

// @ts-ignore: decorator
@inline
function chain2(p: usize, step: usize, lane: usize, rec: usize, count: i32, tail: boolean, contiguous: boolean): void {
  let x = loadPair(p, lane, contiguous);
  let y = loadPair(p + step, lane, contiguous);
  for (; count > 0; count--) {
    const v1 = v128.load64_splat(rec);
    const v2 = v128.load64_splat(rec, 8);
    const z = loadPair(p + (step << 1), lane, contiguous);
    const u = f64x2.mul(v128.load64_splat(rec, 16), sumOf(x, y, z, v1, v2));
    storePair(p, lane, f64x2.sub(x, u), contiguous);
    x = less(y, v1, u);
    y = less(z, v2, u);
    p += step;
    rec += RECORD_BYTES;
  }
  if (tail) {
    const v1 = v128.load64_splat(rec);
    const u = f64x2.mul(v128.load64_splat(rec, 16), f64x2.add(x, f64x2.mul(v1, y)));
    x = f64x2.sub(x, u);
    y = less(y, v1, u);
  }
  storePair(p, lane, x, contiguous);
  storePair(p + step, lane, y, contiguous);
}

function chain1(p: usize, step: usize, rec: usize, count: i32, tail: boolean): void {
  let x = load<f64>(p);
  let y = load<f64>(p + step);
  for (; count > 0; count--) {
    const v1 = load<f64>(rec);
    const v2 = load<f64>(rec, 8);
    const z = load<f64>(p + (step << 1));
    const u = load<f64>(rec, 16) * (x + v1 * y + v2 * z);
    store<f64>(p, x - u);
    x = y - v1 * u;
    y = z - v2 * u;
    p += step;
    rec += RECORD_BYTES;
  }
  if (tail) {
    const v1 = load<f64>(rec);
    const u = load<f64>(rec, 16) * (x + v1 * y);
    x = x - u;
    y = y - v1 * u;
  }
  store<f64>(p, x);
  store<f64>(p + step, y);
}

// @ts-ignore: decorator
@inline
function chains(p: usize, step: usize, lane: usize, lanes: i32, rec: usize, count: i32, tail: boolean, contiguous: boolean): void {
  for (; lanes >= 8; lanes -= 8) {
    chain8(p, step, lane, rec, count, tail, contiguous);
    p += lane << 3;
  }
  for (; lanes >= 2; lanes -= 2) {
    chain2(p, step, lane, rec, count, tail, contiguous);
    p += lane << 1;
  }
  if (lanes > 0) chain1(p, step, rec, count, tail);
}

export function reflectChain(
  a: usize, start: i32, step: i32, lane: i32, lanes: i32, rec: usize, o: i32, count: i32, tail: boolean,
): void {
  const p = seek<f64>(a, start);
  const records = seek<f64>(rec, o);
  const stepBytes = (<usize>step) << 3;
  const laneBytes = (<usize>lane) << 3;
  if (lane == 1) chains(p, stepBytes, 8, lanes, records, count, tail, true);
  else chains(p, 8, laneBytes, lanes, records, count, tail, false);
}
