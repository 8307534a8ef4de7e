/** Mathematics: src/backend/ts/eig/real/spike.ts. */
import { at, put } from '../../layout';
import { makeReflector, reflectRows } from './reflector';

/** The upper Hessenberg block of h that begins at h[p], n×n, to t (zeros below), and v = I; rows of t and v are `row` numbers apart. */
export function takeWindow(h: usize, p: i32, lh: i32, t: usize, v: usize, row: i32, n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      put<f64>(t, i * row + j, j >= i - 1 ? at<f64>(h, p + i * lh + j) : 0.0);
      put<f64>(v, i * row + j, i == j ? 1.0 : 0.0);
    }
  }
}

/**
 * With P the reflector of the first `count` elements of v's first row: t ← P t P and v ← v P on the leading rows and columns; then
 * that row of v has one element left. u: n + 2 numbers of work space.
 */
export function foldSpike(t: usize, v: usize, row: i32, n: i32, count: i32, u: usize): void {
  for (let i = 0; i < count; i++) put<f64>(u, i, at<f64>(v, i));
  makeReflector(u, 0, count, u, n);
  const tau = at<f64>(u, n);
  for (let j = 0; j < n; j++) {
    let sum = 0.0;
    for (let i = 0; i < count; i++) sum += at<f64>(u, i) * at<f64>(t, i * row + j);
    sum *= tau;
    for (let i = 0; i < count; i++) put<f64>(t, i * row + j, at<f64>(t, i * row + j) - at<f64>(u, i) * sum);
  }
  for (let i = 0; i < count; i++) reflectRows(t, i * row, row, 1, u, 0, count, tau);
  for (let i = 0; i < n; i++) reflectRows(v, i * row, row, 1, u, 0, count, tau);
}
