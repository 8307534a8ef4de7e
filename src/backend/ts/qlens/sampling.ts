/**
 * Moments of the sampling operator S = diag(ids) in ψ: moments = [Σ ids·ψ², Σ (ids − mean)²·ψ²], paired sums.
 *
 * @accuracy two passes, so the variance does not cancel; parity exact.
 * @source QLens, eqs. 11–14.
 */
export function samplingMoments(psi: Float64Array, ids: Float64Array, moments: Float64Array, V: number): void {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < V; i += 2) {
    even += ids[i]! * psi[i]! * psi[i]!;
    if (i + 1 < V) odd += ids[i + 1]! * psi[i + 1]! * psi[i + 1]!;
  }
  const mean = even + odd;
  even = 0;
  odd = 0;
  for (let i = 0; i < V; i += 2) {
    const left = ids[i]! - mean;
    even += left * left * psi[i]! * psi[i]!;
    if (i + 1 < V) {
      const right = ids[i + 1]! - mean;
      odd += right * right * psi[i + 1]! * psi[i + 1]!;
    }
  }
  moments[0] = mean;
  moments[1] = even + odd;
}

/** overlaps = [⟨b_a|ψ⟩ …, ⟨b_a|(S − mean)ψ⟩ …] for the rows b_a of `basis`, paired sums; parity exact. */
export function samplingOverlaps(
  psi: Float64Array,
  ids: Float64Array,
  mean: number,
  basis: Float64Array,
  overlaps: Float64Array,
  V: number,
  rank: number,
): void {
  for (let a = 0; a < rank; a++) {
    const row = a * V;
    let even = 0;
    let odd = 0;
    let evenMoved = 0;
    let oddMoved = 0;
    for (let i = 0; i < V; i += 2) {
      const left = basis[row + i]! * psi[i]!;
      even += left;
      evenMoved += left * (ids[i]! - mean);
      if (i + 1 < V) {
        const right = basis[row + i + 1]! * psi[i + 1]!;
        odd += right;
        oddMoved += right * (ids[i + 1]! - mean);
      }
    }
    overlaps[a] = even + odd;
    overlaps[rank + a] = evenMoved + oddMoved;
  }
}
