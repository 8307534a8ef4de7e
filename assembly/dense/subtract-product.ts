/**
 * C ← C − A B and C ← C − A B†, real (width 1) or complex (width 2), in the order of src/backend/ts/dense/rows.ts, `subtractNumbers`. A
 * complex product is a real one of twice the depth: a row of A and of C holds (re, im) after one another as it lies, and the packed B has
 * two rows for each of its own, −(re, im) and −(−im, re). A is read where it lies, B is packed negated. Strides count elements.
 * Work space: `subtractWorkLength` of src/backend/contract/factorisations.ts.
 */
import { rowOf, seek } from '../layout';
import { blockTimesBlock, KC, MC, NC, WHOLE } from './gemm';
import { pack } from './pack';
import { PANEL_ROW } from './tile';

/** Reals and complex numbers in a row of a panel of packed B. */
const WIDTH: i32 = 6;
const NUMBERS: i32 = 3;

/** The sign of the first, and of the second lane. */
const FIRST: usize = memory.data<i64>([i64.MIN_VALUE, 0], 16);
const SECOND: usize = memory.data<i64>([0, i64.MIN_VALUE], 16);

/** A is m×k, B k×n, or n×k where `adjoint`. */
export function subtractProduct(
  width: i32, adjoint: bool, m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, work: usize,
): void {
  const columns = width * n;
  const depth = width * k;
  const scratch = seek<f64>(work, (min(NC, columns) + WIDTH - 1) / WIDTH * WIDTH * min(KC, depth));
  for (let jc = 0; jc < columns; jc += NC) {
    const nc = min(NC, columns - jc);
    for (let pc = 0; pc < depth; pc += KC) {
      const kc = min(KC, depth - pc);
      for (let j = 0; j < nc; j += WIDTH) {
        const panel = seek<f64>(work, j * kc);
        const across = (jc + j) / width;
        const along = pc / width;
        const from = seek<f64>(adjoint ? rowOf<f64>(b, across, ldb * width) : rowOf<f64>(b, along, ldb * width), (adjoint ? along : across) * width);
        if (width == 2) packNumbers(from, ldb, adjoint, min(NUMBERS, (nc - j) / 2), kc / 2, panel);
        else pack<f64>(from, adjoint ? ldb : 1, adjoint ? 1 : ldb, min(WIDTH, nc - j), kc, WIDTH, -1, panel);
      }
      for (let ic = 0; ic < m; ic += MC) {
        const rows = seek<f64>(rowOf<f64>(a, ic, lda * width), pc);
        const target = seek<f64>(rowOf<f64>(c, ic, ldc * width), jc);
        blockTimesBlock<f64>(min(MC, m - ic), nc, kc, rows, lda * width, 0, 0, work, target, ldc * width, WHOLE, 0, false, scratch);
      }
    }
  }
}

/** A panel of complex B: `columns` ≤ 3 of its columns, k of its rows; zeros beyond them. */
function packNumbers(from: usize, ld: i32, adjoint: bool, columns: i32, k: i32, panel: usize): void {
  const step: usize = (<usize>ld) * 16;
  const beside: usize = adjoint ? step : 16;
  const along: usize = adjoint ? 16 : step;
  const first = v128.load(FIRST);
  const second = v128.load(SECOND);
  for (let p = 0; p < k; p++) {
    let source = from;
    for (let j = 0; j < NUMBERS; j++) {
      const z = j < columns ? v128.load(source) : f64x2.splat(0);
      const swapped = v128.shuffle<f64>(z, z, 1, 0);
      const to = panel + (<usize>j) * 16;
      v128.store(to, adjoint ? v128.xor(z, first) : f64x2.neg(z));
      v128.store(to + PANEL_ROW, adjoint ? f64x2.neg(swapped) : v128.xor(swapped, second));
      source += beside;
    }
    from += along;
    panel += 2 * PANEL_ROW;
  }
}
