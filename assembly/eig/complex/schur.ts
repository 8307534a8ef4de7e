/** Mathematics: src/backend/ts/eig/complex/schur.ts. */
import { put, seek } from '../../layout';
import { smallSchur } from './small-schur';
import { sweepWorkLength } from './sweep';

/** Numbers before the records of rotations in the work space: one shift and what its formula needs. */
const SHIFTS: i32 = 4;

/** Numbers of work space that {@link complexSchur} needs. */
export function complexSchurWork(): i32 {
  return SHIFTS + sweepWorkLength(1);
}

export function complexSchur(
  h: usize, ld: i32, n: i32, lo: i32, hi: i32, whole: boolean, q: usize, qRows: i32, limit: i32, work: usize, info: usize,
): i32 {
  put<f64>(info, 0, 0);
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, seek<f64>(work, SHIFTS), info);
}
