/**
 * The register block of the real products: up to 3 rows by 3 vectors of C stay in registers while k runs over a sliver of
 * packed A (3 values per k) and a panel of packed B (3 vectors per k). Nine sums, three vectors of B and one splat fill the
 * registers; Node 20 spills larger blocks. Splats of the baseline, 22 GFLOP/s where 4×2 gives 20.
 */
import { lanes, multiplyAdd } from '../simd';
import { finishComplexRows, finishRows } from './finish';

/** Rows in a sliver of packed A. */
export const ROWS: i32 = 3;
/** Vectors in a row of a panel of packed B, and its bytes. */
export const VECTORS: i32 = 3;
export const PANEL_ROW: usize = 48;

/** Columns in a panel of packed B: 6 of f64, 12 of f32. */
// @ts-ignore: decorator
@inline
export function columnsOf<T>(): i32 {
  return VECTORS * lanes<T>();
}

/** Where the sums of a fresh product start: a row of zeros for every row of C. */
const ZEROS: usize = memory.data<f64>([0, 0, 0, 0, 0, 0], 16);

/** What follows the sums of a block. */
const STORE: i32 = 0;
const FINISH: i32 = 1;
const FINISH_COMPLEX: i32 = 2;

/**
 * C = S + A B over k for `rows` × `vectors` of the block; both are literals, and so is `packed`, and each call is a body of its
 * own. A is a sliver if `packed`, else rows `stepA` bytes apart. `stepB`: bytes from a row of B to the next, `step`: of C. The
 * sums S are C itself, or zeros if `fresh`. `then`, a literal as well, says what is done with them: they are stored in C, or
 * finish three rows of a triangular solve with the block at `diagonal`, the real ones in C and the complex ones in `x`.
 */
