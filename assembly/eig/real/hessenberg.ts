/** Mathematics: src/backend/ts/eig/real/hessenberg.ts. */
import { at, put } from '../../layout';
import { formHessenbergBasis } from './hessenberg-basis';
import { updateRow } from './rank-two';
import { makeReflector, reflectRows } from './reflector';

/** Moves column k of a below its diagonal into row k of v as a reflector; leaves β and zeros. */
function takeReflector(a: usize, ld: i32, n: i32, hi: i32, k: i32, v: usize, tau: usize, out: usize, o: i32): void {
  const row = k * ld;
  for (let j = 0; j < n; j++) put<f64>(v, row + j, 0);
  for (let i = k + 1; i <= hi; i++) {
    put<f64>(v, row + i, at<f64>(a, i * ld + k));
    put<f64>(a, i * ld + k, 0);
  }
  makeReflector(v, row + k + 1, hi - k, out, o);
  put<f64>(tau, k, at<f64>(out, o));
  put<f64>(a, (k + 1) * ld + k, at<f64>(out, o + 1));
}

function reduceToHessenberg(a: usize, ld: i32, n: i32, lo: i32, hi: i32, v: usize, tau: usize, work: usize): void {
  if (hi - lo < 2) return;
  const y = 2 * n;
  const out = 3 * n;
  let w = 0;
  let next = n;
  takeReflector(a, ld, n, hi, lo, v, tau, work, out);
  for (let j = 0; j < 3 * n; j++) put<f64>(work, j, 0);
  const from = lo + 1;
  const first = lo * ld;
  for (let i = from; i <= hi; i++) {
    updateRow(a, i * ld + from, n - from, 0, work, next + from, 0, v, first + from,
      at<f64>(v, first + i), work, w + from, v, first + from, work, y + i);
  }
  for (let k = lo; k <= hi - 2; k++) {
    const vk = k * ld;
    const t = at<f64>(tau, k);
    let dot = 0.0;
    for (let j = k + 1; j < n; j++) {
      const scaled = t * at<f64>(work, w + j);
      put<f64>(work, w + j, scaled);
      dot += scaled * at<f64>(v, vk + j);
    }
    dot *= t;
    const c = k + 1;
    const wc = at<f64>(work, w + c);
    const vc = at<f64>(v, vk + c);
    for (let i = c; i <= hi; i++) {
      const vi = at<f64>(v, vk + i);
      const yi = t * at<f64>(work, y + i) - dot * vi;
      put<f64>(work, y + i, yi);
      put<f64>(a, i * ld + c, at<f64>(a, i * ld + c) - vi * wc - yi * vc);
    }
    const vn = c * ld;
    if (k < hi - 2) takeReflector(a, ld, n, hi, c, v, tau, work, out);
    else for (let j = 0; j < n; j++) put<f64>(v, vn + j, 0);
    const column = k + 2;
    for (let j = column; j < n; j++) put<f64>(work, next + j, 0);
    for (let i = c; i <= hi; i++) {
      updateRow(a, i * ld + column, n - column, at<f64>(v, vk + i), work, w + column, at<f64>(work, y + i), v, vk + column,
        at<f64>(v, vn + i), work, next + column, v, vn + column, work, y + i);
    }
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
        reflectRows(a, i * ld + k + 1, ld, 1, v, k * ld + k + 1, hi - k, at<f64>(tau, k));
      }
    }
    for (let k = max(lo, together); k <= hi - 2; k++) {
      reflectRows(a, top * ld + k + 1, ld, rows, v, k * ld + k + 1, hi - k, at<f64>(tau, k));
    }
  }
}

export function realHessenberg(
  a: usize, ld: i32, n: i32, lo: i32, hi: i32, q: usize, basis: boolean, v: usize, tau: usize, work: usize,
): void {
  reduceToHessenberg(a, ld, n, lo, hi, v, tau, work);
  if (basis) formHessenbergBasis(q, ld, n, lo, hi, v, tau, work);
}
