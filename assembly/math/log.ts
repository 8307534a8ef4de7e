/** Natural logarithm. Mathematics and source: src/backend/ts/math/log.ts. */
import { at, put } from '../layout';

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

/** dst[i] = ln src[i]. */
export function mapLog(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(dst, i, log(at<f64>(src, i)));
}
