import { exp } from './exp.ts';

/**
 * Error function. For |x| < 2 the series erf x = (2/√π) e^{−x²} Σ_{n≥0} 2^n x^{2n+1}/(2n+1)!!, all of whose terms have one
 * sign; beyond, the continued fraction erfc x = e^{−x²}/(√π (x + ½/(x + 1/(x + (3/2)/(x + …))))) from level 60 down.
 *
 * @accuracy erf: relative error below 1e-15; normalCdf: absolute error below 1e-15 (tests/unit/elementary.test.ts).
 * @source NIST Digital Library of Mathematical Functions, 7.6.2 and 7.9.1.
 */
const TWO_OVER_SQRT_PI = 1.1283791670955126;
const ONE_OVER_SQRT_PI = 0.5641895835477563;
const LEVELS = 60;

function erfSeries(x: number): number {
  const z = 2 * x * x;
  let term = x;
  let sum = x;
  let odd = 3;
  while (Math.abs(term) > 1e-17 * Math.abs(sum)) {
    term = (term * z) / odd;
    sum = sum + term;
    odd = odd + 2;
  }
  return TWO_OVER_SQRT_PI * exp(-x * x) * sum;
}

/** erfc x for x ≥ 2. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let level = LEVELS; level > 0; level--) tail = x + (0.5 * level) / tail;
  return (ONE_OVER_SQRT_PI * exp(-x * x)) / tail;
}

export function erf(x: number): number {
  if (Math.abs(x) < 2) return erfSeries(x);
  return x > 0 ? 1 - erfcFraction(x) : erfcFraction(-x) - 1;
}

/** Φ(z), the standard normal distribution function, ½ erfc(−z/√2). */
export function normalCdf(z: number): number {
  const x = z * Math.SQRT1_2;
  if (Math.abs(x) < 2) return 0.5 + 0.5 * erfSeries(x);
  return x > 0 ? 1 - 0.5 * erfcFraction(x) : 0.5 * erfcFraction(-x);
}

/** dst[i] = erf src[i]. */
export function mapErf(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = erf(src[i]!);
}
