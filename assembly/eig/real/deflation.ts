/** Mathematics: src/backend/ts/eig/real/deflation.ts. */
import { at, put, seek } from '../../layout';
import { product, WHOLE } from '../../dense/gemm';
import { copyBlock } from '../copy-block';
import { realHessenberg } from './hessenberg';
import { smallSchur } from './small-schur';
import { foldSpike, takeWindow } from './spike';
import { moveUp, orderAt, SWAP_WORK } from './swap';
import { PAIR } from './sweep';

const ULP: f64 = 2.220446049250313e-16;
const TINY: f64 = 1.0020841800044864e-292;
/** Sweeps a window may take, far more than it needs. */
const LIMIT: i32 = 30 * 96;
/** Largest window, and the distance of its rows: an odd number of cache lines. */
export const WINDOW: i32 = 96;
const LD: i32 = 104;
/** Numbers of one window's matrix. */
const SQUARE: i32 = LD * WINDOW;
/** The small arrays after the four matrices: reflectors' factors and what their application needs. */
const SMALL: i32 = 4 * WINDOW + 8;
/** Rows or columns of the whole matrix that are multiplied by the window's basis together. */
const STRIP: i32 = 192;

/**
 * Deflates in the last `size` rows of the active block lo…hi of h. Gives back how many eigenvalues converged at its end; those
 * that did not are in shifts, in pairs, and info[1] is the number of pairs. Adds one to info[0], the number of sweeps. Columns up to
 * `right` and rows from `top` of h take part, qRows rows of q are multiplied.
 */
export function deflate(
  h: usize, ld: i32, lo: i32, hi: i32, size: i32, top: i32, right: i32, q: usize, qRows: i32,
  shifts: usize, rec: usize, work: usize, info: usize,
): i32 {
  const t = work;
  const v = seek<f64>(work, SQUARE);
  const basis = seek<f64>(work, 2 * SQUARE);
  const spare = seek<f64>(work, 3 * SQUARE);
  const small = seek<f64>(work, 4 * SQUARE);
  const strip = seek<f64>(work, 4 * SQUARE + SMALL + SWAP_WORK);
  const first = hi - size + 1;
  const corner = first * ld + first;
  const s = first == lo ? 0.0 : at<f64>(h, corner - 1);
  takeWindow(h, corner, ld, t, v, LD, size);
  const sweeps = at<f64>(info, 0);
  const failed = smallSchur(t, LD, 0, size - 1, size - 1, true, v, size, LIMIT, shifts, rec, info);
  put<f64>(info, 0, sweeps + 1);
  const left = findConverged(t, v, size, failed, abs(s), seek<f64>(work, 4 * SQUARE + SMALL));
  put<f64>(info, 1, <f64>pairShifts(t, failed, left, shifts));
  if (left == size) return 0;
  if (left > 1) {
    foldSpike(t, v, LD, size, left, small);
    realHessenberg(t, LD, size, 0, left - 1, basis, true, spare, small, seek<f64>(small, WINDOW));
    product<f64>(size, size, size, 1, v, LD, 1, basis, LD, 1, 0, spare, LD, WHOLE, seek<f64>(strip, STRIP * LD));
    copyBlock(spare, 0, LD, v, 0, LD, size, size);
  }
  if (first > lo) put<f64>(h, corner - 1, left > 0 ? s * at<f64>(v, 0) : 0.0);
  copyBlock(t, 0, LD, h, corner, ld, size, size);
  timesBasis(h, top * ld + first, ld, first - top, v, size, strip);
  timesBasis(q, first, ld, qRows, v, size, strip);
  basisTimes(h, first * ld + hi + 1, ld, right - hi, v, size, strip);
  return size - left;
}

/** a ← a V for `rows` rows of a, the first at a[p]. */
function timesBasis(a: usize, p: i32, ld: i32, rows: i32, v: usize, size: i32, strip: usize): void {
  const packed = seek<f64>(strip, STRIP * LD);
  for (let i = 0; i < rows; i += STRIP) {
    const some = min(STRIP, rows - i);
    product<f64>(some, size, size, 1, seek<f64>(a, p + i * ld), ld, 1, v, LD, 1, 0, strip, LD, WHOLE, packed);
    copyBlock(strip, 0, LD, a, p + i * ld, ld, some, size);
  }
}

/** a ← Vᵀ a for `columns` columns of a, the first at a[p]. */
function basisTimes(a: usize, p: i32, ld: i32, columns: i32, v: usize, size: i32, strip: usize): void {
  const packed = seek<f64>(strip, STRIP * LD);
  for (let j = 0; j < columns; j += STRIP) {
    const some = min(STRIP, columns - j);
    product<f64>(size, some, size, 1, v, 1, LD, seek<f64>(a, p + j), ld, 1, 0, strip, STRIP, WHOLE, packed);
    copyBlock(strip, 0, STRIP, a, p + j, ld, size, some);
  }
}

/**
 * Sorts the eigenvalues that have not converged to the top of t, from place `failed` on, as far as they can be moved; gives back where
 * they end.
 */
function findConverged(t: usize, v: usize, size: i32, failed: i32, spike: f64, work: usize): i32 {
  let left = size;
  let place = failed;
  while (place < left) {
    const pair = left - 2 >= place && at<f64>(t, (left - 1) * LD + left - 2) != 0;
    const k = pair ? left - 2 : left - 1;
    let own = abs(at<f64>(t, k * LD + k));
    let part = abs(at<f64>(v, k));
    if (pair) {
      own += sqrt(abs(at<f64>(t, k * LD + k + 1))) * sqrt(abs(at<f64>(t, k * LD + LD + k)));
      part = max(part, abs(at<f64>(v, k + 1)));
    }
    if (own == 0) own = spike;
    if (spike * part <= max(TINY, ULP * own)) left = k;
    else if (moveUp(t, LD, size, v, size, k, place, work)) place += orderAt(t, LD, size, place);
    else return left;
  }
  return left;
}

/** Eigenvalues of t's blocks from `begin` up to `end` as pairs of shifts; real ones join the next real one, the last itself. */
function pairShifts(t: usize, begin: i32, end: i32, shifts: usize): i32 {
  let pairs = 0;
  let single = -1;
  for (let k = begin; k < end; k++) {
    const p = k * LD + k;
    if (k + 1 < end && at<f64>(t, p + LD) != 0) {
      putPair(shifts, pairs, at<f64>(t, p), at<f64>(t, p), sqrt(abs(at<f64>(t, p + 1))) * sqrt(abs(at<f64>(t, p + LD))));
      pairs++;
      k++;
    } else if (single < 0) single = p;
    else {
      putPair(shifts, pairs, at<f64>(t, single), at<f64>(t, p), 0);
      pairs++;
      single = -1;
    }
  }
  if (single < 0) return pairs;
  putPair(shifts, pairs, at<f64>(t, single), at<f64>(t, single), 0);
  return pairs + 1;
}

/** Pair number `pair` of shifts: first + iω, second − iω. */
function putPair(shifts: usize, pair: i32, first: f64, second: f64, omega: f64): void {
  const o = PAIR * pair;
  put<f64>(shifts, o, first);
  put<f64>(shifts, o + 1, omega);
  put<f64>(shifts, o + 2, second);
  put<f64>(shifts, o + 3, -omega);
}
