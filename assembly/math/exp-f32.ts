/** Exponential in f32 arithmetic, one value and four lanes at a time. Mathematics and source: src/math/exp-f32.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { constant } from '../simd';

const LOG2_E: f32 = 1.4426950408889634;
const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.428606820309417e-6;
const ROUND: f32 = 12582912.0;
const OVERFLOW: f32 = 88.72283172607422;
const UNDERFLOW: f32 = -103.97207641601562;
const C0: f32 = 0.4999999403953552;
const C1: f32 = 0.1666652113199234;
const C2: f32 = 0.04166838899254799;
const C3: f32 = 0.008368716575205326;
const C4: f32 = 0.001381459878757596;

// @ts-ignore: decorator
@inline
function twoTo(k: i32): f32 {
  return reinterpret<f32>((k + 127) << 23);
}

export function expF32(x: f32): f32 {
  if (x != x) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = x * LOG2_E + ROUND - ROUND;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const r2 = r * r;
  const p = C0 + C1 * r + (C2 + C3 * r) * r2 + C4 * (r2 * r2);
  const y = p * r2 + r + 1;
  const n = <i32>k;
  const half = n >> 1;
  return y * twoTo(half) * twoTo(n - half);
}

/** The constants of {@link moderateFour}, four times each. */
// prettier-ignore
const TABLE: usize = memory.data<f32>([
  87.0, 87.0, 87.0, 87.0,
  1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634,
  12582912.0, 12582912.0, 12582912.0, 12582912.0,
  0.693145751953125, 0.693145751953125, 0.693145751953125, 0.693145751953125,
  1.428606820309417e-6, 1.428606820309417e-6, 1.428606820309417e-6, 1.428606820309417e-6,
  1.0, 1.0, 1.0, 1.0,
  0.4999999403953552, 0.4999999403953552, 0.4999999403953552, 0.4999999403953552,
  0.1666652113199234, 0.1666652113199234, 0.1666652113199234, 0.1666652113199234,
  0.04166838899254799, 0.04166838899254799, 0.04166838899254799, 0.04166838899254799,
  0.008368716575205326, 0.008368716575205326, 0.008368716575205326, 0.008368716575205326,
  0.001381459878757596, 0.001381459878757596, 0.001381459878757596, 0.001381459878757596,
], 16);

/** Four lanes of {@link expF32}, bit for bit, for |x| ≤ 87: the low bits of the shifted product are k, which joins the exponent. */
// @ts-ignore: decorator
@inline
function moderateFour(x: v128): v128 {
  const round = constant(TABLE, 2);
  const shifted = f32x4.add(f32x4.mul(x, constant(TABLE, 1)), round);
  const k = f32x4.sub(shifted, round);
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, constant(TABLE, 3))), f32x4.mul(k, constant(TABLE, 4)));
  const r2 = f32x4.mul(r, r);
  const first = f32x4.add(constant(TABLE, 6), f32x4.mul(constant(TABLE, 7), r));
  const second = f32x4.mul(f32x4.add(constant(TABLE, 8), f32x4.mul(constant(TABLE, 9), r)), r2);
  const p = f32x4.add(f32x4.add(first, second), f32x4.mul(constant(TABLE, 10), f32x4.mul(r2, r2)));
  const y = f32x4.add(f32x4.add(f32x4.mul(p, r2), r), constant(TABLE, 5));
  return i32x4.add(y, i32x4.shl(shifted, 23));
}

/** Four lanes of {@link expF32}, one by one: out of line, because few arguments need it. */
// @ts-ignore: decorator
@inline(never)
function anyFour(x: v128): v128 {
  let y = f32x4.splat(expF32(f32x4.extract_lane(x, 0)));
  y = f32x4.replace_lane(y, 1, expF32(f32x4.extract_lane(x, 1)));
  y = f32x4.replace_lane(y, 2, expF32(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(y, 3, expF32(f32x4.extract_lane(x, 3)));
}

/** Four lanes of {@link expF32}, bit for bit. */
// @ts-ignore: decorator
@inline
export function expFourF32(x: v128): v128 {
  return i32x4.all_true(f32x4.le(f32x4.abs(x), constant(TABLE, 0))) ? moderateFour(x) : anyFour(x);
}

/** dst[i] = e^src[i]. */
export function mapExpF32(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) putVector<f32>(dst, i, expFourF32(vectorAt<f32>(src, i)));
  for (; i < n; i++) put<f32>(dst, i, expF32(at<f32>(src, i)));
}
