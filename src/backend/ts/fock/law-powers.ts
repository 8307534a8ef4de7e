import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';
import { DOWN, HIGH, LOW, UP } from './scaled.ts';

/** 512·ln 2 in two parts, so that small multiples of the first are exact. */
const LN_UP_HIGH = 354.8913563489914;
const LN_UP_LOW = 9.770060437865409e-8;
const PER_LN_UP = 0.0028177637517362566;

/**
 * powers[i] = p[i]^a · q[i]^b as scaled numbers, or p[i]^a without q; 0 where either is 0. Exponents 1 and 2 of p alone are
 * products, others go through e^{a ln p + b ln q}.
 *
 * @accuracy relative error u for a = 1 and 2; else u·(1 + |a ln p| + |b ln q|) to a small factor.
 * @source own
 */
export function lawPowers(
  p: Float64Array,
  a: number,
  q: Float64Array | null,
  b: number,
  powers: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    let m = p[i]!;
    let e = 0;
    if (m === 0 || (q !== null && q[i] === 0)) m = 0;
    else if (q === null && (a === 1 || a === 2)) {
      while (m < LOW) {
        m = m * UP;
        e = e - 1;
      }
      if (a === 2) {
        m = m * m;
        e = e + e;
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
      }
    } else {
      let t = a * log(m);
      if (q !== null) t = t + b * log(q[i]!);
      e = Math.floor(t * PER_LN_UP + 0.5);
      m = exp(t - e * LN_UP_HIGH - e * LN_UP_LOW);
    }
    powers[2 * i] = m;
    powers[2 * i + 1] = e;
  }
}
