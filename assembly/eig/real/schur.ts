/** Mathematics: src/backend/ts/eig/real/schur.ts. */
import { at, put, seek } from '../../layout';
import { makeRotation, rotateChain, rotateRows } from '../complex/rotation';
import { multishiftSchur } from './multishift';
import { smallSchur } from './small-schur';
import { PAIR } from './sweep';

/** Up to this order one pair of shifts per sweep is the fastest, measured. */
const PLAIN: i32 = 160;

export function realSchur(
  h: usize, ld: i32, n: i32, lo: i32, hi: i32, whole: boolean, q: usize, qRows: i32, limit: i32, work: usize, info: usize,
): i32 {
  put<f64>(info, 0, 0);
  if (n > PLAIN) return multishiftSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, info);
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, seek<f64>(work, PAIR), info);
}

/** c (rows lc complex numbers apart) = the real n×n matrix a. */
function widen(a: usize, ld: i32, n: i32, c: usize, lc: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      put<f64>(c, 2 * (i * lc + j), at<f64>(a, i * ld + j));
      put<f64>(c, 2 * (i * lc + j) + 1, 0);
    }
  }
}

export function complexFromRealSchur(
  t: usize, q: usize, ld: i32, n: i32, tc: usize, qc: usize, lc: i32, rot: usize,
): void {
  widen(t, ld, n, tc, lc);
  widen(q, ld, n, qc, lc);
  for (let k = 0; k < n - 1; k++) {
    const p = k * ld + k;
    const b = at<f64>(t, p + 1);
    const c = at<f64>(t, p + ld);
    if (c == 0) continue;
    const omega = sqrt(abs(b)) * sqrt(abs(c));
    put<f64>(rot, 4, b);
    put<f64>(rot, 5, 0);
    put<f64>(rot, 6, 0);
    put<f64>(rot, 7, omega);
    makeRotation(rot, 4, rot, 6, rot, 0);
    const diagonal = 2 * (k * lc + k);
    const below = diagonal + 2 * lc;
    rotateRows(tc, diagonal, below, n - k, rot, 0);
    rotateChain(tc, 2 * k, 2, 2 * lc, k + 2, rot, 0, 1, true);
    rotateChain(qc, 2 * k, 2, 2 * lc, n, rot, 0, 1, true);
    put<f64>(tc, diagonal, at<f64>(t, p));
    put<f64>(tc, diagonal + 1, omega);
    put<f64>(tc, below, 0);
    put<f64>(tc, below + 1, 0);
    put<f64>(tc, below + 2, at<f64>(t, p));
    put<f64>(tc, below + 3, -omega);
  }
}
