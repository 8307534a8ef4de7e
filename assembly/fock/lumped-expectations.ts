/** Expectations over lumped states. Mathematics: src/backend/ts/fock/lumped-expectations.ts. */
import { at, put } from '../layout';
import { DOWN } from './scaled';

export function lumpedExpectations(
  from: usize,
  sources: usize,
  p: usize,
  logP: usize,
  q: usize,
  logQ: usize,
  S: i32,
  count: i32,
  sums: usize,
): void {
  for (let i = 0; i < count * S; i++) {
    const source = at<i32>(sources, i);
    if (source < 0) continue;
    const m = at<f64>(from, 2 * source);
    if (m == 0) continue;
    const e = at<f64>(from, 2 * source + 1);
    const weight = e == 0 ? m : e == -1 ? m * DOWN : 0;
    let entropy: f64 = 0;
    let divergence: f64 = 0;
    for (let y = 0; y < S; y++) {
      const py = at<f64>(p, i * S + y);
      const qy = q == 0 ? 0 : at<f64>(q, i * S + y);
      if (py > 0) {
        const log = at<f64>(logP, i * S + y);
        entropy -= py * log;
        if (logQ != 0) divergence += py * (log - at<f64>(logQ, i * S + y)) - py + qy;
        put<f64>(sums, 2 + y, at<f64>(sums, 2 + y) + weight * py);
      } else divergence += qy;
    }
    put<f64>(sums, 0, at<f64>(sums, 0) + weight * entropy);
    put<f64>(sums, 1, at<f64>(sums, 1) + (divergence == Infinity ? divergence : weight * divergence));
  }
}
