import { DOWN, HIGH, LOW, UP } from './scaled.ts';

/**
 * One step of max over paths: to(y, d) = max_q from(q, d − e_q)·p(d, q, y), and back(y, d) the q that attains it, the least of
 * several. Arguments as in `lumpedSpread`; `best` holds the largest number so far.
 *
 * @accuracy relative error u per step
 * @source A. J. Viterbi, IEEE Trans. Inf. Theory 13 (1967) 260–269.
 */
export function lumpedBest(
  from: Float64Array,
  sources: Int32Array,
  p: Float64Array,
  S: number,
  to: Float64Array,
  back: Uint8Array,
  stride: number,
  first: number,
  count: number,
  best: Float64Array,
): void {
  let most = best[0]!;
  let mostExponent = best[1]!;
  for (let i = 0; i < count; i++) {
    const row = i * S;
    for (let y = 0; y < S; y++) {
      const target = y * stride + first + i;
      let largest = 0;
      let exponent = 0;
      let by = 0;
      for (let q = 0; q < S; q++) {
        const source = sources[row + q]!;
        if (source < 0) continue;
        const at = (row + q) * S + y;
        let m = p[at]!;
        let e = from[2 * source + 1]!;
        if (m === 0 || from[2 * source] === 0) continue;
        while (m < LOW) {
          m = m * UP;
          e = e - 1;
        }
        m = m * from[2 * source]!;
        if (m < LOW) {
          m = m * UP;
          e = e - 1;
        } else if (m >= HIGH) {
          m = m * DOWN;
          e = e + 1;
        }
        if (largest === 0 || e > exponent || (e === exponent && m > largest)) {
          largest = m;
          exponent = e;
          by = q;
        }
      }
      to[2 * target] = largest;
      to[2 * target + 1] = exponent;
      back[y * count + i] = by;
      if (largest === 0) continue;
      if (most === 0 || exponent > mostExponent || (exponent === mostExponent && largest > most)) {
        most = largest;
        mostExponent = exponent;
      }
    }
  }
  best[0] = most;
  best[1] = mostExponent;
}
