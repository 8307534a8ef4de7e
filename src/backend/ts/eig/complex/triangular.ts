/**
 * Eigenvectors of an upper triangular matrix t by back substitution: x_k = 1, x_i = −(Σ_{i<j≤k} t_ij x_j)/(t_ii − t_kk), four
 * vectors at a time. A divisor smaller than u·|t_kk| is replaced by that; a vector that grows past 10¹⁵⁰ is scaled down.
 *
 * @source own: the scaling keeps every intermediate below n·10²⁹² for max |t_ij| ≤ 10¹³⁸·n.
 */

import { divide, oneNorm } from '../../../../math/complex-pairs.ts';
import { dots } from './dots.ts';

const ULP: number = 2.220446049250313e-16;
const SMALLEST: number = 2.2250738585072014e-308;
const BIG: number = 1e150;
const GROUP: number = 4;

function scaleRow(x: Float64Array, p: number, count: number, factor: number): void {
  for (let j = p; j < p + 2 * count; j++) x[j] = x[j]! * factor;
}

/** Solves for x_i of vector k, whose sum is in work[o]. */
function solve(
  t: Float64Array,
  ld: number,
  i: number,
  k: number,
  x: Float64Array,
  row: number,
  floor: number,
  work: Float64Array,
  o: number,
): void {
  const pi = 2 * (i * ld + i);
  const pk = 2 * (k * ld + k);
  let dr = t[pi]! - t[pk]!;
  let di = t[pi + 1]! - t[pk + 1]!;
  const least = Math.max(ULP * oneNorm(t[pk]!, t[pk + 1]!), floor);
  if (oneNorm(dr, di) < least) {
    dr = least;
    di = 0;
  }
  let nr = -work[o]!;
  let ni = -work[o + 1]!;
  const size = oneNorm(nr, ni);
  const divisor = oneNorm(dr, di);
  if (size > BIG * divisor || size > BIG) {
    const down = 1 / size;
    const fit = Math.min(1.0, BIG * divisor);
    scaleRow(x, row + 2 * (i + 1), k - i, down);
    scaleRow(x, row + 2 * (i + 1), k - i, fit);
    nr = nr * down * fit;
    ni = ni * down * fit;
  }
  divide(nr, ni, dr, di, x, row + 2 * i);
}

/** Row k of x (n rows, rounded up to whole groups) = eigenvector k of t (n×n), zero beyond k, its largest |Re|+|Im| 1; pivots[k] = x_k, real and positive. */
export function triangularVectors(
  t: Float64Array,
  ld: number,
  n: number,
  x: Float64Array,
  pivots: Float64Array,
  work: Float64Array,
): void {
  const floor = SMALLEST * (n / ULP);
  for (let first = 0; first < n; first += GROUP) {
    const end = Math.min(first + GROUP, n);
    for (let g = 0; g < GROUP; g++) {
      const row = 2 * (first + g) * ld;
      for (let j = 0; j < 2 * n; j++) x[row + j] = 0;
    }
    for (let i = end - 1; i >= 0; i--) {
      dots(t, 2 * (i * ld + i + 1), x, 2 * (first * ld + i + 1), 2 * ld, end - 1 - i, work, 0);
      for (let k = Math.max(i, first); k < end; k++) {
        const row = 2 * k * ld;
        if (k === i) x[row + 2 * i] = 1;
        else solve(t, ld, i, k, x, row, floor, work, 2 * (k - first));
      }
    }
    for (let k = first; k < end; k++) {
      const row = 2 * k * ld;
      let largest = 0.0;
      for (let j = 0; j <= k; j++) largest = Math.max(largest, oneNorm(x[row + 2 * j]!, x[row + 2 * j + 1]!));
      scaleRow(x, row, k + 1, 1 / largest);
      pivots[k] = x[row + 2 * k]!;
    }
  }
}

/** f = the reflection of t in its antidiagonal, conjugated: its eigenvectors, read backwards, are the left ones of t. */
export function flip(t: Float64Array, ld: number, n: number, f: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const from = 2 * ((n - 1 - j) * ld + n - 1 - i);
      const to = 2 * (i * ld + j);
      f[to] = t[from]!;
      f[to + 1] = -t[from + 1]!;
    }
  }
}

/** Columns of c = rows of x; `backwards` reads rows and elements from the last. */
export function columnsFromRows(x: Float64Array, ld: number, n: number, c: Float64Array, backwards: boolean): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const from = backwards ? 2 * ((n - 1 - j) * ld + n - 1 - i) : 2 * (j * ld + i);
      const to = 2 * (i * ld + j);
      c[to] = x[from]!;
      c[to + 1] = x[from + 1]!;
    }
  }
}
