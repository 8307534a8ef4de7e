/** Error function and normal distribution function, one value and two lanes at a time. Mathematics and source: src/math/erf.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { choose, linearTerms } from '../simd';
import { exp, expPair } from './exp';

const SQRT1_2: f64 = 0.7071067811865476;
const LARGEST: f64 = 30;

function erfInside(x: f64): f64 {
  const z = x * x;
  const z2 = z * z;
  let p = 1.371098039802856e-8 - 7.779468488959853e-10 * z;
  p = p * z2 + (1.6447131571279002e-6 - 1.6206313758493214e-7 * z);
  p = p * z2 + (0.00012055293576900626 - 1.4924712302009862e-5 * z);
  p = p * z2 + (0.005223977606118473 - 0.000854832592931449 * z);
  p = p * z2 + (0.11283791670944185 - 0.02686617064311147 * z);
  p = p * z2 + (0.12837916709551256 - 0.3761263890318352 * z);
  return x + x * p;
}

/** erfc x for x ≥ 1. */
function erfcOutside(x: f64): f64 {
  const y = x > LARGEST ? LARGEST : x;
  const t = 1 / (y + 3);
  const u = (y - 3) * t;
  const u2 = u * u;
  let q = -6.668542612575678e-7 + 7.770095540341148e-8 * u;
  q = q * u2 + (3.026424874153273e-6 + 8.533105406541923e-7 * u);
  q = q * u2 + (-1.7568393624404615e-5 - 4.769504159803709e-6 * u);
  q = q * u2 + (0.00010757963202519162 + 3.042567403752753e-5 * u);
  q = q * u2 + (-0.0005483114457594976 - 0.0002767851718066153 * u);
  q = q * u2 + (-0.0012124165435160518 + 0.0030340629009062065 * u);
  q = q * u2 + (0.11952776128565475 - 0.02682723467849456 * u);
  q = q * u2 + (0.5902283571041091 - 0.3104672618991635 * u);
  q = q * u2 + (1.0740069070883398 - 0.8833944531698941 * u);
  return exp(-y * y) * (t * q);
}

export function erf(x: f64): f64 {
  if (abs(x) < 1) return erfInside(x);
  return x > 0 ? 1 - erfcOutside(x) : erfcOutside(-x) - 1;
}

/** Φ(z), the standard normal distribution function. */
export function normalCdf(z: f64): f64 {
  const x = z * SQRT1_2;
  if (abs(x) < 1) return 0.5 + 0.5 * erfInside(x);
  return x > 0 ? 1 - 0.5 * erfcOutside(x) : 0.5 * erfcOutside(-x);
}

/** The coefficients of P and of Q, twice each. */
// prettier-ignore
const P: usize = memory.data<f64>([
  0.12837916709551256, 0.12837916709551256,
  -0.3761263890318352, -0.3761263890318352,
  0.11283791670944185, 0.11283791670944185,
  -0.02686617064311147, -0.02686617064311147,
  0.005223977606118473, 0.005223977606118473,
  -0.000854832592931449, -0.000854832592931449,
  0.00012055293576900626, 0.00012055293576900626,
  -1.4924712302009862e-5, -1.4924712302009862e-5,
  1.6447131571279002e-6, 1.6447131571279002e-6,
  -1.6206313758493214e-7, -1.6206313758493214e-7,
  1.371098039802856e-8, 1.371098039802856e-8,
  -7.779468488959853e-10, -7.779468488959853e-10,
], 16);
// prettier-ignore
const Q: usize = memory.data<f64>([
  1.0740069070883398, 1.0740069070883398,
  -0.8833944531698941, -0.8833944531698941,
  0.5902283571041091, 0.5902283571041091,
  -0.3104672618991635, -0.3104672618991635,
  0.11952776128565475, 0.11952776128565475,
  -0.02682723467849456, -0.02682723467849456,
  -0.0012124165435160518, -0.0012124165435160518,
  0.0030340629009062065, 0.0030340629009062065,
  -0.0005483114457594976, -0.0005483114457594976,
  -0.0002767851718066153, -0.0002767851718066153,
  0.00010757963202519162, 0.00010757963202519162,
  3.042567403752753e-5, 3.042567403752753e-5,
  -1.7568393624404615e-5, -1.7568393624404615e-5,
  -4.769504159803709e-6, -4.769504159803709e-6,
  3.026424874153273e-6, 3.026424874153273e-6,
  8.533105406541923e-7, 8.533105406541923e-7,
  -6.668542612575678e-7, -6.668542612575678e-7,
  7.770095540341148e-8, 7.770095540341148e-8,
], 16);

// @ts-ignore: decorator
@inline
function insidePair(x: v128): v128 {
  const z = f64x2.mul(x, x);
  const z2 = f64x2.mul(z, z);
  let p = linearTerms(P, z, 10);
  p = f64x2.add(f64x2.mul(p, z2), linearTerms(P, z, 8));
  p = f64x2.add(f64x2.mul(p, z2), linearTerms(P, z, 6));
  p = f64x2.add(f64x2.mul(p, z2), linearTerms(P, z, 4));
  p = f64x2.add(f64x2.mul(p, z2), linearTerms(P, z, 2));
  p = f64x2.add(f64x2.mul(p, z2), linearTerms(P, z, 0));
  return f64x2.add(x, f64x2.mul(x, p));
}

// @ts-ignore: decorator
@inline
function outsidePair(x: v128): v128 {
  const three = f64x2.splat(3);
  const y = f64x2.pmin(x, f64x2.splat(LARGEST));
  const t = f64x2.div(f64x2.splat(1), f64x2.add(y, three));
  const u = f64x2.mul(f64x2.sub(y, three), t);
  const u2 = f64x2.mul(u, u);
  let q = linearTerms(Q, u, 16);
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 14));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 12));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 10));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 8));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 6));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 4));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 2));
  q = f64x2.add(f64x2.mul(q, u2), linearTerms(Q, u, 0));
  return f64x2.mul(expPair(f64x2.mul(f64x2.neg(y), y)), f64x2.mul(t, q));
}

/** erf x where |x| < 1, erfc |x| elsewhere; each formula only if a lane wants it, the other lane at 1 in the second. */
// @ts-ignore: decorator
@inline
function eitherPair(x: v128, inside: v128): v128 {
  let result = x;
  if (v128.any_true(inside)) result = insidePair(x);
  if (!i64x2.all_true(inside)) {
    result = choose(inside, result, outsidePair(choose(inside, f64x2.splat(1), f64x2.abs(x))));
  }
  return result;
}

/** Two lanes of {@link normalCdf}, bit for bit. */
// @ts-ignore: decorator
@inline
export function normalCdfPair(z: v128): v128 {
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const x = f64x2.mul(z, f64x2.splat(SQRT1_2));
  const inside = f64x2.lt(f64x2.abs(x), one);
  const value = f64x2.mul(half, eitherPair(x, inside));
  const upper = f64x2.sub(one, value);
  return choose(inside, f64x2.add(half, value), choose(f64x2.gt(x, f64x2.splat(0)), upper, value));
}

function erfPair(x: v128): v128 {
  const one = f64x2.splat(1);
  const inside = f64x2.lt(f64x2.abs(x), one);
  const value = eitherPair(x, inside);
  const outside = choose(f64x2.gt(x, f64x2.splat(0)), f64x2.sub(one, value), f64x2.sub(value, one));
  return choose(inside, value, outside);
}

/** dst[i] = erf src[i]. */
export function mapErf(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, erfPair(vectorAt<f64>(src, i)));
  for (; i < n; i++) put<f64>(dst, i, erf(at<f64>(src, i)));
}
