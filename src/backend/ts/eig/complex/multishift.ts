/**
 * The QR algorithm for large blocks: aggressive early deflation, and sweeps with as many shifts as that leaves.
 *
 * @source K. Braman, R. Byers, R. Mathias, SIAM J. Matrix Anal. Appl. 23 (2002) 929–947 and 948–973.
 */

import { modulus } from '../../../../math/complex-pairs.ts';
import { deflate, deflationWork, WINDOW } from './deflation.ts';
import { blockStart } from './small-schur.ts';
import { sweep, sweepWorkLength } from './sweep.ts';

/** Blocks of up to so many rows take one shift at a time, on a copy that fits a window. */
const SMALL: number = 96;
/** Most shifts of a sweep. */
const MOST: number = 32;
/** Numbers for the shifts a window leaves, and what the formula of one shift needs. */
const SHIFTS: number = 2 * WINDOW + 4;
/** If more than this share of a window converges, another window comes before the next sweep. */
const ENOUGH: number = 0.08;
/** Windows without a deflation after which the shifts are exceptional, and their size. */
const PATIENCE: number = 6;
const EXCEPTIONAL: number = 0.75;

/** Numbers of work space. */
export function multishiftWork(n: number): number {
  return SHIFTS + sweepWorkLength(MOST) + deflationWork(n);
}

/** Rows of the window for a block, twice as many when two windows in a row brought nothing. */
function windowFor(rows: number, stagnant: number): number {
  const plain = rows < 150 ? 24 : rows < 300 ? 36 : rows < 500 ? 48 : 72;
  return Math.min(Math.min(WINDOW, rows), stagnant > 1 ? 2 * plain : plain);
}

/** As smallSchur, with `work` of {@link multishiftWork} numbers. */
export function multishiftSchur(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  last: number,
  whole: boolean,
  q: Float64Array,
  qRows: number,
  limit: number,
  work: Float64Array,
  info: Float64Array,
): number {
  const shifts = work;
  const rot = work.subarray(SHIFTS);
  const windowAt = SHIFTS + sweepWorkLength(MOST);
  const window = work.subarray(windowAt);
  let bottom = hi;
  let stagnant = 0;
  while (bottom >= lo) {
    const start = blockStart(h, ld, lo, hi, bottom);
    const rows = bottom - start + 1;
    if (rows > 1 && info[0]! >= limit) return bottom + 1;
    const top = whole ? 0 : start;
    const right = whole ? last : bottom;
    // A small block is a window as a whole.
    const size = rows <= SMALL ? rows : windowFor(rows, stagnant);
    const converged = deflate(h, ld, start, bottom, size, top, right, q, qRows, shifts, rot, window, info);
    bottom -= converged;
    stagnant = converged > 0 ? 0 : stagnant + 1;
    if (rows <= SMALL && converged < rows) return bottom + 1;
    if (converged > ENOUGH * size || bottom - start < SMALL) continue;
    let count = Math.min(MOST, info[1]!);
    if (count === 0 || (stagnant > 0 && stagnant % PATIENCE === 0)) {
      count = 1;
      const p = 2 * (bottom * ld + bottom);
      shifts[0] = h[p]! + EXCEPTIONAL * modulus(h[p - 2]!, h[p - 1]!);
      shifts[1] = h[p + 1]!;
    }
    sweep(h, ld, start, bottom, top, right, q, qRows, shifts, 0, count, rot);
    info[0] = info[0]! + count;
  }
  return 0;
}
