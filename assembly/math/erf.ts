/** Error function and normal distribution function. Mathematics and source: src/backend/ts/math/erf.ts. */
import { at, put } from '../layout';
import { exp } from './exp';

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

/** dst[i] = erf src[i]. */
export function mapErf(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(dst, i, erf(at<f64>(src, i)));
}
