/** Divergences of two laws. Mathematics: src/backend/ts/qlens/compare-laws.ts. Scalar: the terms branch. */
import { at, put } from '../layout';
import { log } from '../math/log';

const SERIES_BELOW: f64 = 0.125;
const TWO_LN2: f64 = 1.3862943611198906;

// @ts-ignore: decorator
@inline
function divergenceTerm(p: f64, logP: f64, q: f64, logQ: f64): f64 {
  if (p == 0) return q;
  const d = logP - logQ;
  if (!(abs(d) < SERIES_BELOW)) return p * (d - 1) + q;
  let s: f64 = 1.0 / 479001600.0;
  s = 1.0 / 39916800.0 - s * d;
  s = 1.0 / 3628800.0 - s * d;
  s = 1.0 / 362880.0 - s * d;
  s = 1.0 / 40320.0 - s * d;
  s = 1.0 / 5040.0 - s * d;
  s = 1.0 / 720.0 - s * d;
  s = 1.0 / 120.0 - s * d;
  s = 1.0 / 24.0 - s * d;
  s = 1.0 / 6.0 - s * d;
  s = 0.5 - s * d;
  return p * (s * (d * d));
}

// @ts-ignore: decorator
@inline
function jensenShannonTerm(p: f64, q: f64): f64 {
  const s = p + q;
  if (s == 0) return 0;
  if (p == 0 || q == 0) return 0.25 * s * TWO_LN2;
  const t = (p - q) / s;
  if (!(abs(t) < SERIES_BELOW)) {
    const u = (2 * p) / s;
    const w = (2 * q) / s;
    return 0.25 * s * (u * log(u) + w * log(w));
  }
  const z = t * t;
  let f: f64 = 1.0 / 153.0;
  f = f * z + 1.0 / 120.0;
  f = f * z + 1.0 / 91.0;
  f = f * z + 1.0 / 66.0;
  f = f * z + 1.0 / 45.0;
  f = f * z + 1.0 / 28.0;
  f = f * z + 1.0 / 15.0;
  f = f * z + 1.0 / 6.0;
  f = f * z + 1.0;
  return 0.25 * s * (f * z);
}

export function compareLaws(p: usize, logP: usize, q: usize, logQ: usize, divergences: usize, V: i32): void {
  let kl: f64 = 0;
  let jensenShannon: f64 = 0;
  let variation: f64 = 0;
  for (let i = 0; i < V; i++) {
    const pi = at<f64>(p, i);
    const qi = at<f64>(q, i);
    kl += divergenceTerm(pi, at<f64>(logP, i), qi, at<f64>(logQ, i));
    jensenShannon += jensenShannonTerm(pi, qi);
    variation += abs(pi - qi);
  }
  put<f64>(divergences, 0, kl);
  put<f64>(divergences, 1, jensenShannon);
  put<f64>(divergences, 2, 0.5 * variation);
}
