/** Mathematics: src/backend/ts/eig/real/hessenberg-basis.ts. */
import { at, put } from '../../layout';
import { updateFactor } from './rank-two';

/** q = P_lo … P_{hi−2}, an n×n matrix, multiplied together from the last, which touches the smallest block. */
export function formHessenbergBasis(q: usize, ld: i32, n: i32, lo: i32, hi: i32, v: usize, tau: usize, work: usize): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) put<f64>(q, i * ld + j, 0);
    put<f64>(q, i * ld + i, 1);
  }
  if (hi - lo < 2) return;
  let w = 0;
  let next = n;
  for (let j = hi - 1; j <= hi; j++) put<f64>(work, w + j, at<f64>(v, (hi - 2) * ld + j));
  for (let k = hi - 2; k >= lo; k--) {
    const vk = k * ld;
    const t = at<f64>(tau, k);
    const column = k + 1;
    for (let j = column; j <= hi; j++) {
      put<f64>(work, w + j, t * at<f64>(work, w + j));
      put<f64>(work, next + j, 0);
    }
    const vb = max(k - 1, lo) * ld;
    for (let i = column; i <= hi; i++) {
      updateFactor(q, i * ld + column, hi - k, at<f64>(v, vk + i), work, w + column, at<f64>(v, vb + i), work, next + column);
    }
    put<f64>(work, next + k, at<f64>(v, vb + k));
    const swap = w;
    w = next;
    next = swap;
  }
}
