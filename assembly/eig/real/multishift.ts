/** Mathematics: src/backend/ts/eig/real/multishift.ts. */
import { at, put, seek } from '../../layout';
import { deflate, WINDOW } from './deflation';
import { blockStart, chooseShifts } from './small-schur';
import { PAIR, sweep, sweepWorkLength } from './sweep';

/** Blocks of up to so many rows take one pair of shifts at a time, on a copy that fits a window. */
const SMALL: i32 = 96;
/** Most pairs of shifts of a sweep. */
const MOST: i32 = 16;
/** Numbers for the shifts a window leaves. */
const SHIFTS: i32 = 2 * WINDOW + PAIR;
/** If more than this share of a window converges, another window comes before the next sweep. */
const ENOUGH: f64 = 0.08;
/** Windows without a deflation after which the shifts are exceptional. */
const PATIENCE: i32 = 6;

/** Rows of the window for a block, twice as many when two windows in a row brought nothing. */
function windowFor(rows: i32, stagnant: i32): i32 {
  const plain = rows < 150 ? 24 : rows < 300 ? 28 : rows < 500 ? 48 : 72;
  return min(min(WINDOW, rows), stagnant > 1 ? 2 * plain : plain);
}

/** As smallSchur, with `work` of {@link multishiftWork} numbers. */
export function multishiftSchur(
  h: usize, ld: i32, lo: i32, hi: i32, last: i32, whole: boolean, q: usize, qRows: i32, limit: i32, work: usize, info: usize,
): i32 {
  const shifts = work;
  const rec = seek<f64>(work, SHIFTS);
  const windowAt = SHIFTS + sweepWorkLength(MOST);
  const window = seek<f64>(work, windowAt);
  let bottom = hi;
  let stagnant = 0;
  while (bottom >= lo) {
    const start = blockStart(h, ld, lo, hi, bottom);
    const rows = bottom - start + 1;
    if (rows > 2 && <i32>at<f64>(info, 0) >= limit) return bottom + 1;
    const top = whole ? 0 : start;
    const right = whole ? last : bottom;
    // A small block is a window as a whole.
    const size = rows <= SMALL ? rows : windowFor(rows, stagnant);
    const converged = deflate(h, ld, start, bottom, size, top, right, q, qRows, shifts, rec, window, info);
    bottom -= converged;
    stagnant = converged > 0 ? 0 : stagnant + 1;
    if (rows <= SMALL && converged < rows) return bottom + 1;
    if (<f64>converged > ENOUGH * <f64>size || bottom - start < SMALL) continue;
    let count = min(MOST, <i32>at<f64>(info, 1));
    if (count == 0 || (stagnant > 0 && stagnant % PATIENCE == 0)) {
      count = 1;
      chooseShifts(h, ld, bottom, true, shifts);
    }
    sweep(h, ld, start, bottom, top, right, q, qRows, shifts, 0, count, rec);
    put<f64>(info, 0, at<f64>(info, 0) + <f64>count);
  }
  return 0;
}
