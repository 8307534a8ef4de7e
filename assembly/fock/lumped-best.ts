/** One step of a maximum over paths. Mathematics: src/backend/ts/fock/lumped-best.ts. */
import { at, put } from '../layout';
import { DOWN, HIGH, LOW, UP } from './scaled';

export function lumpedBest(
  from: usize,
  sources: usize,
  p: usize,
  S: i32,
  to: usize,
  back: usize,
  stride: i32,
  first: i32,
  count: i32,
  best: usize,
): void {
  let most = at<f64>(best, 0);
  let mostExponent = at<f64>(best, 1);
  for (let i = 0; i < count; i++) {
    const row = i * S;
    for (let y = 0; y < S; y++) {
      const target = y * stride + first + i;
      let largest: f64 = 0;
      let exponent: f64 = 0;
      let by = 0;
      for (let q = 0; q < S; q++) {
        const source = at<i32>(sources, row + q);
        if (source < 0) continue;
        const position = (row + q) * S + y;
        let m = at<f64>(p, position);
        let e = at<f64>(from, 2 * source + 1);
        if (m == 0 || at<f64>(from, 2 * source) == 0) continue;
        while (m < LOW) {
          m = m * UP;
          e = e - 1;
        }
        m = m * at<f64>(from, 2 * source);
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        if (largest == 0 || e > exponent || (e == exponent && m > largest)) {
          largest = m;
          exponent = e;
          by = q;
        }
      }
      put<f64>(to, 2 * target, largest);
      put<f64>(to, 2 * target + 1, exponent);
      put<u8>(back, y * count + i, <u8>by);
      if (largest == 0) continue;
      if (most == 0 || exponent > mostExponent || (exponent == mostExponent && largest > most)) {
        most = largest;
        mostExponent = exponent;
      }
    }
  }
  put<f64>(best, 0, most);
  put<f64>(best, 1, mostExponent);
}
