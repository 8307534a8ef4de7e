import { exp } from '../../math/exp.ts';

/**
 * Slopes of linear biases on scores, one for each of H heads: with n the largest power of two in H, 2^(−8i/n) for i = 1 … n, then those of 2n heads with odd i.
 *
 * @source O. Press, N. A. Smith, M. Lewis, arXiv:2108.12409, §3, and its code for other numbers of heads; BLOOM, Falcon and MPT all have these, though MPT counts them otherwise.
 */
export function alibiSlopes(H: number): number[] {
  const n = 2 ** Math.floor(Math.log2(H));
  const further = Array.from({ length: H - n }, (_, i) => powerOfHalf((8 * (2 * i + 1)) / (2 * n)));
  return [...Array.from({ length: n }, (_, i) => powerOfHalf((8 * (i + 1)) / n)), ...further];
}

/** 2^(−x), exact for integers. */
function powerOfHalf(x: number): number {
  const whole = Math.floor(x);
  return exp((whole - x) * Math.LN2) / 2 ** whole;
}
