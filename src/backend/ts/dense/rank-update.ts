/**
 * C = α op(A) op(A)† + β C with real α and β. The lower triangle has the bits of the product with op(A)†; `full` copies it, so
 * the result is exactly symmetric or Hermitian. The diagonal of a complex C is set real.
 */
import { complexProduct } from './complex-gemm.ts';

/** c[i][j] = c[j][i] for j > i. */
export function mirror(n: number, c: Float64Array | Float32Array, ldc: number): void {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) c[i * ldc + j] = c[j * ldc + i]!;
}

/** A is stored n×k, or, where op is the conjugate transpose, k×n. */
export function complexRankUpdate(
  transpose: boolean,
  full: boolean,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  beta: number,
  c: Float64Array,
  ldc: number,
  work: Float64Array,
): void {
  const [opLeft, opRight] = transpose ? [2, 0] : [0, 2];
  complexProduct(opLeft, opRight, n, n, k, [alpha, 0], a, lda, a, lda, [beta, 0], c, ldc, true, work);
  for (let i = 0; i < n; i++) c[2 * (i * ldc + i) + 1] = 0;
  if (!full) return;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [from, to] = [2 * (j * ldc + i), 2 * (i * ldc + j)];
      c[to] = c[from]!;
      c[to + 1] = -c[from + 1]!;
    }
  }
}
