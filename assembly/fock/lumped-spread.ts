/** One step of a sum over paths. Mathematics: src/backend/ts/fock/lumped-spread.ts. */
import { at, put } from '../layout';
import { addScaled, DOWN, HIGH, LOW, UP } from './scaled';

export function lumpedSpread(
  from: usize,
  sources: usize,
  powers: usize,
  S: i32,
  to: usize,
  stride: i32,
  first: i32,
  count: i32,
  total: usize,
): void {
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < S; y++) {
      const target = y * stride + first + i;
      put<f64>(to, 2 * target, 0);
      put<f64>(to, 2 * target + 1, 0);
      for (let q = 0; q < S; q++) {
        const source = at<i32>(sources, i * S + q);
        if (source < 0) continue;
        const position = (i * S + q) * S + y;
        let m = at<f64>(from, 2 * source) * at<f64>(powers, 2 * position);
        if (m == 0) continue;
        let e = at<f64>(from, 2 * source + 1) + at<f64>(powers, 2 * position + 1);
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        addScaled(to, target, m, e);
      }
      const sum = at<f64>(to, 2 * target);
      if (sum != 0) addScaled(total, 0, sum, at<f64>(to, 2 * target + 1));
    }
  }
}
