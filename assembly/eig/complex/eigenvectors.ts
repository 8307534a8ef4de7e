/** Mathematics: src/backend/ts/eig/complex/eigenvectors.ts. */
import { at, put } from '../../layout';
import { undoBalance } from '../balance';
import { LOWER, multiply, UPPER } from './product';
import { columnsFromRows, flip, triangularVectors } from './triangular';
import { unitVectors } from './unit-vectors';

export function complexEigenvectors(
  t: usize, q: usize, ld: i32, n: i32, left: boolean, lo: i32, hi: i32, scale: usize,
  vectors: usize, pivots: usize, rows: usize, square: usize, work: usize,
): void {
  const row = 2 * ld;
  if (left) {
    flip(t, ld, n, square);
    triangularVectors(square, ld, n, rows, work, vectors);
    for (let k = 0; k < n; k++) put<f64>(pivots, k, at<f64>(work, n - 1 - k));
  } else triangularVectors(t, ld, n, rows, pivots, work);
  columnsFromRows(rows, ld, n, square, left);
  multiply(q, 0, row, square, 0, row, vectors, 0, row, n, n, n, left ? LOWER : UPPER);
  undoBalance(vectors, ld, n, n, lo, hi, scale, left);
  unitVectors(vectors, ld, n, pivots, work);
}
