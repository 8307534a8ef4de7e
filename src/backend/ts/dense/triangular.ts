/**
 * op(A) X = B and X op(A) = B with a triangular A, by forward substitution: x_i = (b_i − m_i0 x_0 − … − m_i,i−1 x_{i−1})·(1/m_ii),
 * the terms subtracted in this order and the reciprocal rounded first. A transpose, an upper triangle and right-hand sides as
 * rows are the same with other steps through memory: an upper triangle is solved from its last row, with the sum from its last
 * column. Backward stable: (M + ΔM) X = B with |ΔM| ≤ (n+1)u|M| to first order.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 8.1.
 */

/** Where the elements of M (lower triangular) and of X are, in elements from the start of A and of B. */
export interface Walk {
  readonly startM: number;
  readonly rowM: number;
  readonly columnM: number;
  readonly startX: number;
  /** From one element of a right-hand side to the next, and from one right-hand side to its neighbour. */
  readonly along: number;
  readonly beside: number;
}

/** How forward substitution walks through A and B. */
export function walkOf(left: boolean, upper: boolean, transpose: boolean, n: number, lda: number, ldb: number): Walk {
  const swapped = transpose !== !left;
  const [rowM, columnM] = swapped ? [1, lda] : [lda, 1];
  const [along, beside] = left ? [ldb, 1] : [1, ldb];
  if (upper === swapped) return { startM: 0, rowM, columnM, startX: 0, along, beside };
  const last = n - 1;
  return { startM: last * (lda + 1), rowM: -rowM, columnM: -columnM, startX: last * along, along: -along, beside };
}

/** B becomes X. */
export function solveTriangular(
  { startM, rowM, columnM, startX, along, beside }: Walk,
  unit: boolean,
  n: number,
  count: number,
  a: Float64Array,
  b: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const row = startX + i * along;
    for (let p = 0; p < i; p++) {
      const m = a[startM + i * rowM + p * columnM]!;
      let from = startX + p * along;
      let to = row;
      for (let r = 0; r < count; r++) {
        b[to] = b[to]! - m * b[from]!;
        from += beside;
        to += beside;
      }
    }
    const reciprocal = unit ? 1 : 1 / a[startM + i * (rowM + columnM)]!;
    for (let r = 0; r < count; r++) b[row + r * beside] = b[row + r * beside]! * reciprocal;
  }
}
