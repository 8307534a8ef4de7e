/** Singular value decomposition. Mathematics and work space: src/backend/ts/svd/svd.ts. u = v = 0: the values alone. */
import { at, put, rowOf, seek } from '../layout';
import { reflectPanelComplex, reflectPanelReal } from '../dense/reflector-panels';
import { DENSE_PANEL, identityPanels } from '../dense/rotation-panels';
import { largestSize, scaleFor } from '../dense/scaling';
import { gatherPanel, scatterPanel, sortNumbers } from '../dense/vector-panels';
import { bidiagonalQr } from './bidiagonal-qr';
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
    const factor = 1 / scale;
    for (let i = 0; i < n; i++) put<f64>(values, i, at<f64>(d, i) * factor);
  }
  if (u == 0) return 0;
  const panel = rowOf<f64>(right, panelLength, n);
  const tall = wide ? v : u;
  const tallColumns = wide ? vColumns : uColumns;
  for (let first = 0; first < tallColumns; first += DENSE_PANEL) {
    gatherPanel(left, n, m, width, rotations, first, panel);
    for (let k = n - 1; k >= 0; k--) {
      const vr = seek<f64>(rowOf<f64>(reflectors, k, m), k);
      const vi: usize = im == 0 ? 0 : seek<f64>(rowOf<f64>(reflectors, n + k, m), k);
      reflect(panel, k, m, width, vr, vi, tauLeft, k);
    }
    scatterPanel(panel, m, width, first, tallColumns, tall);
  }
  const short = wide ? u : v;
  const shortColumns = wide ? uColumns : vColumns;
  for (let first = 0; first < n; first += DENSE_PANEL) {
    gatherPanel(right, n, n, width, rotations, first, panel);
    for (let k = n - 2; k >= 0; k--) {
      const vr = seek<f64>(rowOf<f64>(re, k, ld), k + 1);
      const vi: usize = im == 0 ? 0 : seek<f64>(rowOf<f64>(im, k, ld), k + 1);
      reflect(panel, k + 1, n, width, vr, vi, tauRight, k);
    }
    scatterPanel(panel, n, width, first, shortColumns, short);
  }
  return 0;
}

function reflect(panel: usize, from: i32, rows: i32, width: i32, vr: usize, vi: usize, tau: usize, k: i32): void {
  const part = rowOf<f64>(panel, from * width, DENSE_PANEL);
  if (vi == 0) reflectPanelReal(part, rows - from, vr, at<f64>(tau, 2 * k));
  else reflectPanelComplex(part, rows - from, vr, vi, at<f64>(tau, 2 * k), at<f64>(tau, 2 * k + 1));
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
