/**
 * Cholesky factorisation. Mathematics: src/backend/ts/factorisations/cholesky.ts. The left half of the columns is factorised over its
 * whole height, its product is subtracted from the right half, and that factorised; the cuts do not show in the bits. Products
 * reach above the diagonal, where nothing is read, and all of that is cleared in the end. Work space: as for the LU factorisation.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { subtractRows } from '../dense/rows';
import { subtractProduct } from '../dense/subtract-product';
import { cut, gatherColumns, PANEL, scatterColumns, subtractMultiples } from './column-panel';

/** Columns whose product is computed from their first row down. */
const STRIP: i32 = 48;

export function cholesky(a: usize, n: i32, width: i32, work: usize): i32 {
  const status = factoriseColumns(a, n, width, 0, n, work);
  for (let i = 0; i < n; i++) {
    memory.fill(seek<f64>(rowOf<f64>(a, i, width * n), width * (i + 1)), 0, (<usize>(width * (n - i - 1))) * 8);
  }
  return status;
}

function factoriseColumns(a: usize, n: i32, width: i32, first: i32, count: i32, work: usize): i32 {
  if (count <= PANEL) return factorisePanel(a, n, width, first, count, work);
  const left = cut(count);
  const status = factoriseColumns(a, n, width, first, left, work);
  if (status != 0) return status;
  const next = first + left;
  for (let column = next; column < first + count; column += STRIP) {
    const rows = seek<f64>(rowOf<f64>(a, column, width * n), width * first);
    const to = seek<f64>(rows, width * (column - first));
    subtractProduct(width, true, n - column, min(STRIP, first + count - column), left, rows, n, rows, n, to, n, work);
  }
  return factoriseColumns(a, n, width, next, count - left, work);
}

/** Real columns receive all their terms at once, complex ones after each step. */
function factorisePanel(a: usize, n: i32, width: i32, first: i32, count: i32, work: usize): i32 {
  const rows = n - first;
  const length = width * rows;
  const place = seek<f64>(rowOf<f64>(a, first, width * n), width * first);
  gatherColumns(width, place, n, rows, count, work);
  for (let k = 0; k < count; k++) {
    const column = rowOf<f64>(work, k, length);
    const diagonal = seek<f64>(column, width * k);
    if (width == 1) subtractRows(1, rows - k, k, seek<f64>(work, k), length, seek<f64>(work, k), length, diagonal, false);
    if (!(at<f64>(diagonal, 0) > 0)) return first + k + 1;
    const root = sqrt<f64>(at<f64>(diagonal, 0));
    put<f64>(diagonal, 0, root);
    if (width == 2) put<f64>(diagonal, 1, 0);
    const factor = 1 / root;
    let i = width * (k + 1);
    for (; i + 2 <= length; i += 2) putVector<f64>(column, i, f64x2.mul(vectorAt<f64>(column, i), f64x2.splat(factor)));
    if (i < length) put<f64>(column, i, at<f64>(column, i) * factor);
    for (let j = k + 1; width == 2 && j < count; j++) {
      const element = seek<f64>(column, 2 * j);
      subtractMultiples(rows - j, at<f64>(element, 0), -at<f64>(element, 1), element, seek<f64>(rowOf<f64>(work, j, length), 2 * j));
    }
  }
  scatterColumns(width, place, n, rows, count, work);
  return 0;
}
