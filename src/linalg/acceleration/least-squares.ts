import type { Backend } from '../../backend/backend.ts';
import { Matrix } from '../matrix/matrix.ts';
import { norm } from '../matrix/vectors.ts';
import { svd } from '../svd/svd.ts';

export interface LeastSquares {
  /** The shortest x that makes ‖Σ x_j a_j − b‖ least. */
  readonly x: Float64Array;
  /** Numerical rank of the columns. */
  readonly rank: number;
  /** ‖Σ x_j a_j − b‖. */
  readonly residual: number;
  /** How far x may move, to first order, where the columns and b move by ‖noise‖ each; 0 for no column. */
  readonly error: number;
}

/**
 * Least squares by singular values; those below max(m, n)·2⁻⁵² of the largest count as 0, and those that `noise`, the norm of the columns'
 * errors, may have made.
 *
 * @source P.-Å. Wedin, BIT 13 (1973) 217: how x moves.
 */
export function leastSquares(
  backend: Backend,
  columns: readonly Float64Array[],
  b: Float64Array,
  noise: number,
): LeastSquares {
  const [m, n] = [b.length, columns.length];
  const a = new Matrix(m, n);
  for (const [j, column] of columns.entries()) for (let i = 0; i < m; i++) a.data[i * n + j] = column[i]!;
  const { u, values, v } = svd(backend, a);
  const cutoff = Math.max(Math.max(m, n) * 2 ** -52 * (values[0] ?? 0), noise);
  const x = new Float64Array(n);
  const rest = b.slice();
  const rank = values.filter((value) => value > cutoff).length;
  for (let k = 0; k < rank; k++) {
    let inner = 0;
    for (let i = 0; i < m; i++) inner += u.data[i * u.columns + k]! * b[i]!;
    for (let i = 0; i < m; i++) rest[i]! -= u.data[i * u.columns + k]! * inner;
    for (let j = 0; j < n; j++) x[j]! += (v.data[j * v.columns + k]! * inner) / values[k]!;
  }
  const residual = norm(rest);
  const relative = rank === 0 ? 0 : noise / values[rank - 1]!;
  return { x, rank, residual, error: rank === 0 ? 0 : relative * (norm(x) + 1 + residual / values[rank - 1]!) };
}
