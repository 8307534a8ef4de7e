/** Singular value decomposition. Mathematics and work space: src/backend/ts/svd/svd.ts. u = v = 0: the values alone. */
import { at, put, rowOf, seek } from '../layout';
import { backTransform } from '../dense/reflector-blocks';
import { DENSE_PANEL, identityPanels } from '../dense/rotation-panels';
import { largestSize, scaleFor } from '../dense/scaling';
import { sortNumbers } from '../dense/vector-panels';
import { bidiagonalQr } from './bidiagonal-qr';
import { bidiagonalValues } from './bidiagonal-values';
import { bidiagonalise } from './bidiagonalise';

export function svd(
  a: usize, rows: i32, columns: i32, width: i32, values: usize, u: usize, uColumns: i32, v: usize, vColumns: i32, work: usize, info: usize,
): i32 {
  put<f64>(info, 0, 0);
  const wide = rows < columns;
  const m = wide ? columns : rows;
  const n = wide ? rows : columns;
  const ld = n + (n & 1);
  const re = work;
  const im: usize = width == 2 ? rowOf<f64>(re, m, ld) : 0;
  const d = rowOf<f64>(work, width * m, ld);
  const e = seek<f64>(d, n);
  const tauLeft = seek<f64>(e, n);
  const tauRight = seek<f64>(tauLeft, 2 * n);
  const rotations = seek<f64>(tauRight, 2 * n);
  const vectors = seek<f64>(rotations, 4 * n);
  const out = seek<f64>(vectors, 8 * ld + 6 * m);
  const reflectors: usize = u == 0 ? 0 : seek<f64>(out, 4);
  const panelLength = (n + DENSE_PANEL - 1) / DENSE_PANEL * DENSE_PANEL;
  const left: usize = u == 0 ? 0 : rowOf<f64>(reflectors, width * n, m);
  const right: usize = u == 0 ? 0 : rowOf<f64>(left, panelLength, n);
  if (n > 0) {
    const scale = scaleFor(largestSize(a, width * rows * columns));
    loadTall(a, rows, columns, scale, ld, re, im);
    bidiagonalise(re, im, m, n, d, e, tauLeft, tauRight, reflectors, vectors, out);
    // The reduction has done with its vectors.
    const lengths = vectors;
    const spare = seek<f64>(vectors, n);
    memory.copy(lengths, d, (<usize>(2 * n)) * 8);
    const found = bidiagonalValues(lengths, spare, n, seek<f64>(spare, n), out) == 0;
    put<f64>(info, 0, at<f64>(out, 3));
    if (left != 0 || !found) {
      if (left != 0) {
        identityPanels(left, n);
        identityPanels(right, n);
      }
      const status = bidiagonalQr(d, e, n, rotations, left, right, out);
      put<f64>(info, 0, at<f64>(out, 3));
      if (status != 0) return status;
      if (right != 0) makeLengthsPositive(d, n, right);
      for (let i = 0; i < n; i++) put<f64>(d, i, abs<f64>(at<f64>(d, i)));
      sortNumbers(d, n, rotations, true);
    }
    if (found) sortNumbers(lengths, n, spare, true);
    const factor = 1 / scale;
    for (let i = 0; i < n; i++) put<f64>(values, i, at<f64>(found ? lengths : d, i) * factor);
  }
  if (u == 0) return 0;
  const rest = rowOf<f64>(right, panelLength, n);
  const tallRe = rowOf<f64>(reflectors, n - 1, m);
  const tallIm: usize = im == 0 ? 0 : rowOf<f64>(reflectors, 2 * n - 1, m);
  const lastTau = seek<f64>(tauLeft, 2 * (n - 1));
  backTransform(-1, n, n - 1, tallRe, tallIm, m, lastTau, left, n, m, rotations, wide ? vColumns : uColumns, wide ? v : u, rest);
  if (n == 0) return 0;
  const shortRe = rowOf<f64>(re, n - 2, ld);
  const shortIm: usize = im == 0 ? 0 : rowOf<f64>(im, n - 2, ld);
  const nextTau = seek<f64>(tauRight, 2 * (n - 2));
  backTransform(-1, n - 1, n - 1, shortRe, shortIm, ld, nextTau, right, n, n, rotations, wide ? uColumns : vColumns, wide ? u : v, rest);
  return 0;
}

function loadTall(a: usize, rows: i32, columns: i32, scale: f64, ld: i32, re: usize, im: usize): void {
  const wide = rows < columns;
  const m = wide ? columns : rows;
  const n = wide ? rows : columns;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const from = wide ? j * columns + i : i * columns + j;
      const to = i * ld + j;
      if (im == 0) put<f64>(re, to, at<f64>(a, from) * scale);
      else {
        const imaginary = at<f64>(a, 2 * from + 1) * scale;
        put<f64>(re, to, at<f64>(a, 2 * from) * scale);
        put<f64>(im, to, wide ? -imaginary : imaginary);
      }
    }
    if (ld > n) {
      put<f64>(re, i * ld + n, 0);
      if (im != 0) put<f64>(im, i * ld + n, 0);
    }
  }
}

function makeLengthsPositive(d: usize, n: i32, right: usize): void {
  for (let i = 0; i < n; i++) {
    if (at<f64>(d, i) >= 0) continue;
    for (let p = 0; p * DENSE_PANEL < n; p++) {
      const row = rowOf<f64>(right, p * n + i, DENSE_PANEL);
      for (let l = 0; l < DENSE_PANEL; l++) put<f64>(row, l, -at<f64>(row, l));
    }
  }
}
