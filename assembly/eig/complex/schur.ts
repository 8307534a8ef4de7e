/** Mathematics: src/backend/ts/eig/complex/schur.ts. */
import { put, seek } from '../../layout';
import { multishiftSchur } from './multishift';
import { smallSchur } from './small-schur';

/** Up to this order one shift per sweep is the fastest, measured. */
const PLAIN: i32 = 160;
/** Numbers before the records of rotations in the work space of small matrices: one shift and what its formula needs. */
const SHIFTS: i32 = 4;

export function complexSchur(
  h: usize, ld: i32, n: i32, lo: i32, hi: i32, whole: boolean, q: usize, qRows: i32, limit: i32, work: usize, info: usize,
): i32 {
  put<f64>(info, 0, 0);
  if (n > PLAIN) return multishiftSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, info);
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, seek<f64>(work, SHIFTS), info);
}
