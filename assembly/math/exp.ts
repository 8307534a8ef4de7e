/** Exponential, one value and two lanes at a time. Mathematics and source: src/math/exp.ts. */
import { at, put, seek } from '../layout';
import { constant, linearTerms } from '../simd';

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
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 0.5000000000000011 + 0.16666666666666413 * r + (0.041666666666530155 + 0.008333333333494465 * r) * r2;
  const high = 0.0013888888943630203 + 0.0001984126950656992 * r + (2.4801493098807193e-5 + 2.7557586382096293e-6 * r) * r2 + (2.763024841517786e-7 + 2.5000058878116688e-8 * r) * r4;
  const p = (low + high * r4) * r2 + r + 1;
  const n = <i64>k;
  const half = n >> 1;
  return p * twoTo(half) * twoTo(n - half);
}

/** The constants of {@link moderatePair}, twice each. */
// prettier-ignore
const TABLE: usize = memory.data<f64>([
  708.0, 708.0,
  1.4426950408889634, 1.4426950408889634,
  6755399441055744.0, 6755399441055744.0,
  0.6931471803691238, 0.6931471803691238,
  1.9082149292705877e-10, 1.9082149292705877e-10,
  1.0, 1.0,
], 16);

/** The coefficients of P, twice each. */
// prettier-ignore
const P: usize = memory.data<f64>([
  0.5000000000000011, 0.5000000000000011,
  0.16666666666666413, 0.16666666666666413,
  0.041666666666530155, 0.041666666666530155,
  0.008333333333494465, 0.008333333333494465,
  0.0013888888943630203, 0.0013888888943630203,
  0.0001984126950656992, 0.0001984126950656992,
  2.4801493098807193e-5, 2.4801493098807193e-5,
  2.7557586382096293e-6, 2.7557586382096293e-6,
  2.763024841517786e-7, 2.763024841517786e-7,
  2.5000058878116688e-8, 2.5000058878116688e-8,
], 16);

/** Whether the exponentials of both lanes are certainly normal numbers; false for a NaN. */
// @ts-ignore: decorator
@inline
function moderate(x: v128): v128 {
  return f64x2.le(f64x2.abs(x), constant(TABLE, 0));
}

/** Two lanes of {@link exp}, bit for bit, for moderate x: the low bits of the shifted product are k, which joins the exponent. */
// @ts-ignore: decorator
@inline
function moderatePair(x: v128): v128 {
  const round = constant(TABLE, 2);
  const shifted = f64x2.add(f64x2.mul(x, constant(TABLE, 1)), round);
  const k = f64x2.sub(shifted, round);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, constant(TABLE, 3))), f64x2.mul(k, constant(TABLE, 4)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const low = f64x2.add(linearTerms(P, r, 0), f64x2.mul(linearTerms(P, r, 2), r2));
  const high = f64x2.add(f64x2.add(linearTerms(P, r, 4), f64x2.mul(linearTerms(P, r, 6), r2)), f64x2.mul(linearTerms(P, r, 8), r4));
  const p = f64x2.add(f64x2.add(f64x2.mul(f64x2.add(low, f64x2.mul(high, r4)), r2), r), constant(TABLE, 5));
  return i64x2.add(p, i64x2.shl(shifted, 52));
}

/** Two lanes of {@link exp}, one by one: out of line, because few arguments need it. */
// @ts-ignore: decorator
@inline(never)
function anyPair(x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)));
}

/** Two lanes of {@link exp}, bit for bit. */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  return i64x2.all_true(moderate(x)) ? moderatePair(x) : anyPair(x);
}

/** dst[i] = e^src[i] for i < 4, bit for bit {@link exp}. */
// @ts-ignore: decorator
@inline
export function expFour(src: usize, dst: usize): void {
  const x = v128.load(src);
  const y = v128.load(src, 16);
  if (i64x2.all_true(v128.and(moderate(x), moderate(y)))) {
    v128.store(dst, moderatePair(x));
    v128.store(dst, moderatePair(y), 16);
  } else {
    v128.store(dst, anyPair(x));
    v128.store(dst, anyPair(y), 16);
  }
}

/** dst[i] = e^src[i]. */
export function mapExpF64(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) expFour(seek<f64>(src, i), seek<f64>(dst, i));
  for (; i < n; i++) put<f64>(dst, i, exp(at<f64>(src, i)));
}
