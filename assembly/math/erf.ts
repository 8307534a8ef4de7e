/** Error function and normal distribution function, one value and two lanes at a time. Mathematics and source: src/backend/ts/math/erf.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { choose } from '../simd';
import { exp, expPair } from './exp';

const TWO_OVER_SQRT_PI: f64 = 1.1283791670955126;
const ONE_OVER_SQRT_PI: f64 = 0.5641895835477563;
const SQRT1_2: f64 = 0.7071067811865476;
const LEVELS: i32 = 60;

function erfSeries(x: f64): f64 {
  const z = 2 * x * x;
  let term = x;
  let sum = x;
  let odd: f64 = 3;
  while (abs(term) > 1e-17 * abs(sum)) {
    term = (term * z) / odd;
    sum = sum + term;
    odd = odd + 2;
  }
  return TWO_OVER_SQRT_PI * exp(-x * x) * sum;
}

/** erfc x for x ≥ 2. */
function erfcFraction(x: f64): f64 {
  let tail = x;
  for (let level = LEVELS; level > 0; level--) tail = x + (0.5 * <f64>level) / tail;
  return (ONE_OVER_SQRT_PI * exp(-x * x)) / tail;
}

export function erf(x: f64): f64 {
  if (abs(x) < 2) return erfSeries(x);
  return x > 0 ? 1 - erfcFraction(x) : erfcFraction(-x) - 1;
}

/** Φ(z), the standard normal distribution function. */
export function normalCdf(z: f64): f64 {
  const x = z * SQRT1_2;
  if (abs(x) < 2) return 0.5 + 0.5 * erfSeries(x);
  return x > 0 ? 1 - 0.5 * erfcFraction(x) : 0.5 * erfcFraction(-x);
}

/**
 * Two lanes of {@link erfSeries}. A lane that is done goes on with its neighbour: its terms only shrink, and none of them is
 * more than a tenth of an ulp of its sum, so its bits stay.
 */
// @ts-ignore: decorator
@inline
function seriesPair(x: v128): v128 {
  const z = f64x2.mul(f64x2.mul(f64x2.splat(2), x), x);
  const least = f64x2.splat(1e-17);
  const two = f64x2.splat(2);
  let term = x;
  let sum = x;
  let odd = f64x2.splat(3);
  while (v128.any_true(f64x2.gt(f64x2.abs(term), f64x2.mul(least, f64x2.abs(sum))))) {
    term = f64x2.div(f64x2.mul(term, z), odd);
    sum = f64x2.add(sum, term);
    odd = f64x2.add(odd, two);
  }
  return f64x2.mul(f64x2.mul(f64x2.splat(TWO_OVER_SQRT_PI), expPair(f64x2.mul(f64x2.neg(x), x))), sum);
}

// @ts-ignore: decorator
@inline
function fractionPair(x: v128): v128 {
  const half = f64x2.splat(0.5);
  let halves = f64x2.splat(0.5 * <f64>LEVELS);
  let tail = x;
  for (let level = LEVELS; level > 0; level--) {
    tail = f64x2.add(x, f64x2.div(halves, tail));
    halves = f64x2.sub(halves, half);
  }
  return f64x2.div(f64x2.mul(f64x2.splat(ONE_OVER_SQRT_PI), expPair(f64x2.mul(f64x2.neg(x), x))), tail);
}

/** erf x where |x| < 2, erfc |x| elsewhere; each formula only if a lane wants it, the other lane at 0 or 2 meanwhile. */
// @ts-ignore: decorator
@inline
function eitherPair(x: v128, inside: v128): v128 {
  let result = f64x2.splat(0);
  if (v128.any_true(inside)) result = seriesPair(v128.and(x, inside));
  if (!i64x2.all_true(inside)) {
    result = choose(inside, result, fractionPair(choose(inside, f64x2.splat(2), f64x2.abs(x))));
  }
  return result;
}

/** Two lanes of {@link normalCdf}, bit for bit. */
// @ts-ignore: decorator
@inline
export function normalCdfPair(z: v128): v128 {
  const half = f64x2.splat(0.5);
  const x = f64x2.mul(z, f64x2.splat(SQRT1_2));
  const inside = f64x2.lt(f64x2.abs(x), f64x2.splat(2));
  const value = f64x2.mul(half, eitherPair(x, inside));
  const upper = f64x2.sub(f64x2.splat(1), value);
  return choose(inside, f64x2.add(half, value), choose(f64x2.gt(x, f64x2.splat(0)), upper, value));
}

function erfPair(x: v128): v128 {
  const inside = f64x2.lt(f64x2.abs(x), f64x2.splat(2));
  const value = eitherPair(x, inside);
  const one = f64x2.splat(1);
  const outside = choose(f64x2.gt(x, f64x2.splat(0)), f64x2.sub(one, value), f64x2.sub(value, one));
  return choose(inside, value, outside);
}

/** dst[i] = erf src[i]. */
export function mapErf(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, erfPair(vectorAt<f64>(src, i)));
  for (; i < n; i++) put<f64>(dst, i, erf(at<f64>(src, i)));
}
