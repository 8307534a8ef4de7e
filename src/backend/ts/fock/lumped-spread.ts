import { exp } from '../../../math/exp.ts';
import { DOWN, HIGH, LOW, UP } from './scaled.ts';

/** 512·ln 2 in two parts, so that small multiples of the first are exact. */
const LN_UP_HIGH = 354.8913563489914;
const LN_UP_LOW = 9.770060437865409e-8;
const PER_LN_UP = 0.0028177637517362566;

/**
 * One step of a sum over paths of powers of their probabilities:
 *
 *   to(y, d) = Σ_q from(q, d − e_q)·p(d, q, y)^a·q(d, q, y)^b      (without logQ: p^a)
 *
 * for `count` count vectors d, state (y, d) being number y·stride + first + i. Sources as `lumpedCounts` gives them; `from`, `to` and
 * `total` are scaled, and `total` receives Σ to in addition to what it holds. p and p² are products, other powers e^{a ln p + b ln q}.
 *
 * @accuracy relative error about (S + 1)·u per state for a = 1 and 2, all terms being non-negative; else u·|a ln p + b ln q| more.
 * @source own
 */
export function lumpedSpread(
  from: Float64Array,
  sources: Int32Array,
  p: Float64Array,
  logP: Float64Array,
  a: number,
  logQ: Float64Array | null,
  b: number,
  S: number,
  to: Float64Array,
  stride: number,
  first: number,
  count: number,
  total: Float64Array,
): void {
  const product = logQ === null && (a === 1 || a === 2);
  let all = total[0]!;
  let allExponent = total[1]!;
  for (let i = 0; i < count; i++) {
    const row = i * S;
    for (let y = 0; y < S; y++) {
      let sum = 0;
      let exponent = 0;
      for (let q = 0; q < S; q++) {
        const source = sources[row + q]!;
        if (source < 0) continue;
        const at = (row + q) * S + y;
        let m = p[at]!;
        let e = from[2 * source + 1]!;
        if (m === 0 || from[2 * source] === 0 || (logQ !== null && logQ[at] === -Infinity)) continue;
        if (product) {
          while (m < LOW) {
            m = m * UP;
            e = e - a;
          }
          if (a === 2) m = m * m;
        } else {
          let t = a * logP[at]!;
          if (logQ !== null) t = t + b * logQ[at]!;
          const k = Math.floor(t * PER_LN_UP + 0.5);
          m = exp(t - k * LN_UP_HIGH - k * LN_UP_LOW);
          e = e + k;
        }
        m = m * from[2 * source]!;
        while (m < LOW) {
          m = m * UP;
          e = e - 1;
        }
        if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        if (e === exponent) sum = sum + m;
        else if (sum === 0 || e > exponent + 1) {
          sum = m;
          exponent = e;
        } else if (e === exponent - 1) sum = sum + m * DOWN;
        else if (e === exponent + 1) {
          sum = sum * DOWN + m;
          exponent = e;
        }
      }
      if (sum >= HIGH) {
        sum = sum * DOWN;
        exponent = exponent + 1;
      }
      const target = y * stride + first + i;
      to[2 * target] = sum;
      to[2 * target + 1] = exponent;
      if (sum === 0) continue;
      if (exponent === allExponent) all = all + sum;
      else if (all === 0 || exponent > allExponent + 1) {
        all = sum;
        allExponent = exponent;
      } else if (exponent === allExponent - 1) all = all + sum * DOWN;
      else if (exponent === allExponent + 1) {
        all = all * DOWN + sum;
        allExponent = exponent;
      }
      if (all >= HIGH) {
        all = all * DOWN;
        allExponent = allExponent + 1;
      }
    }
  }
  total[0] = all;
  total[1] = allExponent;
}
