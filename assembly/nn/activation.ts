/** Secant gates and elementwise arithmetic. Mathematics: src/backend/ts/nn/activation.ts. */
import { at, put, putPairRounded, putRounded, putVector, rowOf, seek, vectorAt, wideAt, widePairAt } from '../layout';
import { exp, expPair } from '../math/exp';
import { expF32, expFourF32 } from '../math/exp-f32';
import { lanes } from '../simd';
import { normalCdf, normalCdfPair } from '../math/erf';
import { tanh, tanhPair } from '../math/tanh';

const GELU: i32 = 0;
const GELU_TANH: i32 = 1;
const SILU: i32 = 2;
const GELU_BLOOM: i32 = 4;
/** 2·√(2/π), and 2·0.79788456. */
const TWO_SQRT_2_OVER_PI: f64 = 1.5957691216057308;
const TWO_OF_BLOOM: f64 = 1.59576912;
const CUBIC: f64 = 0.044715;

// @ts-ignore: decorator
@inline
function exponent<T>(z: T, code: i32): T {
  if (code == SILU) return -z;
  const factor: T = code == GELU_TANH ? <T>TWO_SQRT_2_OVER_PI : <T>TWO_OF_BLOOM;
  return -(factor * (z + <T>CUBIC * (z * z * z)));
}

/** A vector of {@link exponent}s. */
// @ts-ignore: decorator
@inline
function exponents<T>(z: v128, code: i32): v128 {
  if (code == SILU) return v128.neg<T>(z);
  const cube = v128.mul<T>(v128.mul<T>(z, z), z);
  const sum = v128.add<T>(z, v128.mul<T>(v128.splat<T>(<T>CUBIC), cube));
  const factor: T = code == GELU_TANH ? <T>TWO_SQRT_2_OVER_PI : <T>TWO_OF_BLOOM;
  return v128.neg<T>(v128.mul<T>(v128.splat<T>(factor), sum));
}

/** r[i] = logistic gate of z[i], a vector at a time, in the precision of z. `code` is a literal. */
// @ts-ignore: decorator
@inline
function logisticGate<T>(z: usize, r: usize, n: i32, code: i32): void {
  const one = v128.splat<T>(1);
  const step = lanes<T>();
  let i = 0;
  for (; i + step <= n; i += step) {
    const x = exponents<T>(vectorAt<T>(z, i), code);
    const e = sizeof<T>() == 4 ? expFourF32(x) : expPair(x);
    putVector<T>(r, i, v128.div<T>(one, v128.add<T>(one, e)));
  }
  for (; i < n; i++) {
    const x = exponent<T>(at<T>(z, i), code);
    put<T>(r, i, 1 / (1 + (sizeof<T>() == 4 ? <T>expF32(<f32>x) : <T>exp(<f64>x))));
  }
}

// @ts-ignore: decorator
@inline
function gate<T>(z: usize, r: usize, n: i32, code: i32): void {
  let i = 0;
  if (code == GELU_TANH) logisticGate<T>(z, r, n, GELU_TANH);
  else if (code == GELU_BLOOM) logisticGate<T>(z, r, n, GELU_BLOOM);
  else if (code == SILU) logisticGate<T>(z, r, n, SILU);
  else if (code == GELU) {
    for (; i + 2 <= n; i += 2) {
      const g = normalCdfPair(f64x2.replace_lane(f64x2.splat(wideAt<T>(z, i)), 1, wideAt<T>(z, i + 1)));
      putRounded<T>(r, i, f64x2.extract_lane(g, 0));
      putRounded<T>(r, i + 1, f64x2.extract_lane(g, 1));
    }
    for (; i < n; i++) putRounded<T>(r, i, normalCdf(wideAt<T>(z, i)));
  } else {
    const step = lanes<T>();
    const zero = v128.splat<T>(0);
    const one = v128.splat<T>(1);
    for (; i + step <= n; i += step) putVector<T>(r, i, v128.and(v128.gt<T>(vectorAt<T>(z, i), zero), one));
    for (; i < n; i++) put<T>(r, i, <T>(at<T>(z, i) > 0 ? 1 : 0));
  }
}

export function gateF32(z: usize, r: usize, n: i32, code: i32): void {
  gate<f32>(z, r, n, code);
}
export function gateF64(z: usize, r: usize, n: i32, code: i32): void {
  gate<f64>(z, r, n, code);
}

// @ts-ignore: decorator
@inline
function multiply<T>(x: usize, r: usize, y: usize, n: i32, period: i32): void {
  for (let start = 0; start < n; start += period) {
    const from = seek<T>(x, start);
    const to = seek<T>(y, start);
    const count = min(period, n - start);
    for (let i = 0; i < count; i++) put<T>(to, i, at<T>(from, i) * at<T>(r, i));
  }
}

export function multiplyF32(x: usize, r: usize, y: usize, n: i32, period: i32): void {
  multiply<f32>(x, r, y, n, period);
}
export function multiplyF64(x: usize, r: usize, y: usize, n: i32, period: i32): void {
  multiply<f64>(x, r, y, n, period);
}

export function addF32(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f32>(y, i, at<f32>(y, i) + at<f32>(x, i));
}
export function addF64(x: usize, y: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(y, i, at<f64>(y, i) + at<f64>(x, i));
}

// @ts-ignore: decorator
@inline
function softCap<T>(x: usize, y: usize, n: i32, cap: f64): void {
  const caps = f64x2.splat(cap);
  let i = 0;
  for (; i + 2 <= n; i += 2) putPairRounded<T>(y, i, f64x2.mul(caps, tanhPair(f64x2.div(widePairAt<T>(x, i), caps))));
  if (i < n) putRounded<T>(y, i, cap * tanh(wideAt<T>(x, i) / cap));
}

export function softCapF32(x: usize, y: usize, n: i32, cap: f64): void {
  softCap<f32>(x, y, n, cap);
}
export function softCapF64(x: usize, y: usize, n: i32, cap: f64): void {
  softCap<f64>(x, y, n, cap);
}
