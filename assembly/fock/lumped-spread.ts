/** One step of a sum over paths. Mathematics: src/backend/ts/fock/lumped-spread.ts. */
import { at, put } from '../layout';
import { exp } from '../math/exp';
import { DOWN, HIGH, LOW, UP } from './scaled';

const LN_UP_HIGH: f64 = 354.8913563489914;
const LN_UP_LOW: f64 = 9.770060437865409e-8;
const PER_LN_UP: f64 = 0.0028177637517362566;

export function lumpedSpread(
  from: usize,
  sources: usize,
  p: usize,
  logP: usize,
  a: f64,
  logQ: usize,
  b: f64,
  S: i32,
  to: usize,
  stride: i32,
  first: i32,
  count: i32,
  total: usize,
): void {
  const product = logQ == 0 && (a == 1 || a == 2);
  let all = at<f64>(total, 0);
  let allExponent = at<f64>(total, 1);
  for (let i = 0; i < count; i++) {
    const row = i * S;
    for (let y = 0; y < S; y++) {
      let sum: f64 = 0;
      let exponent: f64 = 0;
      for (let q = 0; q < S; q++) {
        const source = at<i32>(sources, row + q);
        if (source < 0) continue;
        const place = (row + q) * S + y;
        let m = at<f64>(p, place);
        let e = at<f64>(from, 2 * source + 1);
        if (m == 0 || at<f64>(from, 2 * source) == 0 || (logQ != 0 && at<f64>(logQ, place) == -Infinity)) continue;
        if (product) {
          while (m < LOW) {
            m = m * UP;
            e = e - a;
          }
          if (a == 2) m = m * m;
        } else {
          let t = a * at<f64>(logP, place);
          if (logQ != 0) t = t + b * at<f64>(logQ, place);
          const k = floor(t * PER_LN_UP + 0.5);
          m = exp(t - k * LN_UP_HIGH - k * LN_UP_LOW);
          e = e + k;
        }
        m = m * at<f64>(from, 2 * source);
        while (m < LOW) {
          m = m * UP;
          e = e - 1;
        }
        if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        if (e == exponent) sum = sum + m;
        else if (sum == 0 || e > exponent + 1) {
          sum = m;
          exponent = e;
        } else if (e == exponent - 1) sum = sum + m * DOWN;
        else if (e == exponent + 1) {
          sum = sum * DOWN + m;
          exponent = e;
        }
      }
      if (sum >= HIGH) {
        sum = sum * DOWN;
        exponent = exponent + 1;
      }
      const target = y * stride + first + i;
      put<f64>(to, 2 * target, sum);
      put<f64>(to, 2 * target + 1, exponent);
      if (sum == 0) continue;
      if (exponent == allExponent) all = all + sum;
      else if (all == 0 || exponent > allExponent + 1) {
        all = sum;
        allExponent = exponent;
      } else if (exponent == allExponent - 1) all = all + sum * DOWN;
      else if (exponent == allExponent + 1) {
        all = all * DOWN + sum;
        allExponent = exponent;
      }
      if (all >= HIGH) {
        all = all * DOWN;
        allExponent = allExponent + 1;
      }
    }
  }
  put<f64>(total, 0, all);
  put<f64>(total, 1, allExponent);
}
