/** Exponential, one value and two lanes at a time. Mathematics and source: src/backend/ts/math/exp.ts. */
import { at, put, seek } from '../layout';
import { constant } from '../simd';

const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const ROUND: f64 = 6755399441055744.0;
const OVERFLOW: f64 = 709.782712893384;
const UNDERFLOW: f64 = -745.1332191019412;

// @ts-ignore: decorator
@inline
function twoTo(k: i64): f64 {
  return reinterpret<f64>((k + 1023) << 52);
}

export function exp(x: f64): f64 {
  if (x != x) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = x * LOG2_E + ROUND - ROUND;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p: f64 = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1.0;
  const n = <i64>k;
  const half = n >> 1;
  return p * twoTo(half) * twoTo(n - half);
}

/** The constants of {@link expPair}, twice each. Twelve coefficients begin at COEFFICIENTS. */
// prettier-ignore
const TABLE: usize = memory.data<f64>([
  709.9, 709.9,
  -746.0, -746.0,
  1.4426950408889634, 1.4426950408889634,
  6755399441055744.0, 6755399441055744.0,
  0.6931471803691238, 0.6931471803691238,
  1.9082149292705877e-10, 1.9082149292705877e-10,
  1.0 / 6227020800.0, 1.0 / 6227020800.0,
  1.0 / 479001600.0, 1.0 / 479001600.0,
  1.0 / 39916800.0, 1.0 / 39916800.0,
  1.0 / 3628800.0, 1.0 / 3628800.0,
  1.0 / 362880.0, 1.0 / 362880.0,
  1.0 / 40320.0, 1.0 / 40320.0,
  1.0 / 5040.0, 1.0 / 5040.0,
  1.0 / 720.0, 1.0 / 720.0,
  1.0 / 120.0, 1.0 / 120.0,
  1.0 / 24.0, 1.0 / 24.0,
  1.0 / 6.0, 1.0 / 6.0,
  0.5, 0.5,
  1.0, 1.0,
], 16);
const COEFFICIENTS: usize = 6;

/** Bits of 1023 in both lanes: the bias of an exponent. */
const BIAS: usize = memory.data<i64>([1023, 1023], 16);

// @ts-ignore: decorator
@inline
function twoToPair(k: v128): v128 {
  return i64x2.shl(i64x2.add(k, v128.load(BIAS)), 52);
}

// @ts-ignore: decorator
@inline
function horner(p: v128, r: v128, i: usize): v128 {
  return f64x2.add(f64x2.mul(p, r), constant(TABLE, COEFFICIENTS + i));
}

/**
 * Two lanes of {@link exp}, bit for bit, branch-free: clamped lanes overflow to ∞ and underflow to 0 by themselves. The
 * pseudo-minimum is one instruction and keeps a NaN that is its first operand.
 */
// @ts-ignore: decorator
@inline
export function expPair(v: v128): v128 {
  const round = constant(TABLE, 3);
  const x = f64x2.pmax(f64x2.pmin(v, constant(TABLE, 0)), constant(TABLE, 1));
  const shifted = f64x2.add(f64x2.mul(x, constant(TABLE, 2)), round);
  const k = f64x2.sub(shifted, round);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, constant(TABLE, 4))), f64x2.mul(k, constant(TABLE, 5)));
  let p = constant(TABLE, COEFFICIENTS);
  p = horner(p, r, 1);
  p = horner(p, r, 2);
  p = horner(p, r, 3);
  p = horner(p, r, 4);
  p = horner(p, r, 5);
  p = horner(p, r, 6);
  p = horner(p, r, 7);
  p = horner(p, r, 8);
  p = horner(p, r, 9);
  p = horner(p, r, 10);
  p = horner(p, r, 11);
  p = f64x2.add(f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), r), constant(TABLE, 18));
  // The low 32 bits of the shifted sum are k itself, and only the low 12 of what is shifted into the exponent count.
  const half = i32x4.shr_s(shifted, 1);
  return f64x2.mul(f64x2.mul(p, twoToPair(half)), twoToPair(i64x2.sub(shifted, half)));
}

/**
 * dst[i] = e^src[i] for i < 4: {@link expPair} twice, step by step. One pair is a chain of some thirty dependent operations
 * that few other pairs fit beside in the window of the CPU; side by side, two share their constants.
 */
// @ts-ignore: decorator
@inline
export function expFour(src: usize, dst: usize): void {
  const round = constant(TABLE, 3);
  let c = constant(TABLE, 0);
  let x = f64x2.pmin(v128.load(src), c);
  let y = f64x2.pmin(v128.load(src, 16), c);
  c = constant(TABLE, 1);
  x = f64x2.pmax(x, c);
  y = f64x2.pmax(y, c);
  c = constant(TABLE, 2);
  const shiftedX = f64x2.add(f64x2.mul(x, c), round);
  const shiftedY = f64x2.add(f64x2.mul(y, c), round);
  const kx = f64x2.sub(shiftedX, round);
  const ky = f64x2.sub(shiftedY, round);
  c = constant(TABLE, 4);
  let r = f64x2.sub(x, f64x2.mul(kx, c));
  let s = f64x2.sub(y, f64x2.mul(ky, c));
  c = constant(TABLE, 5);
  r = f64x2.sub(r, f64x2.mul(kx, c));
  s = f64x2.sub(s, f64x2.mul(ky, c));
  let p = constant(TABLE, COEFFICIENTS);
  let q = p;
  c = constant(TABLE, COEFFICIENTS + 1);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 2);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 3);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 4);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 5);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 6);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 7);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 8);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 9);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 10);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, COEFFICIENTS + 11);
  p = f64x2.add(f64x2.mul(p, r), c);
  q = f64x2.add(f64x2.mul(q, s), c);
  c = constant(TABLE, 18);
  p = f64x2.add(f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), r), c);
  q = f64x2.add(f64x2.add(f64x2.mul(q, f64x2.mul(s, s)), s), c);
  const halfX = i32x4.shr_s(shiftedX, 1);
  const halfY = i32x4.shr_s(shiftedY, 1);
  v128.store(dst, f64x2.mul(f64x2.mul(p, twoToPair(halfX)), twoToPair(i64x2.sub(shiftedX, halfX))));
  v128.store(dst, f64x2.mul(f64x2.mul(q, twoToPair(halfY)), twoToPair(i64x2.sub(shiftedY, halfY))), 16);
}

/** dst[i] = e^src[i]. */
export function mapExp(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) expFour(seek<f64>(src, i), seek<f64>(dst, i));
  for (; i < n; i++) put<f64>(dst, i, exp(at<f64>(src, i)));
}
