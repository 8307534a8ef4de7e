/** Mathematics: src/backend/ts/eig/complex/triangular.ts. */
import { at, put } from '../../layout';
import { dots } from './dots';
import { divide, oneNorm } from './scalar';

const ULP: f64 = 2.220446049250313e-16;
const SMALLEST: f64 = 2.2250738585072014e-308;
const BIG: f64 = 1e150;
const GROUP: i32 = 4;

function scaleRow(x: usize, p: i32, count: i32, factor: f64): void {
  for (let j = p; j < p + 2 * count; j++) put<f64>(x, j, at<f64>(x, j) * factor);
}

/** Solves for x_i of vector k, whose sum is in work[o]. */
function solve(t: usize, ld: i32, i: i32, k: i32, x: usize, row: i32, floor: f64, work: usize, o: i32): void {
  const pi = 2 * (i * ld + i);
  const pk = 2 * (k * ld + k);
  let dr = at<f64>(t, pi) - at<f64>(t, pk);
  let di = at<f64>(t, pi + 1) - at<f64>(t, pk + 1);
  const least = max(ULP * oneNorm(at<f64>(t, pk), at<f64>(t, pk + 1)), floor);
  if (oneNorm(dr, di) < least) {
    dr = least;
    di = 0;
  }
  let nr = -at<f64>(work, o);
  let ni = -at<f64>(work, o + 1);
  const size = oneNorm(nr, ni);
  const divisor = oneNorm(dr, di);
  if (size > BIG * divisor || size > BIG) {
    const down = 1 / size;
    const fit = min(1.0, BIG * divisor);
    scaleRow(x, row + 2 * (i + 1), k - i, down);
    scaleRow(x, row + 2 * (i + 1), k - i, fit);
    nr = nr * down * fit;
    ni = ni * down * fit;
  }
  divide(nr, ni, dr, di, x, row + 2 * i);
}

/** Row k of x (n rows, rounded up to whole groups) = eigenvector k of t (n×n), zero beyond k, its largest |Re|+|Im| 1; pivots[k] = x_k, real and positive. */
export function triangularVectors(t: usize, ld: i32, n: i32, x: usize, pivots: usize, work: usize): void {
  const floor = SMALLEST * (<f64>n / ULP);
  for (let first = 0; first < n; first += GROUP) {
    const end = min(first + GROUP, n);
    for (let g = 0; g < GROUP; g++) {
      const row = 2 * (first + g) * ld;
      for (let j = 0; j < 2 * n; j++) put<f64>(x, row + j, 0);
    }
    for (let i = end - 1; i >= 0; i--) {
      dots(t, 2 * (i * ld + i + 1), x, 2 * (first * ld + i + 1), 2 * ld, end - 1 - i, work, 0);
      for (let k = max(i, first); k < end; k++) {
        const row = 2 * k * ld;
        if (k == i) put<f64>(x, row + 2 * i, 1);
        else solve(t, ld, i, k, x, row, floor, work, 2 * (k - first));
      }
    }
    for (let k = first; k < end; k++) {
      const row = 2 * k * ld;
      let largest = 0.0;
      for (let j = 0; j <= k; j++) largest = max(largest, oneNorm(at<f64>(x, row + 2 * j), at<f64>(x, row + 2 * j + 1)));
      scaleRow(x, row, k + 1, 1 / largest);
      put<f64>(pivots, k, at<f64>(x, row + 2 * k));
    }
  }
}

/** f = the reflection of t in its antidiagonal, conjugated: its eigenvectors, read backwards, are the left ones of t. */
export function flip(t: usize, ld: i32, n: i32, f: usize): void {
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const from = 2 * ((n - 1 - j) * ld + n - 1 - i);
      const to = 2 * (i * ld + j);
      put<f64>(f, to, at<f64>(t, from));
      put<f64>(f, to + 1, -at<f64>(t, from + 1));
    }
  }
}

/** Columns of c = rows of x; `backwards` reads rows and elements from the last. */
export function columnsFromRows(x: usize, ld: i32, n: i32, c: usize, backwards: boolean): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const from = backwards ? 2 * ((n - 1 - j) * ld + n - 1 - i) : 2 * (j * ld + i);
      const to = 2 * (i * ld + j);
      put<f64>(c, to, at<f64>(x, from));
      put<f64>(c, to + 1, at<f64>(x, from + 1));
    }
  }
}
