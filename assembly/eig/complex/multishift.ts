/** Mathematics: src/backend/ts/eig/complex/multishift.ts. */
import { at, put, seek } from '../../layout';
import { deflate, WINDOW } from './deflation';
import { modulus } from './scalar';
import { blockStart } from './small-schur';
import { sweep, sweepWorkLength } from './sweep';

/** Blocks of up to so many rows take one shift at a time, on a copy that fits a window. */
const SMALL: i32 = 96;
/** Most shifts of a sweep. */
const MOST: i32 = 32;
/** Numbers for the shifts a window leaves, and what the formula of one shift needs. */
const SHIFTS: i32 = 2 * WINDOW + 4;
/** If more than this share of a window converges, another window comes before the next sweep. */
const ENOUGH: f64 = 0.08;
/** Windows without a deflation after which the shifts are exceptional, and their size. */
const PATIENCE: i32 = 6;
const EXCEPTIONAL: f64 = 0.75;

/** Rows of the window for a block, twice as many when two windows in a row brought nothing. */
function windowFor(rows: i32, stagnant: i32): i32 {
  const plain = rows < 150 ? 24 : rows < 300 ? 36 : rows < 500 ? 48 : 72;
  return min(min(WINDOW, rows), stagnant > 1 ? 2 * plain : plain);
}

export function multishiftSchur(
  h: usize, ld: i32, lo: i32, hi: i32, last: i32, whole: boolean, q: usize, qRows: i32, limit: i32, work: usize, info: usize,
): i32 {
  const shifts = work;
  const rot = seek<f64>(work, SHIFTS);
  const windowAt = SHIFTS + sweepWorkLength(MOST);
  const window = seek<f64>(work, windowAt);
  let bottom = hi;
  let stagnant = 0;
  while (bottom >= lo) {
    const start = blockStart(h, ld, lo, hi, bottom);
    const rows = bottom - start + 1;
    if (rows > 1 && <i32>at<f64>(info, 0) >= limit) return bottom + 1;
    const top = whole ? 0 : start;
    const right = whole ? last : bottom;
    // A small block is a window as a whole.
    const size = rows <= SMALL ? rows : windowFor(rows, stagnant);
    const converged = deflate(h, ld, start, bottom, size, top, right, q, qRows, shifts, rot, window, info);
    bottom -= converged;
    stagnant = converged > 0 ? 0 : stagnant + 1;
    if (rows <= SMALL && converged < rows) return bottom + 1;
    if (<f64>converged > ENOUGH * <f64>size || bottom - start < SMALL) continue;
    let count = min(MOST, <i32>at<f64>(info, 1));
    if (count == 0 || (stagnant > 0 && stagnant % PATIENCE == 0)) {
      count = 1;
      const p = 2 * (bottom * ld + bottom);
      put<f64>(shifts, 0, at<f64>(h, p) + EXCEPTIONAL * modulus(at<f64>(h, p - 2), at<f64>(h, p - 1)));
      put<f64>(shifts, 1, at<f64>(h, p + 1));
    }
    sweep(h, ld, start, bottom, top, right, q, qRows, shifts, 0, count, rot);
    put<f64>(info, 0, at<f64>(info, 0) + <f64>count);
  }
  return 0;
}
