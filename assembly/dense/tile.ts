/**
 * The register block of the real products: up to 3 rows by 3 vectors of C stay in registers while k runs over a sliver of
 * packed A (3 values per k) and a panel of packed B (3 vectors per k). Nine sums, three vectors of B and one splat fill the
 * registers; Node 20 spills larger blocks and any unrolling over k. Splats of the baseline, 22 GFLOP/s where 4×2 gives 20.
 */
import { lanes, multiplyAdd } from '../simd';

/** Rows in a sliver of packed A. */
export const ROWS: i32 = 3;
/** Vectors in a row of a panel of packed B. */
export const VECTORS: i32 = 3;

/** Columns in a panel of packed B: 6 of f64, 12 of f32. */
// @ts-ignore: decorator
@inline
export function columnsOf<T>(): i32 {
  return VECTORS * lanes<T>();
}

/**
 * C += A B over k, or C = A B unless `sum`, for `rows` × `vectors` of the block; all three are literals, so each call is a body of
 * its own. `step`: bytes in a row of C.
 */
// @ts-ignore: decorator
@inline
function block<T>(rows: i32, vectors: i32, sum: bool, a: usize, b: usize, c: usize, step: usize, k: i32): void {
  const zero = i64x2.splat(0);
  const c1 = c + step;
  const c2 = c1 + step;
  let s00 = sum ? v128.load(c) : zero;
  let s01 = sum && vectors > 1 ? v128.load(c, 16) : zero;
  let s02 = sum && vectors > 2 ? v128.load(c, 32) : zero;
  let s10 = sum && rows > 1 ? v128.load(c1) : zero;
  let s11 = sum && rows > 1 && vectors > 1 ? v128.load(c1, 16) : zero;
  let s12 = sum && rows > 1 && vectors > 2 ? v128.load(c1, 32) : zero;
  let s20 = sum && rows > 2 ? v128.load(c2) : zero;
  let s21 = sum && rows > 2 && vectors > 1 ? v128.load(c2, 16) : zero;
  let s22 = sum && rows > 2 && vectors > 2 ? v128.load(c2, 32) : zero;
  const end = a + (<usize>k) * ROWS * sizeof<T>();
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = vectors > 1 ? v128.load(b, 16) : zero;
    const b2 = vectors > 2 ? v128.load(b, 32) : zero;
    let x = v128.load_splat<T>(a);
    s00 = multiplyAdd<T>(x, b0, s00);
    if (vectors > 1) s01 = multiplyAdd<T>(x, b1, s01);
    if (vectors > 2) s02 = multiplyAdd<T>(x, b2, s02);
    if (rows > 1) {
      x = v128.load_splat<T>(a, sizeof<T>());
      s10 = multiplyAdd<T>(x, b0, s10);
      if (vectors > 1) s11 = multiplyAdd<T>(x, b1, s11);
      if (vectors > 2) s12 = multiplyAdd<T>(x, b2, s12);
    }
    if (rows > 2) {
      x = v128.load_splat<T>(a, 2 * sizeof<T>());
      s20 = multiplyAdd<T>(x, b0, s20);
      if (vectors > 1) s21 = multiplyAdd<T>(x, b1, s21);
      if (vectors > 2) s22 = multiplyAdd<T>(x, b2, s22);
    }
    a += ROWS * sizeof<T>();
    b += VECTORS * 16;
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

export function full<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(3, 3, true, a, b, c, step, k);
}
/** C = A B. */
export function fullProduct<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(3, 3, false, a, b, c, step, k);
}
function twoVectors<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(3, 2, true, a, b, c, step, k);
}
function oneVector<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(3, 1, true, a, b, c, step, k);
}
function twoRows<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(2, 3, true, a, b, c, step, k);
}
function oneRow<T>(a: usize, b: usize, c: usize, step: usize, k: i32): void {
  block<T>(1, 3, true, a, b, c, step, k);
}

/**
 * C += A B for a block of at least `rows` × `columns`: the smallest body that covers it. C must have room for 3 vectors per
 * row wherever the block is not full.
 */
// @ts-ignore: decorator
@inline
export function tile<T>(rows: i32, columns: i32, a: usize, b: usize, c: usize, step: usize, k: i32): void {
  if (rows == 1) oneRow<T>(a, b, c, step, k);
  else if (rows == 2) twoRows<T>(a, b, c, step, k);
  else if (columns > 2 * lanes<T>()) full<T>(a, b, c, step, k);
  else if (columns > lanes<T>()) twoVectors<T>(a, b, c, step, k);
  else oneVector<T>(a, b, c, step, k);
}
