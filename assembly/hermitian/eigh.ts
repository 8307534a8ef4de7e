/** Hermitian eigenproblem. Mathematics and work space: src/backend/ts/hermitian/eigh.ts. vectors = 0: eigenvalues only. */
import { at, put, rowOf, seek } from '../layout';
import { backTransform } from '../dense/reflector-blocks';
import { DENSE_PANEL, identityPanels } from '../dense/rotation-panels';
import { largestSize, scaleFor } from '../dense/scaling';
import { sortNumbers } from '../dense/vector-panels';
import { tridiagonalise } from './tridiagonalise';
import { tridiagonalQl } from './tridiagonal-ql';

export function eigh(a: usize, n: i32, width: i32, values: usize, vectors: usize, work: usize, info: usize): i32 {
  put<f64>(info, 0, 0);
  if (n == 0) return 0;
  const re = work;
  const im: usize = width == 2 ? rowOf<f64>(re, n, n) : 0;
  const d = rowOf<f64>(work, width * n, n);
  const e = seek<f64>(d, n);
  const tau = seek<f64>(e, n);
  const eight = seek<f64>(tau, 2 * n);
  const c = seek<f64>(eight, 8 * n + 8);
  const s = seek<f64>(c, n);
  const out = seek<f64>(s, n);
  const scale = scaleFor(largestSize(a, width * n * n));
  loadHermitianPart(a, n, scale, re, im);
  tridiagonalise(re, im, n, d, e, tau, eight, out);
  const panels: usize = vectors == 0 ? 0 : seek<f64>(out, 4);
  if (panels != 0) identityPanels(panels, n);
  const status = tridiagonalQl(d, e, n, c, s, panels, out);
  put<f64>(info, 0, at<f64>(out, 3));
  if (status != 0) return status;
  const order = c;
  sortNumbers(d, n, order, false);
  const factor = 1 / scale;
  for (let i = 0; i < n; i++) put<f64>(values, i, at<f64>(d, i) * factor);
  if (vectors == 0) return 0;
  const rest = rowOf<f64>(panels, (n + DENSE_PANEL - 1) / DENSE_PANEL * DENSE_PANEL, n);
  const imVector: usize = im == 0 ? 0 : rowOf<f64>(im, 1, n);
  backTransform(1, n - 1, 0, rowOf<f64>(re, 1, n), imVector, n, seek<f64>(tau, 2), panels, n, n, order, n, vectors, rest);
  return 0;
}

function loadHermitianPart(a: usize, n: i32, scale: f64, re: usize, im: usize): void {
  const half = 0.5 * scale;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const ij = i * n + j;
      const ji = j * n + i;
      if (im == 0) put<f64>(re, ij, at<f64>(a, ij) * half + at<f64>(a, ji) * half);
      else {
        put<f64>(re, ij, at<f64>(a, 2 * ij) * half + at<f64>(a, 2 * ji) * half);
        put<f64>(im, ij, at<f64>(a, 2 * ij + 1) * half - at<f64>(a, 2 * ji + 1) * half);
      }
    }
  }
}
