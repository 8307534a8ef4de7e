import { exp } from './exp.ts';

/**
 * Hyperbolic tangent. For |x| < 0.625, Lambert's continued fraction tanh x = x/(1 + u), u = x²/(3 + x²/(5 + x²/(7 + …))) down to
 * 15 (truncation below 1e-17 of it), as x − x·u/(1+u), where an error of u counts for less than an eighth; beyond,
 * 1 − 2/(e^{2|x|} + 1) with the sign of x.
 *
 * @accuracy within 2 ulp (tests/unit/elementary.test.ts).
 * @source NIST Digital Library of Mathematical Functions, 4.39.1 (the continued fraction of tan z, at iz).
 */
const SMALL = 0.625;

export function tanh(x: number): number {
  const t = Math.abs(x);
  if (t < SMALL) {
    const z = x * x;
    const u = z / (3 + z / (5 + z / (7 + z / (9 + z / (11 + z / (13 + z / 15))))));
    return x - x * (u / (1 + u));
  }
  const large = 1 - 2 / (exp(2 * t) + 1);
  return x < 0 ? -large : large;
}

/** dst[i] = tanh src[i]. */
export function mapTanh(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = tanh(src[i]!);
}
