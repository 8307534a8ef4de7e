/**
 * y = α op(A) x + β y over interleaved complex numbers, with the four real sums of a complex product.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 3.6.
 */
import { combine } from './complex-gemm.ts';

/** A is stored m×n; operations: 0 none, 1 transpose, 2 conjugate transpose. */
export function complexGemv(
  op: number,
  m: number,
  n: number,
  alpha: readonly [number, number],
  a: Float64Array,
  lda: number,
  x: Float64Array,
  beta: readonly [number, number],
  y: Float64Array,
): void {
  const [count, length] = op === 0 ? [m, n] : [n, m];
  const [row, column] = op === 0 ? [lda, 1] : [1, lda];
  for (let i = 0; i < count; i++) {
    let [rr, ii, ri, ir] = [0, 0, 0, 0];
    for (let p = 0; p < length; p++) {
      const at = 2 * (i * row + p * column);
      const [re, im] = [a[at]!, a[at + 1]!];
      const [xRe, xIm] = [x[2 * p]!, x[2 * p + 1]!];
      rr += re * xRe;
      ii += im * xIm;
      ri += re * xIm;
      ir += im * xRe;
    }
    combine(y, 2 * i, [rr, ii, ri, ir], [op === 2 ? -1 : 1, 1], alpha, beta);
  }
}
