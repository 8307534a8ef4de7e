/** Natural logarithm, one value and two lanes at a time. Mathematics and source: src/math/log.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { choose, constant } from '../simd';

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;
const TWO_54: f64 = 18014398509481984.0;
const SQRT2: f64 = 1.4142135623730951;

export function log(x: f64): f64 {
  if (x != x || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return x;
  let k: i32 = -1023;
  if (x < SMALLEST_NORMAL) {
    x = x * TWO_54;
    k = k - 54;
  }
  const bits = reinterpret<u64>(x);
  k = k + <i32>(bits >> 52);
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > SQRT2) {
    m = m * 0.5;
    k = k + 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r: f64 = 2.0 / 21.0;
  r = r * z + 2.0 / 19.0;
  r = r * z + 2.0 / 17.0;
  r = r * z + 2.0 / 15.0;
  r = r * z + 2.0 / 13.0;
  r = r * z + 2.0 / 11.0;
  r = r * z + 2.0 / 9.0;
  r = r * z + 2.0 / 7.0;
  r = r * z + 2.0 / 5.0;
  r = r * z + 2.0 / 3.0;
  r = r * z;
  const h = 0.5 * f * f;
  return <f64>k * LN2_HIGH - (h - (s * (h + r) + <f64>k * LN2_LOW) - f);
}

// prettier-ignore
const TABLE: usize = memory.data<f64>([
  1.4142135623730951, 1.4142135623730951,
  0.5, 0.5,
  1.0, 1.0,
  2.0, 2.0,
  2.0 / 21.0, 2.0 / 21.0,
  2.0 / 19.0, 2.0 / 19.0,
  2.0 / 17.0, 2.0 / 17.0,
  2.0 / 15.0, 2.0 / 15.0,
  2.0 / 13.0, 2.0 / 13.0,
  2.0 / 11.0, 2.0 / 11.0,
  2.0 / 9.0, 2.0 / 9.0,
  2.0 / 7.0, 2.0 / 7.0,
  2.0 / 5.0, 2.0 / 5.0,
  2.0 / 3.0, 2.0 / 3.0,
  0.6931471803691238, 0.6931471803691238,
  1.9082149292705877e-10, 1.9082149292705877e-10,
  4503599627371519.0, 4503599627371519.0,
  2.2250738585072014e-308, 2.2250738585072014e-308,
  Infinity, Infinity,
], 16);
// prettier-ignore
const BITS: usize = memory.data<u64>([
  0xfffffffffffff, 0xfffffffffffff,
  0x3ff0000000000000, 0x3ff0000000000000,
  0x4330000000000000, 0x4330000000000000,
], 16);

// @ts-ignore: decorator
@inline
function horner(r: v128, z: v128, i: usize): v128 {
  return f64x2.add(f64x2.mul(r, z), constant(TABLE, i));
}

/** Two lanes of {@link log} for positive normal numbers, bit for bit. */
// @ts-ignore: decorator
@inline
export function logPair(x: v128): v128 {
  const one = constant(TABLE, 2);
  // The exponent field as the low bits of 2⁵², less 2⁵² + 1023, is k as a number.
  let k = f64x2.sub(v128.or(i64x2.shr_u(x, 52), constant(BITS, 2)), constant(TABLE, 16));
  let m = v128.or(v128.and(x, constant(BITS, 0)), constant(BITS, 1));
  const large = f64x2.gt(m, constant(TABLE, 0));
  m = choose(large, f64x2.mul(m, constant(TABLE, 1)), m);
  k = f64x2.add(k, v128.and(large, one));
  const f = f64x2.sub(m, one);
  const s = f64x2.div(f, f64x2.add(constant(TABLE, 3), f));
  const z = f64x2.mul(s, s);
  let r = constant(TABLE, 4);
  r = horner(r, z, 5);
  r = horner(r, z, 6);
  r = horner(r, z, 7);
  r = horner(r, z, 8);
  r = horner(r, z, 9);
  r = horner(r, z, 10);
  r = horner(r, z, 11);
  r = horner(r, z, 12);
  r = horner(r, z, 13);
  r = f64x2.mul(r, z);
  const h = f64x2.mul(f64x2.mul(constant(TABLE, 1), f), f);
  const tail = f64x2.add(f64x2.mul(s, f64x2.add(h, r)), f64x2.mul(k, constant(TABLE, 15)));
  return f64x2.sub(f64x2.mul(k, constant(TABLE, 14)), f64x2.sub(f64x2.sub(h, tail), f));
}

/** dst[i] = ln src[i]. A pair with a number that is not positive and normal goes by itself. */
export function mapLog(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const x = vectorAt<f64>(src, i);
    const plain = v128.and(f64x2.ge(x, constant(TABLE, 17)), f64x2.lt(x, constant(TABLE, 18)));
    if (i64x2.all_true(plain)) putVector<f64>(dst, i, logPair(x));
    else {
      put<f64>(dst, i, log(f64x2.extract_lane(x, 0)));
      put<f64>(dst, i + 1, log(f64x2.extract_lane(x, 1)));
    }
  }
  for (; i < n; i++) put<f64>(dst, i, log(at<f64>(src, i)));
}
