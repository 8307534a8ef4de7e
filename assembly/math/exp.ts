/** Exponential, one value and two lanes at a time. Mathematics and source: src/backend/ts/math/exp.ts. */
import { at, put, putVector, vectorAt } from '../layout';

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

// @ts-ignore: decorator
@inline
function twoToPair(k: v128): v128 {
  return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52);
}

/** Two lanes of {@link exp}, bit for bit, branch-free: clamped lanes overflow to ∞ and underflow to 0 by themselves. */
// @ts-ignore: decorator
@inline
export function expPair(v: v128): v128 {
  const round = f64x2.splat(ROUND);
  const x = f64x2.max(f64x2.min(v, f64x2.splat(709.9)), f64x2.splat(-746.0));
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), round);
  const k = f64x2.sub(shifted, round);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let p = f64x2.splat(1.0 / 6227020800.0);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 479001600.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 39916800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 3628800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 362880.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.add(f64x2.mul(p, f64x2.mul(r, r)), r), f64x2.splat(1.0));
  // The low bits of the shifted sum are k itself; the constant's own bits cancel in the subtraction.
  const n = i64x2.sub(shifted, round);
  const half = i64x2.shr_s(n, 1);
  return f64x2.mul(f64x2.mul(p, twoToPair(half)), twoToPair(i64x2.sub(n, half)));
}

/** dst[i] = e^src[i]. */
export function mapExp(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, expPair(vectorAt<f64>(src, i)));
  for (; i < n; i++) put<f64>(dst, i, exp(at<f64>(src, i)));
}
