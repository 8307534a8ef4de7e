/**
 * A X + X B = C with quasi-triangular A and B, by block rows from the last: C_i ← C_i − Σ_{k>i} A_ik X_k, then from the left
 * A_ii X_ij + X_ij B_jj = C_ij and C_il ← C_il − X_ij B_jl for l > j. Every update runs along a row.
 *
 * @accuracy row by row that of substitution: residual ≤ c·(m+n)·u·(‖A‖+‖B‖)·‖X‖; parity exact.
 * @cost m·n·(m+n) flops real, four times that complex
 * @source R. H. Bartels, G. W. Stewart, Comm. ACM 15 (1972) 820.
 */

import { divide, oneNorm } from '../../../math/complex-pairs.ts';
import type { Width } from '../../contract/hermitian.ts';
import { divideRow, subtractRow } from '../dense/rows.ts';
import { solvePair, solveSquare } from './small-systems.ts';

/** A matrix in an array: where it begins and how many elements lie from row to row. */
export interface Place {
  readonly data: Float64Array;
  readonly start: number;
  readonly ld: number;
}

/** A, B (null: zero) and C of A X + X B = C; C becomes X. Gives back the number of elements without a solution. */
export function solveSylvester(
  width: Width,
  m: number,
  n: number,
  a: Place,
  b: Place | null,
  c: Place,
  floor: number,
): number {
  let failed = 0;
  for (let i = m - 1; i >= 0; i--) {
    const double = width === 1 && i > 0 && a.data[a.start + i * a.ld + i - 1] !== 0;
    const top = double ? i - 1 : i;
    for (let r = top; r <= i; r++) {
      for (let k = i + 1; k < m; k++) {
        const factor = a.start + (r * a.ld + k) * width;
        const im = width === 1 ? 0 : a.data[factor + 1]!;
        subtractRow(
          width,
          n,
          a.data[factor]!,
          im,
          c.data,
          c.start + k * c.ld * width,
          c.data,
          c.start + r * c.ld * width,
        );
      }
    }
    const p = a.start + (top * a.ld + top) * width;
    const row = c.start + top * c.ld * width;
    if (b === null) divideRows(width, n, a.data, p, a.ld, double, c.data, row, c.ld);
    else failed += solveRows(width, n, a.data, p, a.ld, double, b, c.data, row, c.ld, floor);
    if (double) i--;
  }
  return failed;
}

/** A_ii X_i = C_i. */
function divideRows(
  width: Width,
  n: number,
  a: Float64Array,
  p: number,
  lda: number,
  double: boolean,
  c: Float64Array,
  row: number,
  ldc: number,
): void {
  if (!double) {
    divideRow(width, n, a[p]!, width === 1 ? 0 : a[p + 1]!, c, row);
    return;
  }
  for (let j = row; j < row + n; j++) solvePair(a[p]!, a[p + 1]!, a[p + lda]!, c, j, j + ldc);
}

/** A_ii X_i + X_i B = C_i for one or two rows. */
export function solveRows(
  width: Width,
  n: number,
  a: Float64Array,
  p: number,
  lda: number,
  double: boolean,
  { data: b, start, ld }: Place,
  c: Float64Array,
  row: number,
  ldc: number,
  floor: number,
): number {
  const rows = double ? 2 : 1;
  let failed = 0;
  for (let j = 0; j < n; j++) {
    const q = start + (j * ld + j) * width;
    const at = row + j * width;
    const wide = width === 1 && j + 1 < n && b[q + ld] !== 0;
    if (double && wide) solveSquare(a, p, lda, b, q, ld, c, at, ldc);
    else if (double) solvePair(a[p]! + b[q]!, a[p + 1]!, a[p + lda]!, c, at, at + ldc);
    else if (wide) solvePair(a[p]! + b[q]!, b[q + ld]!, b[q + 1]!, c, at, at + 1);
    else if (width === 1) failed += quotient(a[p]! + b[q]!, floor, c, at);
    else failed += complexQuotient(a[p]! + b[q]!, a[p + 1]! + b[q + 1]!, floor, c, at);
    const next = wide ? j + 2 : j + 1;
    for (let r = 0; r < rows; r++) {
      for (let k = j; k < next; k++) {
        const factor = row + (r * ldc + k) * width;
        const from = start + (k * ld + next) * width;
        const to = row + (r * ldc + next) * width;
        subtractRow(width, n - next, c[factor]!, width === 1 ? 0 : c[factor + 1]!, b, from, c, to);
      }
    }
    if (wide) j++;
  }
  return failed;
}

function quotient(divisor: number, floor: number, c: Float64Array, at: number): number {
  const settled = settle(Math.abs(divisor), Math.abs(c[at]!), floor);
  if (settled >= 0) {
    c[at] = 0;
    return settled;
  }
  c[at] = c[at]! / divisor;
  return 0;
}

function complexQuotient(re: number, im: number, floor: number, c: Float64Array, at: number): number {
  const settled = settle(oneNorm(re, im), oneNorm(c[at]!, c[at + 1]!), floor);
  if (settled >= 0) {
    c[at] = 0;
    c[at + 1] = 0;
    return settled;
  }
  divide(c[at]!, c[at + 1]!, re, im, c, at);
  return 0;
}

/** What comes of a quotient by the sizes of its parts: 0 if it counts as 0, 1 if there is none, −1 if it is to be formed. */
function settle(divisor: number, numerator: number, floor: number): number {
  if (numerator <= floor && divisor <= Math.sqrt(floor)) return 0;
  return divisor === 0 ? 1 : -1;
}
