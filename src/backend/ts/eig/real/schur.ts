/**
 * Real Schur form of a Hessenberg matrix: H = Z T Zᵀ with T quasi-triangular, q ← q Z; and its complex form.
 */
import { makeRotation, rotateChain, rotateRows } from '../complex/rotation.ts';
import { multishiftSchur, multishiftWork } from './multishift.ts';
import { smallSchur } from './small-schur.ts';
import { PAIR, sweepWorkLength } from './sweep.ts';

/** Up to this order one pair of shifts per sweep is the fastest, measured. */
const PLAIN: number = 160;

/** Numbers of work space that {@link realSchur} needs for a matrix of order n. */
export function realSchurWork(n: number): number {
  return n > PLAIN ? multishiftWork() : PAIR + sweepWorkLength(1);
}

/**
 * Brings rows and columns lo…hi of h (n×n, triangular outside them) to quasi-triangular form with standard blocks. `whole`: all
 * of h takes part; otherwise only the blocks still active, enough for the eigenvalues. qRows rows of q are multiplied by Z. Gives
 * back 0, or k > 0: rows 0 … k−1 do not show eigenvalues after `limit` sweeps. info[0] = sweeps.
 */
export function realSchur(
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
  return smallSchur(h, ld, lo, hi, n - 1, whole, q, qRows, limit, work, work.subarray(PAIR), info);
}

/** c (rows lc complex numbers apart) = the real n×n matrix a. */
function widen(a: Float64Array, ld: number, n: number, c: Float64Array, lc: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      c[2 * (i * lc + j)] = a[i * ld + j]!;
      c[2 * (i * lc + j) + 1] = 0;
    }
  }
}

/**
 * Complex triangular tc and unitary qc with qc tc qc* = q t qᵀ, for standard t: every block [[m, b], [c, m]] with bc < 0 is
 * turned by the rotation that takes its eigenvector (b, iω), ω = √(−bc), to e₁. Its eigenvalues m ± iω, the upper first, are exact
 * conjugates. rot: 8 numbers.
 */
export function complexFromRealSchur(
  t: Float64Array,
  q: Float64Array,
  ld: number,
  n: number,
  tc: Float64Array,
  qc: Float64Array,
  lc: number,
  rot: Float64Array,
): void {
  widen(t, ld, n, tc, lc);
  widen(q, ld, n, qc, lc);
  for (let k = 0; k < n - 1; k++) {
    const p = k * ld + k;
    const b = t[p + 1]!;
    const c = t[p + ld]!;
    if (c === 0) continue;
    const omega = Math.sqrt(Math.abs(b)) * Math.sqrt(Math.abs(c));
    rot[4] = b;
    rot[5] = 0;
    rot[6] = 0;
    rot[7] = omega;
    makeRotation(rot, 4, rot, 6, rot, 0);
    const diagonal = 2 * (k * lc + k);
    const below = diagonal + 2 * lc;
    rotateRows(tc, diagonal, below, n - k, rot, 0);
    rotateChain(tc, 2 * k, 2, 2 * lc, k + 2, rot, 0, 1, true);
    rotateChain(qc, 2 * k, 2, 2 * lc, n, rot, 0, 1, true);
    tc[diagonal] = t[p]!;
    tc[diagonal + 1] = omega;
    tc[below] = 0;
    tc[below + 1] = 0;
    tc[below + 2] = t[p]!;
    tc[below + 3] = -omega;
  }
}
