import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { reorderSchur, type Schur } from '../eigen/schur.ts';
import { ComplexMatrix } from '../matrix/matrix.ts';

/** A matrix on an invariant subspace of another. */
export interface Projection {
  /** k×k, upper triangular; what {@link resolventGrid} and its like take. */
  readonly t: ComplexMatrix;
  /** n×k: an orthonormal basis of the subspace. */
  readonly basis: ComplexMatrix;
}

/**
 * The restriction Q*AQ of a matrix to the invariant subspace of some eigenvalues, for pseudospectra of a large matrix near them:
 * σ_min(z − A) ≤ σ_min(z − t), with near equality where the other eigenvalues are far and nearly orthogonal.
 *
 * @param leading indices of t's diagonal, at least one.
 * @throws what {@link reorderSchur} throws; DomainError for no index.
 * @accuracy that of reorderSchur.
 * @cost n·k exchanges of neighbours, O(n) each; then grids cost k² instead of n² per step and point.
 * @source S.-C. Toh, L. N. Trefethen, SIAM J. Sci. Comput. 17 (1996) 1; T. G. Wright, L. N. Trefethen, ibid. 23 (2001) 591.
 * @example
 * const { t } = projectOnEigenvalues(backend, schur(backend, a), [0, 1, 2]);
 */
export function projectOnEigenvalues(backend: Backend, form: Schur, leading: readonly number[]): Projection {
  checkInteger('projectOnEigenvalues', 'leading.length', leading.length, 1, form.t.rows);
  const { q, t } = reorderSchur(backend, form, leading);
  const [n, k] = [t.rows, leading.length];
  return { t: cornerOf(t, 0, 0, k, k), basis: cornerOf(q, 0, 0, n, k) };
}

/** The rows and columns from a place on. */
export function cornerOf(
  { columns: n, data }: ComplexMatrix,
  row: number,
  column: number,
  rows: number,
  columns: number,
): ComplexMatrix {
  const result = new ComplexMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const from = 2 * ((row + i) * n + column);
    result.data.set(data.subarray(from, from + 2 * columns), 2 * i * columns);
  }
  return result;
}
