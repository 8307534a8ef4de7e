/** Mathematics: src/backend/ts/eig/complex/unit-vectors.ts. */
import { at, put } from '../../layout';
import { modulus, oneNorm } from './scalar';

/** Scales the columns of x (n×n); pivots[k] is multiplied by what column k was. work: 4n numbers. */
export function unitVectors(x: usize, ld: i32, n: i32, pivots: usize, work: usize): void {
  const peak = n;
  const squares = 3 * n;
  for (let k = 0; k < 4 * n; k++) put<f64>(work, k, 0);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const size = oneNorm(at<f64>(x, p), at<f64>(x, p + 1));
      if (size > at<f64>(work, k)) {
        put<f64>(work, k, size);
        put<f64>(work, peak + 2 * k, at<f64>(x, p));
        put<f64>(work, peak + 2 * k + 1, at<f64>(x, p + 1));
      }
    }
  }
  for (let k = 0; k < n; k++) put<f64>(work, k, 1 / at<f64>(work, k));
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const re = at<f64>(x, p) * at<f64>(work, k);
      const im = at<f64>(x, p + 1) * at<f64>(work, k);
      put<f64>(work, squares + k, at<f64>(work, squares + k) + (re * re + im * im));
    }
  }
  for (let k = 0; k < n; k++) {
    const pr = at<f64>(work, peak + 2 * k) * at<f64>(work, k);
    const pi = at<f64>(work, peak + 2 * k + 1) * at<f64>(work, k);
    const norm = sqrt(at<f64>(work, squares + k));
    const scale = 1 / (norm * modulus(pr, pi));
    put<f64>(work, peak + 2 * k, pr * scale);
    put<f64>(work, peak + 2 * k + 1, -pi * scale);
    put<f64>(pivots, k, (at<f64>(pivots, k) * at<f64>(work, k)) / norm);
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const p = 2 * (i * ld + k);
      const re = at<f64>(x, p) * at<f64>(work, k);
      const im = at<f64>(x, p + 1) * at<f64>(work, k);
      const cr = at<f64>(work, peak + 2 * k);
      const ci = at<f64>(work, peak + 2 * k + 1);
      put<f64>(x, p, re * cr - im * ci);
      put<f64>(x, p + 1, im * cr + re * ci);
    }
  }
}
