/**
 * Schur form of a Hessenberg matrix: H = Z T Z*, q ← q Z.
 */
import { smallSchur } from './small-schur.ts';
import { sweepWorkLength } from './sweep.ts';

/** Numbers before the records of rotations in the work space: one shift and what its formula needs. */
const SHIFTS: number = 4;

/** Numbers of work space that {@link complexSchur} needs. */
export function complexSchurWork(): number {
  return SHIFTS + sweepWorkLength(1);
}

/**
 * Brings rows and columns lo…hi of h (n×n, triangular outside them) to triangular form. `whole`: all of h takes part;
 * otherwise only the blocks still active, which is enough for the eigenvalues. qRows rows of q are multiplied by Z. Gives back
 * 0, or k > 0: elements 0 … k−1 of the diagonal are not eigenvalues after `limit` sweeps. info[0] = sweeps.
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
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, work.subarray(SHIFTS), info);
}
