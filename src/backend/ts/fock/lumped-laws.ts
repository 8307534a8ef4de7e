/**
 * Laws of lumped states. A history has c_k = base[k] + d_k tokens k (d_k only for the first S of the K tokens), and query q:
 *
 *   a^(h)_k = c_k e^{G^(h)[q,k] − g} / Σ_k c_k e^{G^(h)[q,k] − g},   p[y] = Σ_{(k_1 … k_H): map(k_1 … k_H) = y} Π_h a^(h)_{k_h}
 *
 * with g the largest score that occurs. `weights` holds e^{G^(h)[q,k] − G^(h)[q,g]} at ((h·S + q)·K + g)·K + k (0 where the score of
 * k is above that of g: then g is not the largest that occurs), `order` the tokens by falling score at (h·S + q)·K. Row (i, q)
 * of p has S elements, all 0 where d_q = 0.
 *
 * @accuracy stable: relative error about (K + 5)·H·u per probability, u = 2⁻⁵³; a probability below 2⁻¹⁰⁷⁴ is 0.
 * @source Z. Chen (2025), eqs. 3, 5, 7; several heads own.
 */
export function lumpedLaws(
  weights: Float64Array,
  order: Int32Array,
  map: Int32Array,
  base: Float64Array,
  counts: Int32Array,
  S: number,
  K: number,
  H: number,
  products: Float64Array,
  masses: Float64Array,
  p: Float64Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < K; k++) masses[K + k] = base[k]! + (k < S ? counts[i * S + k]! : 0);
    for (let q = 0; q < S; q++) {
      const row = (i * S + q) * S;
      for (let y = 0; y < S; y++) p[row + y] = 0;
      if (counts[i * S + q] === 0) continue;
      let tuples = 1;
      products[0] = 1;
      for (let h = 0; h < H; h++) {
        const head = (h * S + q) * K;
        let g = 0;
        for (let j = 0; j < K; j++) {
          g = order[head + j]!;
          if (masses[K + g]! > 0) break;
        }
        const from = (head + g) * K;
        let total = 0;
        for (let k = 0; k < K; k++) {
          const mass = masses[K + k]! * weights[from + k]!;
          masses[k] = mass;
          total += mass;
        }
        const share = 1 / total;
        if (h === H - 1) {
          for (let t = 0; t < tuples; t++) {
            const product = products[t]! * share;
            for (let k = 0; k < K; k++) {
              const y = row + map[t * K + k]!;
              p[y] = p[y]! + product * masses[k]!;
            }
          }
          break;
        }
        // From the last tuple to the first: a product is read before its place is written.
        for (let t = tuples - 1; t >= 0; t--) {
          const product = products[t]! * share;
          for (let k = K - 1; k >= 0; k--) products[t * K + k] = product * masses[k]!;
        }
        tuples = tuples * K;
      }
    }
  }
}
