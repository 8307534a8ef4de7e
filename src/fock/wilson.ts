import { checkInteger } from '../core/checks.ts';

/** 97.5 % quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/** An interval of probabilities. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/**
 * Wilson's 95 % interval of a probability from `count` successes in `n` independent trials:
 * (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n), p̂ = count/n, z = 1.96.
 *
 * @throws DomainError unless n ≥ 1 and 0 ≤ count ≤ n are integers.
 * @source E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209–212.
 */
export function wilsonInterval(count: number, n: number): Interval {
  checkInteger('wilsonInterval', 'n', n, 1);
  checkInteger('wilsonInterval', 'count', count, 0, n);
  const p = count / n;
  const z2 = (Z_95 * Z_95) / n;
  const centre = p + z2 / 2;
  const half = Math.sqrt(z2 * (p * (1 - p) + z2 / 4));
  // At the ends the two terms are equal, and rounding must not leave [0, 1].
  const low = count === 0 ? 0 : (centre - half) / (1 + z2);
  const high = count === n ? 1 : (centre + half) / (1 + z2);
  return { low, high };
}