// @ts-ignore: decorator
@inline
function block<T>(
  rows: i32, vectors: i32, packed: bool, a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool,
  then: i32 = STORE, diagonal: usize = 0, x: usize = 0,
): void {
  const zero = i64x2.splat(0);
  const from = fresh ? ZEROS : c;
  const fromStep: usize = fresh ? 0 : step;
  const c1 = c + step;
  const c2 = c1 + step;
  const from1 = from + fromStep;
  const from2 = from1 + fromStep;
  let s00 = v128.load(from);
  let s01 = vectors > 1 ? v128.load(from, 16) : zero;
  let s02 = vectors > 2 ? v128.load(from, 32) : zero;
  let s10 = rows > 1 ? v128.load(from1) : zero;
  let s11 = rows > 1 && vectors > 1 ? v128.load(from1, 16) : zero;
  let s12 = rows > 1 && vectors > 2 ? v128.load(from1, 32) : zero;
  let s20 = rows > 2 ? v128.load(from2) : zero;
  let s21 = rows > 2 && vectors > 1 ? v128.load(from2, 16) : zero;
  let s22 = rows > 2 && vectors > 2 ? v128.load(from2, 32) : zero;
  const advance = (packed ? ROWS : 1) * sizeof<T>();
  const stepA2 = stepA + stepA;
  const end = a + (<usize>k) * advance;
  // V8 orders a loop's arithmetic by the first uses of its sums after the loop, which finish by columns and store by rows. In the
  // other order the sums leave the registers: 11 GFLOP/s instead of 14.5 in a solve of order 32.
  while (then != STORE && a < end) {
    const y0 = v128.load_splat<T>(a);
    const y1 = v128.load_splat<T>(a, sizeof<T>());
    const y2 = v128.load_splat<T>(a, 2 * sizeof<T>());
    let z = v128.load(b, 32);
    s22 = multiplyAdd<T>(y2, z, s22);
    s12 = multiplyAdd<T>(y1, z, s12);
    s02 = multiplyAdd<T>(y0, z, s02);
    z = v128.load(b, 16);
    s21 = multiplyAdd<T>(y2, z, s21);
    s11 = multiplyAdd<T>(y1, z, s11);
    s01 = multiplyAdd<T>(y0, z, s01);
    z = v128.load(b);
    s20 = multiplyAdd<T>(y2, z, s20);
    s10 = multiplyAdd<T>(y1, z, s10);
    s00 = multiplyAdd<T>(y0, z, s00);
    a += advance;
    b += stepB;
  }
  // Two steps of k a round, each behind a question of its own. V8 lays out a block's arithmetic from the last sum to the first before a
  // merge, and from the first to the last before a loop's end: a step written the other way around keeps all its vectors alive, and spills.
  if (then == STORE) {
    do {
      if (a < end) {
        const b2 = vectors > 2 ? v128.load(b, 32) : zero;
        const b1 = vectors > 1 ? v128.load(b, 16) : zero;
        const b0 = v128.load(b);
        if (rows > 2) {
          const y = packed ? v128.load_splat<T>(a, 2 * sizeof<T>()) : v128.load_splat<T>(a + stepA2);
          if (vectors > 2) s22 = multiplyAdd<T>(y, b2, s22);
          if (vectors > 1) s21 = multiplyAdd<T>(y, b1, s21);
          s20 = multiplyAdd<T>(y, b0, s20);
        }
        if (rows > 1) {
          const y = packed ? v128.load_splat<T>(a, sizeof<T>()) : v128.load_splat<T>(a + stepA);
          if (vectors > 2) s12 = multiplyAdd<T>(y, b2, s12);
          if (vectors > 1) s11 = multiplyAdd<T>(y, b1, s11);
          s10 = multiplyAdd<T>(y, b0, s10);
        }
        const y = v128.load_splat<T>(a);
        if (vectors > 2) s02 = multiplyAdd<T>(y, b2, s02);
        if (vectors > 1) s01 = multiplyAdd<T>(y, b1, s01);
        s00 = multiplyAdd<T>(y, b0, s00);
        a += advance;
        b += stepB;
      }
      if (a < end) {
        const b0 = v128.load(b);
        const b1 = vectors > 1 ? v128.load(b, 16) : zero;
        const b2 = vectors > 2 ? v128.load(b, 32) : zero;
        let y = v128.load_splat<T>(a);
        s00 = multiplyAdd<T>(y, b0, s00);
        if (vectors > 1) s01 = multiplyAdd<T>(y, b1, s01);
        if (vectors > 2) s02 = multiplyAdd<T>(y, b2, s02);
        if (rows > 1) {
          y = packed ? v128.load_splat<T>(a, sizeof<T>()) : v128.load_splat<T>(a + stepA);
          s10 = multiplyAdd<T>(y, b0, s10);
          if (vectors > 1) s11 = multiplyAdd<T>(y, b1, s11);
          if (vectors > 2) s12 = multiplyAdd<T>(y, b2, s12);
        }
        if (rows > 2) {
          y = packed ? v128.load_splat<T>(a, 2 * sizeof<T>()) : v128.load_splat<T>(a + stepA2);
          s20 = multiplyAdd<T>(y, b0, s20);
          if (vectors > 1) s21 = multiplyAdd<T>(y, b1, s21);
          if (vectors > 2) s22 = multiplyAdd<T>(y, b2, s22);
        }
        a += advance;
        b += stepB;
      }
    } while (a < end);
  }
  if (then == FINISH) {
    finishRows(s00, s01, s02, s10, s11, s12, s20, s21, s22, diagonal, c);
    return;
  }
  if (then == FINISH_COMPLEX) {
    finishComplexRows(s00, s01, s02, s10, s11, s12, s20, s21, s22, diagonal, c, x);
    return;
  }
  v128.store(c, s00);
  if (vectors > 1) v128.store(c, s01, 16);
  if (vectors > 2) v128.store(c, s02, 32);
  if (rows > 1) v128.store(c1, s10);
  if (rows > 1 && vectors > 1) v128.store(c1, s11, 16);
  if (rows > 1 && vectors > 2) v128.store(c1, s12, 32);
  if (rows > 2) v128.store(c2, s20);
  if (rows > 2 && vectors > 1) v128.store(c2, s21, 16);
  if (rows > 2 && vectors > 2) v128.store(c2, s22, 32);
}

