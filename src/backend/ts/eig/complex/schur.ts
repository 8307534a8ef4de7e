/**
 * Schur form of a Hessenberg matrix: H = Z T Z*, q ← q Z.
 */
import { multishiftSchur, multishiftWork } from './multishift.ts';
import { smallSchur } from './small-schur.ts';
import { sweepWorkLength } from './sweep.ts';

/** Up to this order one shift per sweep is the fastest, measured. */
const PLAIN: number = 160;
/** Numbers before the records of rotations in the work space of small matrices: one shift and what its formula needs. */
const SHIFTS: number = 4;

/** Numbers of work space that {@link complexSchur} needs for order n. */
export function complexSchurWork(n: number): number {
  return n <= PLAIN ? SHIFTS + sweepWorkLength(1) : multishiftWork(n);
}

/**
 * Brings rows and columns lo…hi of h (n×n, triangular outside them) to triangular form. `whole`: all of h takes part;
 * otherwise only the blocks still active, which is enough for the eigenvalues. qRows rows of q are multiplied by Z. Gives back
 * 0, or k > 0: elements 0 … k−1 of the diagonal are not all eigenvalues after `limit` sweeps. info[0] = sweeps, one per shift
 * and one per deflation window.
 */
export function complexSchur(
  h: Float64Array,
  ld: number,
  n: number,
  lo: number,
  hi: number,
  whole: boolean,
  q: Float64Array,
  qRows: number,
  limit: number,
  work: Float64Array,
  info: Float64Array,
): number {
  info[0] = 0;
  if (n > PLAIN) return multishiftSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, info);
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, work.subarray(SHIFTS), info);
}
