/** Mathematics: src/backend/ts/eig/complex/spike.ts. */
import { at, put } from '../../layout';
import { makeReflector, reflectRows } from './reflector';

/** b = aᴴ, both n×n with rows `row` numbers apart. */
export function adjoint(a: usize, b: usize, row: i32, n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      put<f64>(b, i * row + 2 * j, at<f64>(a, j * row + 2 * i));
      put<f64>(b, i * row + 2 * j + 1, -at<f64>(a, j * row + 2 * i + 1));
    }
  }
}

/** The upper Hessenberg block of h that begins at h[p], n×n, to t (zeros below), and v = I. */
export function takeWindow(h: usize, p: i32, lh: i32, t: usize, v: usize, row: i32, n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const to = i * row + 2 * j;
      const inside = j >= i - 1;
      put<f64>(t, to, inside ? at<f64>(h, p + i * lh + 2 * j) : 0.0);
      put<f64>(t, to + 1, inside ? at<f64>(h, p + i * lh + 2 * j + 1) : 0.0);
      put<f64>(v, to, i == j ? 1.0 : 0.0);
      put<f64>(v, to + 1, 0);
    }
  }
}

export function foldSpike(t: usize, v: usize, row: i32, n: i32, count: i32, u: usize): void {
  for (let i = 0; i < count; i++) {
    put<f64>(u, 2 * i, at<f64>(v, 2 * i));
    put<f64>(u, 2 * i + 1, -at<f64>(v, 2 * i + 1));
  }
  const out = 2 * n;
  makeReflector(u, 0, count, u, out);
  const tau = at<f64>(u, out);
  for (let j = 0; j < n; j++) {
    let re = 0.0;
    let im = 0.0;
    for (let i = 0; i < count; i++) {
      const p = i * row + 2 * j;
      re += at<f64>(u, 2 * i) * at<f64>(t, p) + at<f64>(u, 2 * i + 1) * at<f64>(t, p + 1);
      im += at<f64>(u, 2 * i) * at<f64>(t, p + 1) - at<f64>(u, 2 * i + 1) * at<f64>(t, p);
    }
    re *= tau;
    im *= tau;
    for (let i = 0; i < count; i++) {
      const p = i * row + 2 * j;
      put<f64>(t, p, at<f64>(t, p) - (at<f64>(u, 2 * i) * re - at<f64>(u, 2 * i + 1) * im));
      put<f64>(t, p + 1, at<f64>(t, p + 1) - (at<f64>(u, 2 * i) * im + at<f64>(u, 2 * i + 1) * re));
    }
  }
  for (let i = 0; i < count; i++) reflectRows(t, i * row, row, 1, u, 0, count, tau);
  for (let i = 0; i < n; i++) reflectRows(v, i * row, row, 1, u, 0, count, tau);
}
