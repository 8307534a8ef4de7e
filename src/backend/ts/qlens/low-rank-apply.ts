/**
 * y = identity·x + Σ_a w_a·b_a with w = C·(⟨b_1|x⟩ … ⟨b_r|x⟩)ᵀ, b_a the rows of `basis`. The inner products are paired
 * sums; the rest runs over a from left to right. work = [⟨b_a|x⟩ …, w_a …].
 *
 * @cost O(rank·V)
 * @accuracy parity exact.
 * @source own: I + Bᵀ C B is the form of any unitary that acts on the span of `rank` vectors only.
 */
export function lowRankApply(
  x: Float64Array,
  basis: Float64Array,
  coefficients: Float64Array,
  identity: number,
  y: Float64Array,
  work: Float64Array,
  V: number,
  rank: number,
): void {
  for (let a = 0; a < rank; a++) {
    const row = a * V;
    let even = 0;
    let odd = 0;
    let i = 0;
    for (; i + 2 <= V; i += 2) {
      even += basis[row + i]! * x[i]!;
      odd += basis[row + i + 1]! * x[i + 1]!;
    }
    if (i < V) even += basis[row + i]! * x[i]!;
    work[a] = even + odd;
  }
  for (let a = 0; a < rank; a++) {
    let weight = 0;
    for (let b = 0; b < rank; b++) weight += coefficients[a * rank + b]! * work[b]!;
    work[rank + a] = weight;
  }
  for (let i = 0; i < V; i++) y[i] = identity * x[i]!;
  for (let a = 0; a < rank; a++) {
    const row = a * V;
    const weight = work[rank + a]!;
    for (let i = 0; i < V; i++) y[i] = y[i]! + weight * basis[row + i]!;
  }
}
