/**
 * Aggressive early deflation: the real twin of complex/deflation, where the method is explained. A pair of complex eigenvalues has
 * converged where both elements of its spike are negligible.
 *
 * @source K. Braman, R. Byers, R. Mathias, SIAM J. Matrix Anal. Appl. 23 (2002) 948–973.
 */
import { product } from '../../dense/gemm.ts';
import { copyBlock } from '../copy-block.ts';
import { realHessenberg } from './hessenberg.ts';
import { smallSchur } from './small-schur.ts';
import { foldSpike, takeWindow } from './spike.ts';
import { moveUp, orderAt, SWAP_WORK } from './swap.ts';
import { PAIR } from './sweep.ts';

const ULP: number = 2.220446049250313e-16;
const TINY: number = 1.0020841800044864e-292;
/** Sweeps a window may take, far more than it needs. */
const LIMIT: number = 30 * 96;
/** Largest window, and the distance of its rows: an odd number of cache lines. */
export const WINDOW: number = 96;
const LD: number = 104;
/** Numbers of one window's matrix. */
const SQUARE: number = LD * WINDOW;
/** The small arrays after the four matrices: reflectors' factors and what their application needs. */
const SMALL: number = 4 * WINDOW + 8;
/** Rows or columns of the whole matrix that are multiplied by the window's basis together. */
const STRIP: number = 192;
/** Numbers for a product of a strip: the contract's gemmWork for 192 rows or columns, 96 and 96. */
const PACKED: number = (STRIP + WINDOW) * WINDOW + 18;

/** Numbers of work space: t, v, a basis, reflectors, the small arrays, a strip, its packed operands. */
export function deflationWork(): number {
  return 4 * SQUARE + SMALL + SWAP_WORK + STRIP * LD + PACKED;
}

/**
 * Deflates in the last `size` rows of the active block lo…hi of h. Gives back how many eigenvalues converged at its end; those
 * that did not are in shifts, in pairs, and info[1] is the number of pairs. Adds one to info[0], the number of sweeps. Columns up to
 * `right` and rows from `top` of h take part, qRows rows of q are multiplied.
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
  rec: Float64Array,
  work: Float64Array,
  info: Float64Array,
): number {
  const t = work;
  const v = work.subarray(SQUARE);
  const basis = work.subarray(2 * SQUARE);
  const spare = work.subarray(3 * SQUARE);
  const small = work.subarray(4 * SQUARE);
  const strip = work.subarray(4 * SQUARE + SMALL + SWAP_WORK);
  const first = hi - size + 1;
  const corner = first * ld + first;
  const s = first === lo ? 0.0 : h[corner - 1]!;
  takeWindow(h, corner, ld, t, v, LD, size);
  const sweeps = info[0]!;
  const failed = smallSchur(t, LD, 0, size - 1, size - 1, true, v, size, LIMIT, shifts, rec, info);
  info[0] = sweeps + 1;
  const left = findConverged(t, v, size, failed, Math.abs(s), work.subarray(4 * SQUARE + SMALL));
  info[1] = pairShifts(t, failed, left, shifts);
  if (left === size) return 0;
  if (left > 1) {
    foldSpike(t, v, LD, size, left, small);
    realHessenberg(t, LD, size, 0, left - 1, basis, true, spare, small, small.subarray(WINDOW));
    product(size, size, size, 1, v, LD, 1, basis, LD, 1, 0, spare, LD, false);
    copyBlock(spare, 0, LD, v, 0, LD, size, size);
  }
  if (first > lo) h[corner - 1] = left > 0 ? s * v[0]! : 0.0;
  copyBlock(t, 0, LD, h, corner, ld, size, size);
  timesBasis(h, top * ld + first, ld, first - top, v, size, strip);
  timesBasis(q, first, ld, qRows, v, size, strip);
  basisTimes(h, first * ld + hi + 1, ld, right - hi, v, size, strip);
  return size - left;
}

/** a ← a V for `rows` rows of a, the first at a[p]. */
function timesBasis(
  a: Float64Array,
  p: number,
  ld: number,
  rows: number,
  v: Float64Array,
  size: number,
  strip: Float64Array,
): void {
  for (let i = 0; i < rows; i += STRIP) {
    const some = Math.min(STRIP, rows - i);
    product(some, size, size, 1, a.subarray(p + i * ld), ld, 1, v, LD, 1, 0, strip, LD, false);
    copyBlock(strip, 0, LD, a, p + i * ld, ld, some, size);
  }
}

/** a ← Vᵀ a for `columns` columns of a, the first at a[p]. */
function basisTimes(
  a: Float64Array,
  p: number,
  ld: number,
  columns: number,
  v: Float64Array,
  size: number,
  strip: Float64Array,
): void {
  for (let j = 0; j < columns; j += STRIP) {
    const some = Math.min(STRIP, columns - j);
    product(size, some, size, 1, v, 1, LD, a.subarray(p + j), ld, 1, 0, strip, STRIP, false);
    copyBlock(strip, 0, STRIP, a, p + j, ld, size, some);
  }
}

/**
 * Sorts the eigenvalues that have not converged to the top of t, from place `failed` on, as far as they can be moved; gives back where
 * they end.
 */
function findConverged(
  t: Float64Array,
  v: Float64Array,
  size: number,
  failed: number,
  spike: number,
  work: Float64Array,
): number {
  let left = size;
  let place = failed;
  while (place < left) {
    const pair = left - 2 >= place && t[(left - 1) * LD + left - 2]! !== 0;
    const k = pair ? left - 2 : left - 1;
    let own = Math.abs(t[k * LD + k]!);
    let part = Math.abs(v[k]!);
    if (pair) {
      own += Math.sqrt(Math.abs(t[k * LD + k + 1]!)) * Math.sqrt(Math.abs(t[k * LD + LD + k]!));
      part = Math.max(part, Math.abs(v[k + 1]!));
    }
    if (own === 0) own = spike;
    if (spike * part <= Math.max(TINY, ULP * own)) left = k;
    else if (moveUp(t, LD, size, v, size, k, place, work)) place += orderAt(t, LD, size, place);
    else return left;
  }
  return left;
}

/** Eigenvalues of t's blocks from `begin` up to `end` as pairs of shifts; real ones join the next real one, the last itself. */
function pairShifts(t: Float64Array, begin: number, end: number, shifts: Float64Array): number {
  let pairs = 0;
  let single = -1;
  for (let k = begin; k < end; k++) {
    const p = k * LD + k;
    if (k + 1 < end && t[p + LD]! !== 0) {
      putPair(shifts, pairs, t[p]!, t[p]!, Math.sqrt(Math.abs(t[p + 1]!)) * Math.sqrt(Math.abs(t[p + LD]!)));
      pairs++;
      k++;
    } else if (single < 0) single = p;
    else {
      putPair(shifts, pairs, t[single]!, t[p]!, 0);
      pairs++;
      single = -1;
    }
  }
  if (single < 0) return pairs;
  putPair(shifts, pairs, t[single]!, t[single]!, 0);
  return pairs + 1;
}

/** Pair number `pair` of shifts: first + iω, second − iω. */
function putPair(shifts: Float64Array, pair: number, first: number, second: number, omega: number): void {
  const o = PAIR * pair;
  shifts[o] = first;
  shifts[o + 1] = omega;
  shifts[o + 2] = second;
  shifts[o + 3] = -omega;
}
