/**
 * Triangular solves, complex. Mathematics: src/backend/ts/dense/complex-triangular.ts. As in triangular.ts, with panels of 3
 * right-hand sides of interleaved numbers, 6 reals wide. The register block of the real products multiplies the real parts of
 * three rows of M with a panel, and stores the product; then the imaginary parts, whose product meets it in registers.
 * Work space: packed M (per row block the two slivers, then the 3×3 diagonal block, inverted on its diagonal), the real
 * product, the group.
 */
import { at, put, putVector, seek, vectorAt } from '../layout';
import { pack } from './pack';
import { finishComplexPacked, fullPacked, PANEL_ROW, ROWS } from './tile';

/** Right-hand sides in a panel, and reals in one of its rows. */
const COUNT: i32 = 3;
const WIDTH: i32 = 6;
const GROUP: i32 = 8;
const DIAGONAL: i32 = 2 * ROWS * ROWS;

/** Complex number (i, j) of a strided array; steps may be negative. */
// @ts-ignore: decorator
@inline
function numberAt(base: usize, i: i32, row: i32, j: i32, column: i32): usize {
  return base + ((<isize>i) * (<isize>row) + (<isize>j) * (<isize>column)) * 16;
}

/** Where row block q begins: Σ_{q' < q} (18 q' + 18) elements. */
// @ts-ignore: decorator
@inline
function blockStart(packed: usize, q: i32): usize {
  return packed + (<usize>DIAGONAL) * ((<usize>q) * (<usize>(q + 1)) / 2) * 8;
}

// @ts-ignore: decorator
@inline
function panelAt(group: usize, g: i32, rows: i32): usize {
  return group + (<usize>g) * (<usize>rows) * (WIDTH * 8);
}

/** 1/(re + i·im), R. L. Smith's way. */
function putReciprocal(to: usize, re: f64, im: f64): void {
  if (abs(re) >= abs(im)) {
    const q = im / re;
    const d = re + im * q;
    put<f64>(to, 0, 1 / d);
    put<f64>(to, 1, -(q / d));
  } else {
    const q = re / im;
    const d = re * q + im;
    put<f64>(to, 0, q / d);
    put<f64>(to, 1, -(1 / d));
  }
}

function packTriangle(n: i32, m: usize, row: i32, column: i32, sign: f64, unit: i32, packed: usize): void {
  for (let q = 0, i = 0; i < n; q++, i += ROWS) {
    const sliver = blockStart(packed, q);
    const rows = min(ROWS, n - i);
    const from = numberAt(m, i, row, 0, 0);
    pack<f64>(from, 2 * row, 2 * column, rows, i, ROWS, 1, sliver);
    pack<f64>(from + 8, 2 * row, 2 * column, rows, i, ROWS, sign, seek<f64>(sliver, ROWS * i));
    const diagonal = seek<f64>(sliver, 2 * ROWS * i);
    for (let r = 0; r < ROWS; r++) {
      for (let s = 0; s <= r; s++) {
        const to = seek<f64>(diagonal, 2 * (r * ROWS + s));
        const number = numberAt(m, i + r, row, i + s, column);
        if (r >= rows || (unit && s == r)) {
          put<f64>(to, 0, s == r ? 1 : 0);
          put<f64>(to, 1, 0);
        } else if (s == r) putReciprocal(to, at<f64>(number, 0), at<f64>(number, 1) * sign);
        else {
          put<f64>(to, 0, at<f64>(number, 0));
          put<f64>(to, 1, at<f64>(number, 1) * sign);
        }
      }
    }
  }
}

/** Right-hand sides to a panel; what the panel has beyond them is zero. */
// @ts-ignore: decorator
@inline
function packPanel(from: usize, across: i32, beside: i32, n: i32, columns: i32, padded: i32, panel: usize): void {
  for (let i = 0; i < padded; i++) {
    for (let r = 0; r < COUNT; r++) {
      const number = numberAt(from, i, across, r, beside);
      putVector<f64>(panel, i * WIDTH + 2 * r, i < n && r < columns ? v128.load(number) : f64x2.splat(0));
    }
  }
}

/** A panel back to where its right-hand sides came from. */
// @ts-ignore: decorator
@inline
function unpackPanel(panel: usize, n: i32, columns: i32, to: usize, across: i32, beside: i32): void {
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < columns; r++) v128.store(numberAt(to, i, across, r, beside), vectorAt<f64>(panel, i * WIDTH + 2 * r));
  }
}

/** Operations: 0 none, 1 transpose, 2 conjugate transpose. The rest as in solveTriangular. */
export function complexSolveTriangular(
  left: i32, upper: i32, op: i32, unit: i32, n: i32, count: i32, a: usize, lda: i32, b: usize, ldb: i32, work: usize,
): void {
  if (n == 0) return;
  const swapped = (op != 0) != (left == 0);
  let row = swapped ? 1 : lda;
  let column = swapped ? lda : 1;
  let across = left ? ldb : 1;
  const beside = left ? 1 : ldb;
  if ((upper != 0) != swapped) {
    a = numberAt(a, n - 1, lda, n - 1, 1);
    b = numberAt(b, n - 1, across, 0, 0);
    row = -row;
    column = -column;
    across = -across;
  }
  packTriangle(n, a, row, column, op == 2 ? -1 : 1, unit, work);
  const blocks = (n + ROWS - 1) / ROWS;
  const product = blockStart(work, blocks);
  const group = seek<f64>(product, ROWS * WIDTH);
  const padded = ROWS * blocks;
  for (let first = 0; first < count; first += COUNT * GROUP) {
    const panels = min(GROUP, (count - first + COUNT - 1) / COUNT);
    for (let g = 0; g < panels; g++) {
      const panel = panelAt(group, g, padded);
      const columns = min(COUNT, count - first - g * COUNT);
      const from = numberAt(b, first + g * COUNT, beside, 0, 0);
      packPanel(from, across, beside, n, columns, padded, panel);
    }
    for (let q = 0; q < blocks; q++) {
      const sliver = blockStart(work, q);
      const known = q * ROWS;
      for (let g = 0; g < panels; g++) {
        const panel = panelAt(group, g, padded);
        const rows = seek<f64>(panel, known * WIDTH);
        fullPacked<f64>(sliver, panel, PANEL_ROW, product, PANEL_ROW, known, true);
        finishComplexPacked(seek<f64>(sliver, ROWS * known), panel, product, known, seek<f64>(sliver, 2 * ROWS * known), rows);
      }
    }
    for (let g = 0; g < panels; g++) {
      const panel = panelAt(group, g, padded);
      const columns = min(COUNT, count - first - g * COUNT);
      const to = numberAt(b, first + g * COUNT, beside, 0, 0);
      unpackPanel(panel, n, columns, to, across, beside);
    }
  }
}
