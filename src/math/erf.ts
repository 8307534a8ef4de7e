import { exp } from './exp.ts';

/**
 * Error function. For |x| < 1, erf x = x + x·P(x²), P of degree 11; beyond, erfc x = e^(−x²)·t·Q((x − 3)·t) with t = 1/(x + 3) and Q of
 * degree 17, which is minimax up to x = 28, where erfc x underflows. Both sums run over pairs of terms, so that few of their
 * operations wait for one another.
 *
 * @accuracy erf: within 2 ulp. normalCdf: absolute error below 1e-15, and a relative one below (8 + 2z²)·u, u = 2⁻⁵³, for z ≤ −√2
 * (tests/unit/elementary.test.ts).
 * @source P and Q: Remez' exchange in scripts/minimax.py; the map of x to (x − 3)/(x + 3): M. M. Shepherd and J. G. Laframboise,
 * Math. Comp. 36 (1981) 249.
 */
/** e^(−x²) is zero from here on, and ∞/∞ must not arise. */
const LARGEST = 30;

/** erf x for |x| < 1. */
function erfInside(x: number): number {
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
function erfcOutside(x: number): number {
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

export function erf(x: number): number {
  if (Math.abs(x) < 1) return erfInside(x);
  return x > 0 ? 1 - erfcOutside(x) : erfcOutside(-x) - 1;
}

/** Φ(z), the standard normal distribution function, ½ erfc(−z/√2). */
export function normalCdf(z: number): number {
  const x = z * Math.SQRT1_2;
  if (Math.abs(x) < 1) return 0.5 + 0.5 * erfInside(x);
  return x > 0 ? 1 - 0.5 * erfcOutside(x) : 0.5 * erfcOutside(-x);
}

/** dst[i] = erf src[i]. */
export function mapErf(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = erf(src[i]!);
}
