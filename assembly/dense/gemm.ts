/**
 * C = α op(A) op(B) + β C. Mathematics: src/backend/ts/dense/gemm.ts.
 *
 * Goto's blocking: KC × NC of B packed into panels (L3), MC × KC of A into slivers (L2), one panel in L1 while all slivers
 * pass. A slice over k continues the sums that C holds, so blocking does not show in the bits. Work space: the packed B, one
 * tile, the packed A. A tile that is not full is computed in the work space and its valid part copied back.
 */
import { at, put, seek } from '../layout';
import { element, pack } from './pack';
import { lanes } from '../simd';
import { columnsOf, PANEL_ROW, ROWS, tile } from './tile';

export const KC: i32 = 256;
export const MC: i32 = 192;
export const NC: i32 = 1536;

/** Elements of B, whole rows counted, up to which its panels are read where they lie: they stay in the cache nearest to the core. */
const DIRECT: i32 = 4352;

/** What of C is computed: all of it, or the lower triangle and the diagonal. */
export const WHOLE: i32 = 0;
export const LOWER: i32 = 1;

/** c[i][j] = β c[i][j]; β = 0 clears whatever C holds. */
// @ts-ignore: decorator
@inline
function scaleRows<T>(m: i32, n: i32, beta: T, c: usize, ldc: i32, part: i32): void {
  if (beta == <T>1) return;
  for (let i = 0; i < m; i++) {
    const row = element<T>(c, i, ldc, 0, 0);
    const width = part == LOWER ? i + 1 : n;
    if (beta == <T>0) memory.fill(row, 0, <usize>width * sizeof<T>());
    else for (let j = 0; j < width; j++) put<T>(row, j, at<T>(row, j) * beta);
  }
}

/** A tile that is not full, or that the diagonal cuts: columns j ≤ i + `reach` of it are valid. */
// @ts-ignore: decorator
@inline
function edge<T>(
  rows: i32, columns: i32, reach: i32, a: usize, stepA: usize, b: usize, stepB: usize, c: usize, ldc: i32, k: i32, fresh: bool, scratch: usize,
): void {
  const width = columnsOf<T>();
  if (!fresh) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) put<T>(scratch, i * width + j, load<T>(element<T>(c, i, ldc, j, 1)));
    }
  }
  tile<T>(rows, columns, a, stepA, b, stepB, scratch, <usize>width * sizeof<T>(), k, fresh);
  for (let i = 0; i < rows; i++) {
    const valid = min(columns, i + reach + 1);
    for (let j = 0; j < valid; j++) store<T>(element<T>(c, i, ldc, j, 1), at<T>(scratch, i * width + j));
  }
}

/** Rows of the next tile when `left` are left: 3, but the last 4 are 2 and 2, because a single row waits for its own sums. */
// @ts-ignore: decorator
@inline
function rowsOfTile(left: i32): i32 {
  return left == 4 ? 2 : min(ROWS, left);
}

/**
 * A block of A times one of B, added to C, or to zeros if `fresh`. A is packed if `lda` is 0. The panels of B are packed, but the
 * full ones are read where they lie if `ldb` is not 0. `offset`: first row of the block less its first column.
 */
