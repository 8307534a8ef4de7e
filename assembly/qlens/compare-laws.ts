/**
 * Divergences of two laws. Mathematics: src/backend/ts/qlens/compare-laws.ts. Two units at a time: a lane takes the closed form or the
 * series as its unit would alone, and a form that no lane takes is left out. Sums run from left to right.
 */
import { at, put, vectorAt } from '../layout';
import { log, logPair } from '../math/log';
import { choose, constant } from '../simd';

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

function termAt(p: usize, logP: usize, q: usize, logQ: usize, i: i32): f64 {
  return divergenceTerm(at<f64>(p, i), at<f64>(logP, i), at<f64>(q, i), at<f64>(logQ, i));
}

// prettier-ignore
const TABLE: usize = memory.data<f64>([
  2.2250738585072014e-308, 2.2250738585072014e-308,
  0.125, 0.125,
  0.25, 0.25,
  2.0, 2.0,
  1.0, 1.0,
  1.0 / 479001600.0, 1.0 / 479001600.0,
  1.0 / 39916800.0, 1.0 / 39916800.0,
  1.0 / 3628800.0, 1.0 / 3628800.0,
  1.0 / 362880.0, 1.0 / 362880.0,
  1.0 / 40320.0, 1.0 / 40320.0,
  1.0 / 5040.0, 1.0 / 5040.0,
  1.0 / 720.0, 1.0 / 720.0,
  1.0 / 120.0, 1.0 / 120.0,
  1.0 / 24.0, 1.0 / 24.0,
  1.0 / 6.0, 1.0 / 6.0,
  0.5, 0.5,
  1.0 / 153.0, 1.0 / 153.0,
  1.0 / 120.0, 1.0 / 120.0,
  1.0 / 91.0, 1.0 / 91.0,
  1.0 / 66.0, 1.0 / 66.0,
  1.0 / 45.0, 1.0 / 45.0,
  1.0 / 28.0, 1.0 / 28.0,
  1.0 / 15.0, 1.0 / 15.0,
  1.0 / 6.0, 1.0 / 6.0,
  1.0, 1.0,
], 16);

/** cᵢ − s·d. */
// @ts-ignore: decorator
@inline
function falling(s: v128, d: v128, i: usize): v128 {
  return f64x2.sub(constant(TABLE, i), f64x2.mul(s, d));
}

/** f·z + cᵢ. */
// @ts-ignore: decorator
@inline
function rising(f: v128, z: v128, i: usize): v128 {
  return f64x2.add(f64x2.mul(f, z), constant(TABLE, i));
}

/** Two lanes of {@link divergenceTerm} for p > 0. */
// @ts-ignore: decorator
@inline
function divergencePair(p: v128, logP: v128, q: v128, logQ: v128): v128 {
  const d = f64x2.sub(logP, logQ);
  const small = f64x2.lt(f64x2.abs(d), constant(TABLE, 1));
  const closed = f64x2.add(f64x2.mul(p, f64x2.sub(d, constant(TABLE, 4))), q);
  if (!v128.any_true(small)) return closed;
  let s = constant(TABLE, 5);
  s = falling(s, d, 6);
  s = falling(s, d, 7);
  s = falling(s, d, 8);
  s = falling(s, d, 9);
  s = falling(s, d, 10);
  s = falling(s, d, 11);
  s = falling(s, d, 12);
  s = falling(s, d, 13);
  s = falling(s, d, 14);
  s = falling(s, d, 15);
  return choose(small, f64x2.mul(p, f64x2.mul(s, f64x2.mul(d, d))), closed);
}

/** Two lanes of {@link jensenShannonTerm}, s = p + q, where u = 2p/s and w = 2q/s are normal numbers. */
// @ts-ignore: decorator
@inline
function jensenShannonPair(p: v128, q: v128, s: v128, u: v128, w: v128): v128 {
  const t = f64x2.div(f64x2.sub(p, q), s);
  const small = f64x2.lt(f64x2.abs(t), constant(TABLE, 1));
  const quarter = f64x2.mul(constant(TABLE, 2), s);
  let closed = f64x2.splat(0);
  if (!i64x2.all_true(small)) {
    const sum = f64x2.add(f64x2.mul(u, logPair(u)), f64x2.mul(w, logPair(w)));
    closed = f64x2.mul(quarter, sum);
    if (!v128.any_true(small)) return closed;
  }
  const z = f64x2.mul(t, t);
  let f = constant(TABLE, 16);
  f = rising(f, z, 17);
  f = rising(f, z, 18);
  f = rising(f, z, 19);
  f = rising(f, z, 20);
  f = rising(f, z, 21);
  f = rising(f, z, 22);
  f = rising(f, z, 23);
  f = rising(f, z, 24);
  return choose(small, f64x2.mul(quarter, f64x2.mul(f, z)), closed);
}

export function compareLaws(p: usize, logP: usize, q: usize, logQ: usize, divergences: usize, V: i32): void {
  let kl: f64 = 0;
  let jensenShannon: f64 = 0;
  let variation: f64 = 0;
  const paired = V & ~1;
  for (let i = 0; i < paired; i += 2) {
    const ps = vectorAt<f64>(p, i);
    const qs = vectorAt<f64>(q, i);
    const sum = f64x2.add(ps, qs);
    const u = f64x2.div(f64x2.mul(constant(TABLE, 3), ps), sum);
    const w = f64x2.div(f64x2.mul(constant(TABLE, 3), qs), sum);
    const least = constant(TABLE, 0);
    let divergence: v128;
    let mixed: v128;
    if (i64x2.all_true(v128.and(f64x2.ge(u, least), f64x2.ge(w, least)))) {
      divergence = divergencePair(ps, vectorAt<f64>(logP, i), qs, vectorAt<f64>(logQ, i));
      mixed = jensenShannonPair(ps, qs, sum, u, w);
    } else {
      divergence = f64x2.splat(termAt(p, logP, q, logQ, i));
      divergence = f64x2.replace_lane(divergence, 1, termAt(p, logP, q, logQ, i + 1));
      mixed = f64x2.splat(jensenShannonTerm(at<f64>(p, i), at<f64>(q, i)));
      mixed = f64x2.replace_lane(mixed, 1, jensenShannonTerm(at<f64>(p, i + 1), at<f64>(q, i + 1)));
    }
    const distance = f64x2.abs(f64x2.sub(ps, qs));
    kl = kl + f64x2.extract_lane(divergence, 0) + f64x2.extract_lane(divergence, 1);
    jensenShannon = jensenShannon + f64x2.extract_lane(mixed, 0) + f64x2.extract_lane(mixed, 1);
    variation = variation + f64x2.extract_lane(distance, 0) + f64x2.extract_lane(distance, 1);
  }
  if (paired < V) {
    kl += termAt(p, logP, q, logQ, paired);
    jensenShannon += jensenShannonTerm(at<f64>(p, paired), at<f64>(q, paired));
    variation += abs(at<f64>(p, paired) - at<f64>(q, paired));
  }
  put<f64>(divergences, 0, kl);
  put<f64>(divergences, 1, jensenShannon);
  put<f64>(divergences, 2, 0.5 * variation);
}
