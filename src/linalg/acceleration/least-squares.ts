import type { Backend } from '../../backend/backend.ts';
import { Matrix } from '../matrix/matrix.ts';
import { svd } from '../svd/svd.ts';

export interface LeastSquares {
  /** The shortest x that makes ‖Σ x_j a_j − b‖ least. */
  readonly x: Float64Array;
  /** Numerical rank of the columns. */
  readonly rank: number;
}

/** Least squares by singular values; those below max(m, n)·2⁻⁵² of the largest count as 0. */
export function leastSquares(backend: Backend, columns: readonly Float64Array[], b: Float64Array): LeastSquares {
  const [m, n] = [b.length, columns.length];
  const a = new Matrix(m, n);
  for (const [j, column] of columns.entries()) for (let i = 0; i < m; i++) a.data[i * n + j] = column[i]!;
  const { u, values, v } = svd(backend, a);
  const cutoff = Math.max(m, n) * 2 ** -52 * (values[0] ?? 0);
  const x = new Float64Array(n);
  const rank = values.filter((value) => value > cutoff).length;
  for (let k = 0; k < rank; k++) {
    let inner = 0;
    for (let i = 0; i < m; i++) inner += u.data[i * u.columns + k]! * b[i]!;
    for (let j = 0; j < n; j++) x[j]! += (v.data[j * v.columns + k]! * inner) / values[k]!;
  }
  return { x, rank };
}
