/** Degree and squarings of an exponential. Mathematics: src/backend/ts/functions/exponential-plan.ts. */
import { put, seek } from '../layout';
import { exp } from '../math/exp';
import { log } from '../math/log';
import { relativeSizes, squaringsFor } from './backward-terms';
import { multiply, normOne } from './square-matrices';

const THETA_3: f64 = 1.495585217958292e-2;
const THETA_5: f64 = 2.53939833006323e-1;
const THETA_7: f64 = 0.9504178996162932;
const THETA_9: f64 = 2.097847961257068;
const THETA_13: f64 = 4.25;

export function planExponential(
  width: i32, n: i32, a: usize, powers: usize, scaled: bool, spare: usize, vectors: usize, info: usize, work: usize,
): void {
  const length = width * n * n;
  const a2 = powers;
  const a4 = seek<f64>(a2, length);
  const a6 = seek<f64>(a4, length);
  const a8 = seek<f64>(a6, length);
  const x = vectors;
  const y = seek<f64>(vectors, n);
  const norm = normOne(width, n, a, x);
  relativeSizes(width, n, a, norm, spare);
  multiply(width, n, a, a, 0, a2, work);
  const norm2 = normOne(width, n, a2, x);
  if (!scaled && root(norm2, 2) <= THETA_3 && squaringsFor(3, n, spare, norm, x, y) == 0) return settle(info, 3, 0);
  multiply(width, n, a2, a2, 0, a4, work);
  const norm4 = normOne(width, n, a4, x);
  const d4 = root(norm4, 4);
  const fifth = !scaled && d4 <= THETA_5 && squaringsFor(5, n, spare, norm, x, y) == 0;
  if (fifth && root(norm2 * norm4, 6) <= THETA_5) return settle(info, 5, 0);
  multiply(width, n, a2, a4, 0, a6, work);
  const d6 = root(normOne(width, n, a6, x), 6);
  const high = d4 > d6 ? d4 : d6;
  if (fifth && high <= THETA_3 && squaringsFor(3, n, spare, norm, x, y) == 0) return settle(info, 3, 0);
  if (fifth && high <= THETA_5) return settle(info, 5, 0);
  const seventh = !scaled && d6 <= THETA_7 && squaringsFor(7, n, spare, norm, x, y) == 0;
  const ninth = !scaled && d6 <= THETA_9 && squaringsFor(9, n, spare, norm, x, y) == 0;
  const least = squaringsFor(13, n, spare, norm, x, y);
  if (!seventh && !ninth && ceilLog2(high / THETA_13) <= least) return settle(info, 13, least);
  multiply(width, n, a4, a4, 0, a8, work);
  const d8 = root(normOne(width, n, a8, x), 8);
  const low = d6 > d8 ? d6 : d8;
  if (seventh && low <= THETA_7) return settle(info, 7, 0);
  if (ninth && low <= THETA_9) return settle(info, 9, 0);
  let eta = high < low ? high : low;
  if (ceilLog2(eta / THETA_13) > least && ceilLog2(d8 / THETA_13) < ceilLog2(eta / THETA_13)) {
    multiply(width, n, a4, a6, 0, a8, work);
    const d10 = root(normOne(width, n, a8, x), 10);
    const last = d8 > d10 ? d8 : d10;
    if (last < eta) eta = last;
  }
  const squarings = ceilLog2(eta / THETA_13);
  settle(info, 13, squarings > least ? squarings : least);
}

function settle(info: usize, degree: i32, squarings: i32): void {
  put<f64>(info, 0, <f64>degree);
  put<f64>(info, 1, <f64>squarings);
}

function root(x: f64, k: f64): f64 {
  return x == 0 ? 0 : exp(log(x) / k);
}

function ceilLog2(x: f64): i32 {
  let s = 0;
  for (let power: f64 = 1; power < x; power *= 2) s++;
  return s;
}
