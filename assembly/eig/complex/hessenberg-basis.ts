/** Mathematics: src/backend/ts/eig/complex/hessenberg-basis.ts. */
import { at, put } from '../../layout';
import { updateFactor } from './rank-two';

/** q = P_lo … P_{hi−2}, an n×n matrix, multiplied together from the last, which touches the smallest block. */
export function formHessenbergBasis(q: usize, ld: i32, n: i32, lo: i32, hi: i32, v: usize, tau: usize, work: usize): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < 2 * n; j++) put<f64>(q, 2 * i * ld + j, 0);
    put<f64>(q, 2 * (i * ld + i), 1);
  }
  if (hi - lo < 2) return;
  let w = 0;
  let next = 2 * n;
  for (let j = 2 * (hi - 1); j < 2 * (hi + 1); j += 2) {
    const from = 2 * (hi - 2) * ld + j;
    put<f64>(work, w + j, at<f64>(v, from));
    put<f64>(work, w + j + 1, -at<f64>(v, from + 1));
  }
  for (let k = hi - 2; k >= lo; k--) {
    const vk = 2 * k * ld;
    const t = at<f64>(tau, k);
    const column = 2 * (k + 1);
    for (let j = column; j < 2 * (hi + 1); j++) {
      put<f64>(work, w + j, t * at<f64>(work, w + j));
      put<f64>(work, next + j, 0);
    }
    const before = max(k - 1, lo);
    const vb = 2 * before * ld;
    for (let i = k + 1; i <= hi; i++) {
      updateFactor(q, 2 * i * ld + column, hi - k, at<f64>(v, vk + 2 * i), at<f64>(v, vk + 2 * i + 1), work, w + column,
        at<f64>(v, vb + 2 * i), at<f64>(v, vb + 2 * i + 1), work, next + column);
    }
    put<f64>(work, next + 2 * k, at<f64>(v, vb + 2 * k));
    put<f64>(work, next + 2 * k + 1, -at<f64>(v, vb + 2 * k + 1));
    const swap = w;
    w = next;
    next = swap;
  }
}
