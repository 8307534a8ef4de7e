import { addScaled, DOWN, HIGH, LOW, UP } from './scaled.ts';

/**
 * One step of Σ over paths: to(y, d) = Σ_q from(q, d − e_q)·powers(d, q, y) for `count` count vectors d, state (y, d) being
 * number y·stride + first + i. Sources as `lumpedCounts` gives them; every number is scaled. `total` receives Σ to in addition to
 * what it holds.
 *
 * @accuracy relative error about (S + 1)·u per state, all terms being non-negative.
 * @source own
 */
export function lumpedSpread(
  from: Float64Array,
  sources: Int32Array,
  powers: Float64Array,
  S: number,
  to: Float64Array,
  stride: number,
  first: number,
  count: number,
  total: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < S; y++) {
      const target = y * stride + first + i;
      to[2 * target] = 0;
      to[2 * target + 1] = 0;
      for (let q = 0; q < S; q++) {
        const source = sources[i * S + q]!;
        if (source < 0) continue;
        const at = (i * S + q) * S + y;
        let m = from[2 * source]! * powers[2 * at]!;
        if (m === 0) continue;
        let e = from[2 * source + 1]! + powers[2 * at + 1]!;
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        addScaled(to, target, m, e);
      }
      if (to[2 * target]! !== 0) addScaled(total, 0, to[2 * target]!, to[2 * target + 1]!);
    }
  }
}
