/**
 * y = α op(A) x + β y: each y_i = α s_i (+ β y_i if β ≠ 0) with one left-to-right sum s_i from 0, so that with α = 1, β = 0 the
 * bits are those of a product with a matrix of one column. |error| ≤ (k+2)u(|α||A||x| + |β||y|) to first order.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 3.5.
 */
export function gemv(
  transpose: boolean,
  m: number,
  n: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  x: Float64Array,
  beta: number,
  y: Float64Array,
): void {
  const [count, length] = transpose ? [n, m] : [m, n];
  const [row, column] = transpose ? [1, lda] : [lda, 1];
  for (let i = 0; i < count; i++) {
    let sum = 0;
    let at = i * row;
    for (let p = 0; p < length; p++) {
      sum += a[at]! * x[p]!;
      at += column;
    }
    y[i] = beta === 0 ? alpha * sum : alpha * sum + beta * y[i]!;
  }
}
