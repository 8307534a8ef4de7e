import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';

/** B_{2j}/(2j)!, j = 1 … 8. */
const COEFFICIENTS = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

/**
 * Z = Σ_{k≥0} ((q+k)/q)^{−s} = q^s ζ(s, q), ζ Hurwitz's function, and M = Σ_{k≥0} ln((q+k)/q)·((q+k)/q)^{−s} = −∂Z/∂s: so M/Z is the mean
 * of ln(x/q) under the law x^{−s}/ζ(s, q) on x = q, q+1, …. The first terms are summed up to q + N ≥ s + 20, the rest is Euler–Maclaurin's
 * formula with eight Bernoulli numbers.
 *
 * @param s above 1
 * @param q at least 1
 * @accuracy relative 1e-13 for s up to 100
 * @source F. Johansson, Numer. Algor. 69 (2015) 253, eq. 3.
 */
export function zetaSums(s: number, q: number): { readonly Z: number; readonly M: number } {
  let [Z, M] = [0, 0];
  const N = Math.max(0, Math.ceil(s + 20 - q));
  for (let k = 0; k < N; k++) {
    const y = log((q + k) / q);
    const term = exp(-s * y);
    Z += term;
    M += y * term;
    // What follows is less than term·(q + k)/(s − 1).
    if (s > 2 && term * (q + k) < 1e-18 * Z) return { Z, M };
  }
  const a = q + N;
  const y = log(a / q);
  const f = exp(-s * y);
  const integral = (a * f) / (s - 1);
  Z += integral + f / 2;
  M += integral * (y + 1 / (s - 1)) + (y * f) / 2;
  let [product, harmonic] = [f / a, 0];
  for (const [j, coefficient] of COEFFICIENTS.entries()) {
    // s(s+1)…(s+2j) a^{−2j−1} f, and Σ 1/(s+i) over its factors.
    if (j > 0) {
      for (const i of [2 * j - 1, 2 * j]) {
        product *= (s + i) / a;
        harmonic += 1 / (s + i);
      }
    } else {
      product *= s;
      harmonic += 1 / s;
    }
    Z += coefficient * product;
    M += coefficient * product * (y - harmonic);
  }
  return { Z, M };
}
