/**
 * Aggressive early deflation. The Schur form W = V T Vᴴ of a window at the end of the active block turns the one subdiagonal
 * element s before the window into a spike s·V₁ᴴ. Eigenvalues of T whose spike element is negligible have converged, long before
 * any subdiagonal element shows it; the others are shifts for the next sweep, and the window goes back to Hessenberg form.
 *
 * @source K. Braman, R. Byers, R. Mathias, SIAM J. Matrix Anal. Appl. 23 (2002) 948–973.
 */

import { oneNorm } from '../../../../math/complex-pairs.ts';
import { copyBlock } from '../copy-block.ts';
import { complexHessenberg } from './hessenberg.ts';
import { FULL, multiply } from './product.ts';
import { smallSchur } from './small-schur.ts';
import { adjoint, foldSpike, takeWindow } from './spike.ts';
import { complexMove } from './swap.ts';

const ULP: number = 2.220446049250313e-16;
const TINY: number = 1.0020841800044864e-292;
/** Sweeps a window may take, far more than it needs. */
const LIMIT: number = 30 * 96;
/** Largest window, and the distance of its rows: an odd number of cache lines. */
export const WINDOW: number = 96;
const LD: number = 100;
const ROW: number = 200;
/** Numbers of one window's matrix. */
const SQUARE: number = 19200;
/** The small arrays after the four matrices: reflectors' factors and constants. */
const SMALL: number = 800;

/** Numbers of work space: t, v, a basis, reflectors, the small arrays, and a strip of rows of the whole matrix. */
export function deflationWork(n: number): number {
  return 4 * SQUARE + SMALL + n * ROW;
}

/**
 * Deflates in the last `size` rows of the active block lo…hi of h. Gives back how many eigenvalues converged at its end; those
 * that did not are in shifts, the most promising first, and info[1] is their number. Adds one to info[0], the number of sweeps. Columns up to `right` and rows from `top`
 * of h take part, qRows rows of q are multiplied.
 */
export function deflate(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  size: number,
  top: number,
  right: number,
  q: Float64Array,
  qRows: number,
  shifts: Float64Array,
  rot: Float64Array,
  work: Float64Array,
  info: Float64Array,
): number {
  const t = work;
  const v = work.subarray(SQUARE);
  const basis = work.subarray(2 * SQUARE);
  const spare = work.subarray(3 * SQUARE);
  const small = work.subarray(4 * SQUARE);
  const strip = work.subarray(4 * SQUARE + SMALL);
  const first = hi - size + 1;
  const corner = 2 * (first * ld + first);
  const sr = first === lo ? 0.0 : h[corner - 2]!;
  const si = first === lo ? 0.0 : h[corner - 1]!;
  takeWindow(h, corner, 2 * ld, t, v, ROW, size);
  const sweeps = info[0]!;
  const failed = smallSchur(t, LD, 0, size - 1, size - 1, true, v, size, LIMIT, shifts, rot, info);
  info[0] = sweeps + 1;
  const left = findConverged(t, v, size, failed, oneNorm(sr, si), rot);
  info[1] = left - failed;
  for (let k = failed; k < left; k++) {
    shifts[2 * (k - failed)] = t[k * ROW + 2 * k]!;
    shifts[2 * (k - failed) + 1] = t[k * ROW + 2 * k + 1]!;
  }
  if (left === size) return 0;
  if (left > 1) {
    foldSpike(t, v, ROW, size, left, small);
    complexHessenberg(t, LD, size, 0, left - 1, basis, true, spare, small, small.subarray(WINDOW));
    multiply(v, 0, ROW, basis, 0, ROW, spare, 0, ROW, size, size, size, FULL);
    copyBlock(spare, 0, ROW, v, 0, ROW, size, 2 * size);
  }
  if (first > lo) {
    // s times the conjugate of what is left of V's first row.
    const vr = left > 0 ? v[0]! : 0.0;
    const vi = left > 0 ? v[1]! : 0.0;
    h[corner - 2] = sr * vr + si * vi;
    h[corner - 1] = si * vr - sr * vi;
  }
  copyBlock(t, 0, ROW, h, corner, 2 * ld, size, 2 * size);
  multiply(h, 2 * (top * ld + first), 2 * ld, v, 0, ROW, strip, 0, ROW, first - top, size, size, FULL);
  copyBlock(strip, 0, ROW, h, 2 * (top * ld + first), 2 * ld, first - top, 2 * size);
  multiply(q, 2 * first, 2 * ld, v, 0, ROW, strip, 0, ROW, qRows, size, size, FULL);
  copyBlock(strip, 0, ROW, q, 2 * first, 2 * ld, qRows, 2 * size);
  adjoint(v, basis, ROW, size);
  for (let j = hi + 1; j <= right; j += WINDOW) {
    const columns = Math.min(WINDOW, right - j + 1);
    multiply(basis, 0, ROW, h, 2 * (first * ld + j), 2 * ld, strip, 0, ROW, size, size, columns, FULL);
    copyBlock(strip, 0, ROW, h, 2 * (first * ld + j), 2 * ld, size, 2 * columns);
  }
  return size - left;
}

/** Sorts the eigenvalues that have not converged to the top of t, from place `failed` on; gives back where they end. */
function findConverged(
  t: Float64Array,
  v: Float64Array,
  size: number,
  failed: number,
  spike: number,
  rot: Float64Array,
): number {
  let left = size;
  let place = failed;
  while (place < left) {
    const k = left - 1;
    let own = oneNorm(t[k * ROW + 2 * k]!, t[k * ROW + 2 * k + 1]!);
    if (own === 0) own = spike;
    if (spike * oneNorm(v[2 * k]!, v[2 * k + 1]!) <= Math.max(TINY, ULP * own)) left--;
    else {
      complexMove(t, LD, size, v, size, k, place, rot);
      place++;
    }
  }
  return left;
}
