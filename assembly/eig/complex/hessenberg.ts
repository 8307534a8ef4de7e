/** Mathematics: src/backend/ts/eig/complex/hessenberg.ts. */
import { at, put } from '../../layout';
import { formHessenbergBasis } from './hessenberg-basis';
import { updateRows } from './rank-two';
import { makeReflector, reflectRows } from './reflector';

/** Moves column k of a below its diagonal into row k of v as a reflector; leaves β and zeros. */
function takeReflector(a: usize, ld: i32, n: i32, hi: i32, k: i32, v: usize, tau: usize, out: usize, o: i32): void {
  const row = 2 * k * ld;
  for (let j = 0; j < 2 * n; j++) put<f64>(v, row + j, 0);
  for (let i = k + 1; i <= hi; i++) {
    const from = 2 * (i * ld + k);
    put<f64>(v, row + 2 * i, at<f64>(a, from));
    put<f64>(v, row + 2 * i + 1, at<f64>(a, from + 1));
    put<f64>(a, from, 0);
    put<f64>(a, from + 1, 0);
  }
  makeReflector(v, row + 2 * (k + 1), hi - k, out, o);
  put<f64>(tau, k, at<f64>(out, o));
  const to = 2 * ((k + 1) * ld + k);
  put<f64>(a, to, at<f64>(out, o + 1));
  put<f64>(a, to + 1, at<f64>(out, o + 2));
}

function reduceToHessenberg(a: usize, ld: i32, n: i32, lo: i32, hi: i32, v: usize, tau: usize, work: usize): void {
  if (hi - lo < 2) return;
  const y = 4 * n;
  const out = 6 * n;
  let w = 0;
  let next = 2 * n;
  takeReflector(a, ld, n, hi, lo, v, tau, work, out);
  for (let j = 0; j < 6 * n; j++) put<f64>(work, j, 0);
  const from = lo + 1;
  const firstV = 2 * lo * ld;
  // ν = η = 0: the work space holds zeros where they are read.
  updateRows(a, 2 * (from * ld + from), 2 * ld, hi - lo, n - from, work, next, v, firstV + 2 * from, firstV + 2 * from,
    firstV + 2 * from, work, next + 2 * from, w + 2 * from, y + 2 * from);
  for (let k = lo; k <= hi - 2; k++) {
    const vk = 2 * k * ld;
    const t = at<f64>(tau, k);
    let dotR = 0.0;
    let dotI = 0.0;
    for (let j = 2 * (k + 1); j < 2 * n; j += 2) {
      const wr = t * at<f64>(work, w + j);
      const wi = t * at<f64>(work, w + j + 1);
      put<f64>(work, w + j, wr);
      put<f64>(work, w + j + 1, wi);
      dotR += wr * at<f64>(v, vk + j) - wi * at<f64>(v, vk + j + 1);
      dotI += wr * at<f64>(v, vk + j + 1) + wi * at<f64>(v, vk + j);
    }
    dotR *= t;
    dotI *= t;
    const c = 2 * (k + 1);
    const wr = at<f64>(work, w + c);
    const wi = at<f64>(work, w + c + 1);
    const cr = at<f64>(v, vk + c);
    const ci = at<f64>(v, vk + c + 1);
    for (let i = k + 1; i <= hi; i++) {
      const vr = at<f64>(v, vk + 2 * i);
      const vi = at<f64>(v, vk + 2 * i + 1);
      const yr = t * at<f64>(work, y + 2 * i) - (dotR * vr - dotI * vi);
      const yi = t * at<f64>(work, y + 2 * i + 1) - (dotR * vi + dotI * vr);
      put<f64>(work, y + 2 * i, yr);
      put<f64>(work, y + 2 * i + 1, yi);
      const p = 2 * (i * ld + k + 1);
      put<f64>(a, p, at<f64>(a, p) - vr * wr + vi * wi - yr * cr - yi * ci);
      put<f64>(a, p + 1, at<f64>(a, p + 1) - vr * wi - vi * wr + yr * ci - yi * cr);
    }
    const vn = 2 * (k + 1) * ld;
    if (k < hi - 2) takeReflector(a, ld, n, hi, k + 1, v, tau, work, out);
    else for (let j = 0; j < 2 * n; j++) put<f64>(v, vn + j, 0);
    for (let j = 2 * (k + 2); j < 2 * n; j++) put<f64>(work, next + j, 0);
    const column = k + 2;
    updateRows(a, 2 * ((k + 1) * ld + column), 2 * ld, hi - k, n - column, v, vk + c, v, vk + 2 * column, vn + c,
      vn + 2 * column, work, w + 2 * column, next + 2 * column, y + c);
    const swap = w;
    w = next;
    next = swap;
  }
  finishUpperRows(a, ld, lo, hi, v, tau);
}

/** Applies to every row the reflectors that came after it had left the active block, four rows at a time. */
function finishUpperRows(a: usize, ld: i32, lo: i32, hi: i32, v: usize, tau: usize): void {
  for (let top = 0; top <= hi - 2; top += 4) {
    const rows = min(4, hi - 1 - top);
    const together = top + rows - 1;
    for (let i = top; i < together; i++) {
      for (let k = max(lo, i); k < together; k++) {
        reflectRows(a, 2 * (i * ld + k + 1), 2 * ld, 1, v, 2 * (k * ld + k + 1), hi - k, at<f64>(tau, k));
      }
    }
    for (let k = max(lo, together); k <= hi - 2; k++) {
      reflectRows(a, 2 * (top * ld + k + 1), 2 * ld, rows, v, 2 * (k * ld + k + 1), hi - k, at<f64>(tau, k));
    }
  }
}

export function complexHessenberg(
  a: usize, ld: i32, n: i32, lo: i32, hi: i32, q: usize, basis: boolean, v: usize, tau: usize, work: usize,
): void {
  reduceToHessenberg(a, ld, n, lo, hi, v, tau, work);
  if (basis) formHessenbergBasis(q, ld, n, lo, hi, v, tau, work);
}
