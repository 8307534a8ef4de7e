/** Hyperbolic tangent, one value and two lanes at a time. Mathematics and source: src/math/tanh.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { choose } from '../simd';
import { exp, expPair } from './exp';

const SMALL: f64 = 0.625;

export function tanh(x: f64): f64 {
  const t = abs(x);
  if (t < SMALL) {
    const z = x * x;
    const u = z / (3 + z / (5 + z / (7 + z / (9 + z / (11 + z / (13 + z / 15))))));
    return x - x * (u / (1 + u));
  }
  const large = 1 - 2 / (exp(2 * t) + 1);
  return x < 0 ? -large : large;
}

// @ts-ignore: decorator
@inline
function level(z: v128, odd: f64, rest: v128): v128 {
  return f64x2.add(f64x2.splat(odd), f64x2.div(z, rest));
}

/** Two lanes of {@link tanh}, bit for bit; a formula that neither lane wants is left out. */
export function tanhPair(x: v128): v128 {
  const one = f64x2.splat(1);
  const t = f64x2.abs(x);
  const small = f64x2.lt(t, f64x2.splat(SMALL));
  let result = x;
  if (v128.any_true(small)) {
    const z = f64x2.mul(x, x);
    const rest = level(z, 5, level(z, 7, level(z, 9, level(z, 11, level(z, 13, f64x2.splat(15))))));
    const u = f64x2.div(z, level(z, 3, rest));
    result = f64x2.sub(x, f64x2.mul(x, f64x2.div(u, f64x2.add(one, u))));
  }
  if (!i64x2.all_true(small)) {
    const two = f64x2.splat(2);
    const large = f64x2.sub(one, f64x2.div(two, f64x2.add(expPair(f64x2.mul(two, t)), one)));
    const sign = v128.and(x, i64x2.splat(0x8000000000000000));
    result = choose(small, result, v128.or(large, sign));
  }
  return result;
}

/** dst[i] = tanh src[i]. */
export function mapTanh(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, tanhPair(vectorAt<f64>(src, i)));
  for (; i < n; i++) put<f64>(dst, i, tanh(at<f64>(src, i)));
}
