/**
 * The QR algorithm for real matrices: a pair of shifts per sweep, the eigenvalues of the trailing 2×2 block, or twice the one
 * nearer the last element if they are real. Deflation as in complex/small-schur. Every tenth sweep without deflation takes an
 * exceptional pair.
 *
 * @source J. G. F. Francis, Comput. J. 4 (1961) 265, (1962) 332; M. Ahues, F. Tisseur, LAPACK Working Note 122 (1997).
 */
import { blockValues, standardise } from './block.ts';
import { sweep } from './sweep.ts';

const ULP: number = 2.220446049250313e-16;
/** Smallest normal number over ULP. */
const TINY: number = 1.0020841800044864e-292;
const PATIENCE: number = 10;
/** An exceptional pair: the eigenvalues of h_ii·I + s·[[0.75, −0.4375], [1, 0.75]], s the size of the last two subdiagonals. */
const EXCEPTIONAL: number = 0.75;
const EXCEPTIONAL_UPPER: number = -0.4375;

/** Whether h_k,k−1 may be set to zero. */
function negligible(h: Float64Array, ld: number, lo: number, hi: number, k: number): boolean {
  const p = k * ld + k;
  const above = p - ld;
  const sub = Math.abs(h[p - 1]!);
  if (sub <= TINY) return true;
  let size = Math.abs(h[above - 1]!) + Math.abs(h[p]!);
  if (size === 0) {
    if (k - 2 >= lo) size += Math.abs(h[above - 2]!);
    if (k + 1 <= hi) size += Math.abs(h[p + ld]!);
  }
  if (sub > ULP * size) return false;
  const sup = Math.abs(h[above]!);
  const gap = Math.abs(h[above - 1]! - h[p]!);
  const large = Math.max(Math.abs(h[p]!), gap);
  const small = Math.min(Math.abs(h[p]!), gap);
  const strong = Math.max(sub, sup);
  const total = large + strong;
  return Math.min(sub, sup) * (strong / total) <= Math.max(TINY, ULP * (small * (large / total)));
}

/** The first row of the unreduced block that ends in row i: sets the element before it to zero if it is negligible. */
export function blockStart(h: Float64Array, ld: number, lo: number, hi: number, i: number): number {
  let k = i;
  while (k > lo && !negligible(h, ld, lo, hi, k)) k--;
  if (k > lo) h[k * ld + k - 1] = 0;
  return k;
}

/** The pair of shifts for the block of at least three rows that ends in row i. */
export function chooseShifts(h: Float64Array, ld: number, i: number, exceptional: boolean, shifts: Float64Array): void {
  const p = i * ld + i;
  const above = p - ld;
  if (exceptional) {
    const s = Math.abs(h[p - 1]!) + Math.abs(h[above - 2]!);
    const diagonal = EXCEPTIONAL * s + h[p]!;
    blockValues(diagonal, EXCEPTIONAL_UPPER * s, s, diagonal, shifts, 0);
  } else blockValues(h[above - 1]!, h[above]!, h[p - 1]!, h[p]!, shifts, 0);
  if (shifts[1]! === 0) {
    const nearer = Math.abs(shifts[0]! - h[p]!) <= Math.abs(shifts[2]! - h[p]!) ? shifts[0]! : shifts[2]!;
    shifts[0] = nearer;
    shifts[2] = nearer;
  }
}

/**
 * Brings rows and columns lo…hi of h to quasi-triangular form with standard 2×2 blocks; `whole`: all of h's columns up to `last`
 * and rows from 0 take part, otherwise only the blocks still active. Gives back 0, or k > 0 if rows lo … k−1 have not converged
 * within `limit` sweeps. Adds the sweeps to info[0]. shifts: 4 numbers.
 */
export function smallSchur(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  last: number,
  whole: boolean,
  q: Float64Array,
  qRows: number,
  limit: number,
  shifts: Float64Array,
  rec: Float64Array,
  info: Float64Array,
): number {
  let sweeps = 0;
  let waiting = 0;
  let i = hi;
  while (i >= lo) {
    const start = blockStart(h, ld, lo, hi, i);
    const top = whole ? 0 : start;
    const right = whole ? last : i;
    if (start >= i - 1) {
      if (start === i - 1) standardise(h, ld, top, right, q, qRows, start);
      i = start - 1;
      waiting = 0;
      continue;
    }
    if (sweeps >= limit) {
      info[0] = info[0]! + sweeps;
      return i + 1;
    }
    sweeps++;
    waiting++;
    chooseShifts(h, ld, i, waiting % PATIENCE === 0, shifts);
    sweep(h, ld, start, i, top, right, q, qRows, shifts, 0, 1, rec);
  }
  info[0] = info[0]! + sweeps;
  return 0;
}