// @ts-ignore: decorator
@inline
export function blockTimesBlock<T>(
  m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, ldb: i32, packedB: usize, c: usize, ldc: i32, part: i32, offset: i32, fresh: bool,
  scratch: usize,
): void {
  const width = columnsOf<T>();
  const step = (<usize>ldc) * sizeof<T>();
  const stepA = (<usize>lda) * sizeof<T>();
  const depth: usize = lda == 0 ? (<usize>(ROWS * k)) * sizeof<T>() : <usize>ROWS * stepA;
  const drop = <usize>ROWS * step;
  const upright = m % ROWS == 1 ? m - 4 : m - (m % ROWS);
  for (let j = 0; j < n; j += width) {
    const columns = min(width, n - j);
    const whole = columns % lanes<T>() == 0;
    const direct = ldb != 0 && columns == width;
    const panel = direct ? seek<T>(b, j) : seek<T>(packedB, j * k);
    const stepB = direct ? (<usize>ldb) * sizeof<T>() : PANEL_ROW;
    let sliver = a;
    let target = element<T>(c, 0, ldc, j, 1);
    let i = 0;
    // A small product is a few hundred tiles: those that need no question asked go first.
    if (part == WHOLE && whole) {
      for (; i < upright; i += ROWS) {
        tile<T>(ROWS, columns, sliver, stepA, panel, stepB, target, step, k, fresh);
        sliver += depth;
        target += drop;
      }
    }
    for (let rows = 0; i < m; i += rows) {
      rows = rowsOfTile(m - i);
      const reach = part == LOWER ? offset + i - j : width;
      if (reach + rows > 0) {
        const covered = columns == width || (rows == ROWS && whole);
        if (covered && reach >= columns - 1) tile<T>(rows, columns, sliver, stepA, panel, stepB, target, step, k, fresh);
        else edge<T>(rows, columns, reach, sliver, stepA, panel, stepB, target, ldc, k, fresh, scratch);
      }
      sliver += lda == 0 ? depth : <usize>rows * stepA;
      target += <usize>rows * step;
    }
  }
}

/** op(A)[i][p] is a[i·rowA + p·columnA], op(B)[p][j] is b[p·rowB + j·columnB]. */
// @ts-ignore: decorator
@inline
export function product<T>(
  m: i32, n: i32, k: i32, alpha: T, a: usize, rowA: i32, columnA: i32, b: usize, rowB: i32, columnB: i32,
  beta: T, c: usize, ldc: i32, part: i32, work: usize,
): void {
  const width = columnsOf<T>();
  const overwrites = beta == <T>0 && k > 0;
  if (!overwrites) scaleRows<T>(m, n, beta, c, ldc, part);
  const directA = columnA == 1 && alpha == <T>1 && rowA > 0;
  const directB = columnB == 1 && rowB > 0 && k * rowB <= DIRECT;
  const depth = min(KC, k);
  const scratch = seek<T>(work, (min(NC, n) + width - 1) / width * width * depth);
  const packedA = seek<T>(scratch, ROWS * width);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += KC) {
      const kc = min(KC, k - pc);
      for (let j = directB ? nc - (nc % width) : 0; j < nc; j += width) {
        pack<T>(element<T>(b, pc, rowB, jc + j, columnB), columnB, rowB, min(width, nc - j), kc, width, 1, seek<T>(work, j * kc));
      }
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        if (part == LOWER && ic + mc <= jc) continue;
        const rows = element<T>(a, ic, rowA, pc, columnA);
        let sliver = packedA;
        for (let i = 0, count = 0; !directA && i < mc; i += count) {
          count = rowsOfTile(mc - i);
          pack<T>(element<T>(rows, i, rowA, 0, 0), rowA, columnA, count, kc, ROWS, alpha, sliver);
          sliver = seek<T>(sliver, ROWS * kc);
        }
        const target = element<T>(c, ic, ldc, jc, 1);
        blockTimesBlock<T>(
          mc, nc, kc, directA ? rows : packedA, directA ? rowA : 0, element<T>(b, pc, rowB, jc, 1), directB ? rowB : 0, work, target, ldc, part,
          ic - jc, overwrites && pc == 0, scratch,
        );
      }
    }
  }
}

export function gemmF32(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f32, c: usize, ldc: i32, work: usize,
): void {
  product<f32>(m, n, k, alpha, a, transposeA ? 1 : lda, transposeA ? lda : 1, b, transposeB ? 1 : ldb, transposeB ? ldb : 1, beta, c, ldc, WHOLE, work);
}
export function gemmF64(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f64, c: usize, ldc: i32, work: usize,
): void {
  product<f64>(m, n, k, alpha, a, transposeA ? 1 : lda, transposeA ? lda : 1, b, transposeB ? 1 : ldb, transposeB ? ldb : 1, beta, c, ldc, WHOLE, work);
}
