/** Mathematics: src/backend/ts/eig/real/small-schur.ts. */
import { at, put } from '../../layout';
import { blockValues, standardise } from './block';
import { sweep } from './sweep';

const ULP: f64 = 2.220446049250313e-16;
/** Smallest normal number over ULP. */
const TINY: f64 = 1.0020841800044864e-292;
const PATIENCE: i32 = 10;
/** An exceptional pair: the eigenvalues of h_ii·I + s·[[0.75, −0.4375], [1, 0.75]], s the size of the last two subdiagonals. */
const EXCEPTIONAL: f64 = 0.75;
const EXCEPTIONAL_UPPER: f64 = -0.4375;

/** Whether h_k,k−1 may be set to zero. */
function negligible(h: usize, ld: i32, lo: i32, hi: i32, k: i32): boolean {
  const p = k * ld + k;
  const above = p - ld;
  const sub = abs(at<f64>(h, p - 1));
  if (sub <= TINY) return true;
  let size = abs(at<f64>(h, above - 1)) + abs(at<f64>(h, p));
  if (size == 0) {
    if (k - 2 >= lo) size += abs(at<f64>(h, above - 2));
    if (k + 1 <= hi) size += abs(at<f64>(h, p + ld));
  }
  if (sub > ULP * size) return false;
  const sup = abs(at<f64>(h, above));
  const gap = abs(at<f64>(h, above - 1) - at<f64>(h, p));
  const large = max(abs(at<f64>(h, p)), gap);
  const small = min(abs(at<f64>(h, p)), gap);
  const strong = max(sub, sup);
  const total = large + strong;
  return min(sub, sup) * (strong / total) <= max(TINY, ULP * (small * (large / total)));
}

/** The first row of the unreduced block that ends in row i: sets the element before it to zero if it is negligible. */
export function blockStart(h: usize, ld: i32, lo: i32, hi: i32, i: i32): i32 {
  let k = i;
  while (k > lo && !negligible(h, ld, lo, hi, k)) k--;
  if (k > lo) put<f64>(h, k * ld + k - 1, 0);
  return k;
}

/** The pair of shifts for the block of at least three rows that ends in row i. */
export function chooseShifts(h: usize, ld: i32, i: i32, exceptional: boolean, shifts: usize): void {
  const p = i * ld + i;
  const above = p - ld;
  if (exceptional) {
    const s = abs(at<f64>(h, p - 1)) + abs(at<f64>(h, above - 2));
    const diagonal = EXCEPTIONAL * s + at<f64>(h, p);
    blockValues(diagonal, EXCEPTIONAL_UPPER * s, s, diagonal, shifts, 0);
  } else blockValues(at<f64>(h, above - 1), at<f64>(h, above), at<f64>(h, p - 1), at<f64>(h, p), shifts, 0);
  if (at<f64>(shifts, 1) == 0) {
    const nearer = abs(at<f64>(shifts, 0) - at<f64>(h, p)) <= abs(at<f64>(shifts, 2) - at<f64>(h, p)) ? at<f64>(shifts, 0) : at<f64>(shifts, 2);
    put<f64>(shifts, 0, nearer);
    put<f64>(shifts, 2, nearer);
  }
}

export function smallSchur(
  h: usize, ld: i32, lo: i32, hi: i32, last: i32, whole: boolean, q: usize, qRows: i32, limit: i32,
  shifts: usize, rec: usize, info: usize,
): i32 {
  let sweeps = 0;
  let waiting = 0;
  let i = hi;
  while (i >= lo) {
    const start = blockStart(h, ld, lo, hi, i);
    const top = whole ? 0 : start;
    const right = whole ? last : i;
    if (start >= i - 1) {
      if (start == i - 1) standardise(h, ld, top, right, q, qRows, start);
      i = start - 1;
      waiting = 0;
      continue;
    }
    if (sweeps >= limit) {
      put<f64>(info, 0, at<f64>(info, 0) + <f64>sweeps);
      return i + 1;
    }
    sweeps++;
    waiting++;
    chooseShifts(h, ld, i, waiting % PATIENCE == 0, shifts);
    sweep(h, ld, start, i, top, right, q, qRows, shifts, 0, 1, rec);
  }
  put<f64>(info, 0, at<f64>(info, 0) + <f64>sweeps);
  return 0;
}
