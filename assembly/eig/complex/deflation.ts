/** Mathematics: src/backend/ts/eig/complex/deflation.ts. */
import { at, put, seek } from '../../layout';
import { copyBlock } from '../copy-block';
import { complexHessenberg } from './hessenberg';
import { FULL, multiply } from './product';
import { oneNorm } from './scalar';
import { smallSchur } from './small-schur';
import { adjoint, foldSpike, takeWindow } from './spike';
import { complexMove } from './swap';

const ULP: f64 = 2.220446049250313e-16;
const TINY: f64 = 1.0020841800044864e-292;
/** Sweeps a window may take, far more than it needs. */
const LIMIT: i32 = 30 * 96;
/** Largest window, and the distance of its rows: an odd number of cache lines. */
export const WINDOW: i32 = 96;
const LD: i32 = 100;
const ROW: i32 = 200;
/** Numbers of one window's matrix. */
const SQUARE: i32 = 19200;
/** The small arrays after the four matrices: reflectors' factors and constants. */
const SMALL: i32 = 800;

export function deflate(
  h: usize, ld: i32, lo: i32, hi: i32, size: i32, top: i32, right: i32, q: usize, qRows: i32,
  shifts: usize, rot: usize, work: usize, info: usize,
): i32 {
  const t = work;
  const v = seek<f64>(work, SQUARE);
  const basis = seek<f64>(work, 2 * SQUARE);
  const spare = seek<f64>(work, 3 * SQUARE);
  const small = seek<f64>(work, 4 * SQUARE);
  const strip = seek<f64>(work, 4 * SQUARE + SMALL);
  const first = hi - size + 1;
  const corner = 2 * (first * ld + first);
  const sr = first == lo ? 0.0 : at<f64>(h, corner - 2);
  const si = first == lo ? 0.0 : at<f64>(h, corner - 1);
  takeWindow(h, corner, 2 * ld, t, v, ROW, size);
  const sweeps = at<f64>(info, 0);
  const failed = smallSchur(t, LD, 0, size - 1, size - 1, true, v, size, LIMIT, shifts, rot, info);
  put<f64>(info, 0, sweeps + 1);
  const left = findConverged(t, v, size, failed, oneNorm(sr, si), rot);
  put<f64>(info, 1, <f64>(left - failed));
  for (let k = failed; k < left; k++) {
    put<f64>(shifts, 2 * (k - failed), at<f64>(t, k * ROW + 2 * k));
    put<f64>(shifts, 2 * (k - failed) + 1, at<f64>(t, k * ROW + 2 * k + 1));
  }
  if (left == size) return 0;
  if (left > 1) {
    foldSpike(t, v, ROW, size, left, small);
    complexHessenberg(t, LD, size, 0, left - 1, basis, true, spare, small, seek<f64>(small, WINDOW));
    multiply(v, 0, ROW, basis, 0, ROW, spare, 0, ROW, size, size, size, FULL);
    copyBlock(spare, 0, ROW, v, 0, ROW, size, 2 * size);
  }
  if (first > lo) {
    // s times the conjugate of what is left of V's first row.
    const vr = left > 0 ? at<f64>(v, 0) : 0.0;
    const vi = left > 0 ? at<f64>(v, 1) : 0.0;
    put<f64>(h, corner - 2, sr * vr + si * vi);
    put<f64>(h, corner - 1, si * vr - sr * vi);
  }
  copyBlock(t, 0, ROW, h, corner, 2 * ld, size, 2 * size);
  multiply(h, 2 * (top * ld + first), 2 * ld, v, 0, ROW, strip, 0, ROW, first - top, size, size, FULL);
  copyBlock(strip, 0, ROW, h, 2 * (top * ld + first), 2 * ld, first - top, 2 * size);
  multiply(q, 2 * first, 2 * ld, v, 0, ROW, strip, 0, ROW, qRows, size, size, FULL);
  copyBlock(strip, 0, ROW, q, 2 * first, 2 * ld, qRows, 2 * size);
  adjoint(v, basis, ROW, size);
  for (let j = hi + 1; j <= right; j += WINDOW) {
    const columns = min(WINDOW, right - j + 1);
    multiply(basis, 0, ROW, h, 2 * (first * ld + j), 2 * ld, strip, 0, ROW, size, size, columns, FULL);
    copyBlock(strip, 0, ROW, h, 2 * (first * ld + j), 2 * ld, size, 2 * columns);
  }
  return size - left;
}

/** Sorts the eigenvalues that have not converged to the top of t, from place `failed` on; gives back where they end. */
function findConverged(t: usize, v: usize, size: i32, failed: i32, spike: f64, rot: usize): i32 {
  let left = size;
  let place = failed;
  while (place < left) {
    const k = left - 1;
    let own = oneNorm(at<f64>(t, k * ROW + 2 * k), at<f64>(t, k * ROW + 2 * k + 1));
    if (own == 0) own = spike;
    if (spike * oneNorm(at<f64>(v, 2 * k), at<f64>(v, 2 * k + 1)) <= max(TINY, ULP * own)) left--;
    else {
      complexMove(t, LD, size, v, size, k, place, rot);
      place++;
    }
  }
  return left;
}
