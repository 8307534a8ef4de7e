/**
 * Inner products of the lower triangles of A and PᵀBP for permutation matrices P, `count` of them: Σ_{j<i} a_ij·b_{o_i o_j}. Rows of B are read
 * whole and out of order in one index only, so each costs n²/2 gathered reads.
 *
 * @accuracy |error| ≤ (n/2 + 1 + n)u·Σ|terms|; parity exact.
 */
export function permutedProduct(
  a: Float64Array,
  b: Float64Array,
  order: Int32Array,
  n: number,
  count: number,
  result: Float64Array,
): void {
  for (let k = 0; k < count; k++) result[k] = productUnder(a, b, order.subarray(k * n, (k + 1) * n), n);
}

function productUnder(a: Float64Array, b: Float64Array, order: Int32Array, n: number): number {
  let total = 0;
  for (let i = 1; i < n; i++) {
    const row = order[i]! * n;
    let even = 0;
    let odd = 0;
    let j = 0;
    for (; j + 2 <= i; j += 2) {
      even += a[i * n + j]! * b[row + order[j]!]!;
      odd += a[i * n + j + 1]! * b[row + order[j + 1]!]!;
    }
    if (j < i) even += a[i * n + j]! * b[row + order[j]!]!;
    total += even + odd;
  }
  return total;
}
