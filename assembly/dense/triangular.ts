/**
 * Triangular solves, real. Mathematics: src/backend/ts/dense/triangular.ts.
 *
 * Every case is forward substitution with a lower triangular M over strided arrays: a transpose swaps M's steps, an upper
 * triangle reverses both orders, right-hand sides beside one another are rows. −M is packed once, row blocks of 3: a sliver of
 * the columns before the block, then its 3×3 diagonal block. A group of panels of 6 right-hand sides is packed; in each panel
 * the register block of the products subtracts what is known, and finishes three rows with the diagonal block. The
 * panels of a group take turns at each row block, so that the tail of one overlaps with the products of the next.
 * Work space: packed M, the group.
 */
import { at, put, seek } from '../layout';
import { element, pack } from './pack';
import { finishPacked, ROWS } from './tile';

const WIDTH: i32 = 6;
/** Panels in a group. */
const GROUP: i32 = 8;
const DIAGONAL: i32 = ROWS * ROWS;

/** Where row block q of the packed triangle begins: Σ_{q' < q} (9 q' + 9) elements. */
// @ts-ignore: decorator
@inline
export function blockStart(packed: usize, q: i32): usize {
  return packed + (<usize>DIAGONAL) * ((<usize>q) * (<usize>(q + 1)) / 2) * 8;
}

/** Off-diagonal part negated, the diagonal inverted (ones beyond the order n or where `unit`). */
function packTriangle(n: i32, m: usize, row: i32, column: i32, unit: i32, packed: usize): void {
  for (let q = 0, i = 0; i < n; q++, i += ROWS) {
    const sliver = blockStart(packed, q);
    const rows = min(ROWS, n - i);
    pack<f64>(element<f64>(m, i, row, 0, 0), row, column, rows, i, ROWS, -1, sliver);
    const diagonal = seek<f64>(sliver, ROWS * i);
    for (let r = 0; r < ROWS; r++) {
      for (let s = 0; s < r; s++) put<f64>(diagonal, r * ROWS + s, r < rows ? -load<f64>(element<f64>(m, i + r, row, i + s, column)) : 0);
      put<f64>(diagonal, r * ROWS + r, r < rows && !unit ? 1 / load<f64>(element<f64>(m, i + r, row, i + r, column)) : 1);
    }
  }
}

/** Panel g of a group whose panels have `rows` rows. */
// @ts-ignore: decorator
@inline
function panelAt(group: usize, g: i32, rows: i32): usize {
  return group + (<usize>g) * (<usize>rows) * (WIDTH * 8);
}

/** x[i·row + r·column] = panel[i][r] for i < n, r < columns. */
export function unpack(panel: usize, n: i32, columns: i32, x: usize, row: i32, column: i32): void {
  for (let i = 0; i < n; i++) {
    const from = seek<f64>(panel, i * WIDTH);
    const to = element<f64>(x, i, row, 0, 0);
    if (column == 1 && columns == WIDTH) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
    } else for (let r = 0; r < columns; r++) store<f64>(element<f64>(to, 0, 0, r, column), at<f64>(from, r));
  }
}

/** B becomes X. `left`: op(A) X = B with B n×count; else X op(A) = B with B count×n. */
export function solveTriangular(
  left: i32, upper: i32, transpose: i32, unit: i32, n: i32, count: i32, a: usize, lda: i32, b: usize, ldb: i32, work: usize,
): void {
  if (n == 0) return;
  const swapped = (transpose != 0) != (left == 0);
  let row = swapped ? 1 : lda;
  let column = swapped ? lda : 1;
  let across = left ? ldb : 1;
  const beside = left ? 1 : ldb;
  if ((upper != 0) != swapped) {
    a = element<f64>(a, n - 1, lda, n - 1, 1);
    b = element<f64>(b, n - 1, across, 0, 0);
    row = -row;
    column = -column;
    across = -across;
  }
  packTriangle(n, a, row, column, unit, work);
  const blocks = (n + ROWS - 1) / ROWS;
  const group = blockStart(work, blocks);
  const padded = ROWS * blocks;
  for (let first = 0; first < count; first += WIDTH * GROUP) {
    const panels = min(GROUP, (count - first + WIDTH - 1) / WIDTH);
    for (let g = 0; g < panels; g++) {
      const from = element<f64>(b, first + g * WIDTH, beside, 0, 0);
      const panel = panelAt(group, g, padded);
      pack<f64>(from, beside, across, min(WIDTH, count - first - g * WIDTH), n, WIDTH, 1, panel);
      memory.fill(seek<f64>(panel, n * WIDTH), 0, <usize>((padded - n) * WIDTH * 8));
    }
    for (let q = 0; q < blocks; q++) {
      const sliver = blockStart(work, q);
      const known = q * ROWS;
      for (let g = 0; g < panels; g++) {
        const panel = panelAt(group, g, padded);
        finishPacked(sliver, panel, seek<f64>(panel, known * WIDTH), known, seek<f64>(sliver, ROWS * known));
      }
    }
    for (let g = 0; g < panels; g++) {
      const to = element<f64>(b, first + g * WIDTH, beside, 0, 0);
      unpack(panelAt(group, g, padded), n, min(WIDTH, count - first - g * WIDTH), to, across, beside);
    }
  }
}
