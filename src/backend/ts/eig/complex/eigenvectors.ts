/**
 * Eigenvectors of A from its Schur form: those of T, carried back by Q, by the balancing and to unit length.
 */
import { undoBalance } from '../balance.ts';
import { LOWER, multiply, UPPER } from './product.ts';
import { columnsFromRows, flip, triangularVectors } from './triangular.ts';
import { unitVectors } from './unit-vectors.ts';

/**
 * Columns of `vectors` = right eigenvectors x (A x = λ x), or left ones y (y* A = λ y*), of unit norm, largest element real.
 * pivots[k] = the component of vector k of T along e_k over the norm of the same vector of A: so |y*x| = pivot_x · pivot_y,
 * without cancellation, because x lives on 0…k and y on k…n−1. rows: n rounded up to a multiple of 4, times ld complex
 * numbers; square: n×ld; work: 4n, at least 8.
 */
export function complexEigenvectors(
  t: Float64Array,
  q: Float64Array,
  ld: number,
  n: number,
  left: boolean,
  lo: number,
  hi: number,
  scale: Float64Array,
  vectors: Float64Array,
  pivots: Float64Array,
  rows: Float64Array,
  square: Float64Array,
  work: Float64Array,
): void {
  const row = 2 * ld;
  if (left) {
    flip(t, ld, n, square);
    triangularVectors(square, ld, n, rows, work, vectors);
    for (let k = 0; k < n; k++) pivots[k] = work[n - 1 - k]!;
  } else triangularVectors(t, ld, n, rows, pivots, work);
  columnsFromRows(rows, ld, n, square, left);
  multiply(q, 0, row, square, 0, row, vectors, 0, row, n, n, n, left ? LOWER : UPPER);
  undoBalance(vectors, ld, n, n, lo, hi, scale, left);
  unitVectors(vectors, ld, n, pivots, work);
}