/** C = S + A B for a packed block of 3 rows and 3 vectors. Never inlined: inside a larger body its sums leave the registers. */
export function fullPacked<T>(a: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 3, true, a, 0, b, stepB, c, step, k, fresh);
}
/** C − M X for three rows of a panel, C among them, and then those rows of X in its place. */
export function finishPacked(a: usize, panel: usize, c: usize, k: i32, diagonal: usize): void {
  block<f64>(3, 3, true, a, 0, panel, PANEL_ROW, c, PANEL_ROW, k, false, FINISH, diagonal);
}
/** The same for complex numbers: A holds Im M, `re` Re M X for the three rows. */
export function finishComplexPacked(a: usize, panel: usize, re: usize, k: i32, diagonal: usize, rows: usize): void {
  block<f64>(3, 3, true, a, 0, panel, PANEL_ROW, re, PANEL_ROW, k, true, FINISH_COMPLEX, diagonal, rows);
}
function twoVectorsPacked<T>(a: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 2, true, a, 0, b, stepB, c, step, k, fresh);
}
function oneVectorPacked<T>(a: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 1, true, a, 0, b, stepB, c, step, k, fresh);
}
function twoRowsPacked<T>(a: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(2, 3, true, a, 0, b, stepB, c, step, k, fresh);
}
function oneRowPacked<T>(a: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(1, 3, true, a, 0, b, stepB, c, step, k, fresh);
}
function fullDirect<T>(a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 3, false, a, stepA, b, stepB, c, step, k, fresh);
}
function twoVectorsDirect<T>(a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 2, false, a, stepA, b, stepB, c, step, k, fresh);
}
function oneVectorDirect<T>(a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(3, 1, false, a, stepA, b, stepB, c, step, k, fresh);
}
function twoRowsDirect<T>(a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(2, 3, false, a, stepA, b, stepB, c, step, k, fresh);
}
function oneRowDirect<T>(a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool): void {
  block<T>(1, 3, false, a, stepA, b, stepB, c, step, k, fresh);
}

/**
 * C = S + A B for a block of at least `rows` × `columns`: the smallest body that covers it. A is packed if `stepA` is 0. B and C
 * must have 3 vectors per row wherever the block is not full.
 */
// @ts-ignore: decorator
@inline
export function tile<T>(
  rows: i32, columns: i32, a: usize, stepA: usize, b: usize, stepB: usize, c: usize, step: usize, k: i32, fresh: bool,
): void {
  if (stepA == 0) {
    if (rows == 1) oneRowPacked<T>(a, b, stepB, c, step, k, fresh);
    else if (rows == 2) twoRowsPacked<T>(a, b, stepB, c, step, k, fresh);
    else if (columns > 2 * lanes<T>()) fullPacked<T>(a, b, stepB, c, step, k, fresh);
    else if (columns > lanes<T>()) twoVectorsPacked<T>(a, b, stepB, c, step, k, fresh);
    else oneVectorPacked<T>(a, b, stepB, c, step, k, fresh);
  } else {
    if (rows == 1) oneRowDirect<T>(a, stepA, b, stepB, c, step, k, fresh);
    else if (rows == 2) twoRowsDirect<T>(a, stepA, b, stepB, c, step, k, fresh);
    else if (columns > 2 * lanes<T>()) fullDirect<T>(a, stepA, b, stepB, c, step, k, fresh);
    else if (columns > lanes<T>()) twoVectorsDirect<T>(a, stepA, b, stepB, c, step, k, fresh);
    else oneVectorDirect<T>(a, stepA, b, stepB, c, step, k, fresh);
  }
}
