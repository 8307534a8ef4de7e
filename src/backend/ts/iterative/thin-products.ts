/**
 * Products of a real m×n matrix, rows `lda` apart, with a vector or two: one pass over the matrix.
 *
 * @accuracy |error| ≤ (n+2)u|A||x|, or (m+2)u|A|ᵀ|x| added up in y, to first order; parity exact.
 */

/** y = A x: the sum over even columns plus that over odd ones, each from left to right. */
export function forward(m: number, n: number, a: Float64Array, lda: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < m; i++) {
    const row = i * lda;
    let [even, odd] = [0, 0];
    let k = 0;
    for (; k + 2 <= n; k += 2) {
      even += a[row + k]! * x[k]!;
      odd += a[row + k + 1]! * x[k + 1]!;
    }
    if (k < n) even += a[row + k]! * x[k]!;
    y[i] = even + odd;
  }
}

/** y ← y + Aᵀ x, a row of A after the other. */
export function addAdjoint(m: number, n: number, a: Float64Array, lda: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < m; i++) {
    const row = i * lda;
    for (let k = 0; k < n; k++) y[k] = y[k]! + a[row + k]! * x[i]!;
  }
}

/** Rows y_r = A x_r, or Aᵀ x_r where `adjoint`, for r < count: rows x_r `ldx` apart, y_r `ldy` apart. */
export function rowProducts(
  adjoint: number,
  count: number,
  m: number,
  n: number,
  a: Float64Array,
  lda: number,
  x: Float64Array,
  ldx: number,
  y: Float64Array,
  ldy: number,
): void {
  for (let r = 0; r < count; r++) {
    const [from, to] = [x.subarray(r * ldx), y.subarray(r * ldy)];
    if (adjoint === 0) forward(m, n, a, lda, from, to);
    else {
      to.fill(0, 0, n);
      addAdjoint(m, n, a, lda, from, to);
    }
  }
}
