/**
 * Enumerates count vectors d of S parts with sum m in the order of their ranks: `count` of them from the one whose prefix sums
 * s_j = d_0 + … + d_{j−1} (j = 1 … S−1) stand in `cursor`, which moves on behind the last. With row j−1 of `ranks` holding
 * R_j(s) = C(s+j−1, j),
 *
 *   rank(d) = Σ_j R_j(s_j)      (the combinatorial number system; it does not depend on m)
 *
 * and d − e_q has the rank in which s_j is less by 1 for every j > q. A lumped state (q, e), |e| = m−1, is number
 * q·stride + rank(e), and comes to d = e + e_q: sources[i·S + q] = q·stride + rank(d − e_q), or −1 where d_q = 0.
 *
 * @accuracy exact (integers)
 * @source D. E. Knuth, The Art of Computer Programming 4A (2011), §7.2.1.3.
 */
export function lumpedCounts(
  cursor: Int32Array,
  ranks: Int32Array,
  width: number,
  S: number,
  m: number,
  stride: number,
  counts: Int32Array,
  sources: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const row = i * S;
    // Ranks of d − e_q from the last q to the first: one more prefix sum is less by 1 each time.
    let rank = 0;
    for (let j = 1; j < S; j++) rank = rank + ranks[(j - 1) * width + cursor[j - 1]!]!;
    let above = m;
    for (let q = S - 1; q >= 0; q--) {
      const below = q === 0 ? 0 : cursor[q - 1]!;
      const part = above - below;
      counts[row + q] = part;
      sources[row + q] = part > 0 ? q * stride + rank : -1;
      if (q > 0 && below > 0) {
        rank = rank - ranks[(q - 1) * width + below]! + ranks[(q - 1) * width + below - 1]!;
      }
      above = below;
    }
    let j = 0;
    while (j < S - 1 && cursor[j]! === (j + 1 < S - 1 ? cursor[j + 1]! : m)) j++;
    if (j < S - 1) {
      cursor[j] = cursor[j]! + 1;
      for (let k = 0; k < j; k++) cursor[k] = 0;
    }
  }
}
