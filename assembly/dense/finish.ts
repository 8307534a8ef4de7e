/**
 * The last step of a triangular solve for three rows of a panel: the register block holds what the columns before them leave,
 * and the 3×3 diagonal block, its diagonal inverted, gives x0 = b0·(1/m00), x1 = (b1 − m10 x0)·(1/m11), … The sums come in
 * registers: through memory, this step cost as much as a product over fifteen columns.
 */
import { multiplyAddF64, multiplySubtractF64 } from '../simd';

// @ts-ignore: decorator
@inline
function element(diagonal: usize, i: usize): v128 {
  return v128.load64_splat(diagonal + i * 8);
}

/** Three numbers below one another. */
// @ts-ignore: decorator
@inline
function finishColumn(diagonal: usize, b0: v128, b1: v128, b2: v128, rows: usize): void {
  const x0 = f64x2.mul(b0, element(diagonal, 0));
  v128.store(rows, x0);
  const x1 = f64x2.mul(multiplyAddF64(element(diagonal, 3), x0, b1), element(diagonal, 4));
  v128.store(rows, x1, 48);
  const partial = multiplyAddF64(element(diagonal, 6), x0, b2);
  v128.store(rows, f64x2.mul(multiplyAddF64(element(diagonal, 7), x1, partial), element(diagonal, 8)), 96);
}

/** Real: s is b − M x, and below the diagonal the block holds −m. */
// @ts-ignore: decorator
@inline
export function finishRows(
  s00: v128, s01: v128, s02: v128, s10: v128, s11: v128, s12: v128, s20: v128, s21: v128, s22: v128, diagonal: usize, rows: usize,
): void {
  finishColumn(diagonal, s00, s10, s20, rows);
  finishColumn(diagonal, s01, s11, s21, rows + 16);
  finishColumn(diagonal, s02, s12, s22, rows + 32);
}

/** The sign of the first lane. */
const MINUS: usize = memory.data<i64>([i64.MIN_VALUE, 0], 16);

/** i·z of a number z: (−im, re). */
// @ts-ignore: decorator
@inline
function mirrored(z: v128): v128 {
  return v128.xor(v128.shuffle<f64>(z, z, 1, 0), v128.load(MINUS));
}

/** x − m·y for number `i` of the block: the term of re(m) first, then that of im(m). */
// @ts-ignore: decorator
@inline
function subtractProduct(x: v128, diagonal: usize, i: usize, y: v128, mirror: v128): v128 {
  return multiplySubtractF64(element(diagonal, 2 * i + 1), mirror, multiplySubtractF64(element(diagonal, 2 * i), y, x));
}

// @ts-ignore: decorator
@inline
function times(x: v128, diagonal: usize, i: usize): v128 {
  return multiplyAddF64(element(diagonal, 2 * i + 1), mirrored(x), f64x2.mul(element(diagonal, 2 * i), x));
}

/** b − (Re M x + i Im M x) for one number, `im` being Im M x. */
// @ts-ignore: decorator
@inline
function remainder(rows: usize, re: usize, im: v128): v128 {
  return f64x2.sub(v128.load(rows), f64x2.add(v128.load(re), mirrored(im)));
}

// @ts-ignore: decorator
@inline
function finishComplexColumn(diagonal: usize, i0: v128, i1: v128, i2: v128, re: usize, rows: usize): void {
  const x0 = times(remainder(rows, re, i0), diagonal, 0);
  const mirror0 = mirrored(x0);
  v128.store(rows, x0);
  const x1 = times(subtractProduct(remainder(rows + 48, re + 48, i1), diagonal, 3, x0, mirror0), diagonal, 4);
  v128.store(rows, x1, 48);
  const partial = subtractProduct(remainder(rows + 96, re + 96, i2), diagonal, 6, x0, mirror0);
  v128.store(rows, times(subtractProduct(partial, diagonal, 7, x1, mirrored(x1)), diagonal, 8), 96);
}

/** Complex: `re` holds Re M x, s is Im M x, and below the diagonal the block holds m. */
// @ts-ignore: decorator
@inline
export function finishComplexRows(
  s00: v128, s01: v128, s02: v128, s10: v128, s11: v128, s12: v128, s20: v128, s21: v128, s22: v128,
  diagonal: usize, re: usize, rows: usize,
): void {
  finishComplexColumn(diagonal, s00, s10, s20, re, rows);
  finishComplexColumn(diagonal, s01, s11, s21, re + 16, rows + 16);
  finishComplexColumn(diagonal, s02, s12, s22, re + 32, rows + 32);
}
