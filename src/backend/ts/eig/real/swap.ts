/**
 * Reordering a real Schur form. Neighbouring blocks A (p×p) and B (r×r), p, r ≤ 2, with C above B: where A X − X B = C, the columns
 * of (−X; I) span the invariant subspace of B. Reflector j of r takes column j of them to e_j; it acts on elements j … j+p, because the rest of
 * the column is zero there, so that all are of order 3 at most and make a chain.
 *
 * @source Z. Bai, J. W. Demmel, Linear Algebra Appl. 186 (1993) 73–95.
 */
import { standardise } from './block.ts';
import { makeBulgeReflector, RECORD, reflectChain } from './bulge.ts';

const ULP: number = 2.220446049250313e-16;
const TINY: number = 1.0020841800044864e-292;
/** What may be left below the exchanged blocks, in units of ULP times their largest element; else they stay where they are. */
const LOSS: number = 10;
/** The equations for X, at most 4×5, then the two blocks by themselves, 4×4, then the reflectors. */
const COLUMNS: number = 5;
const BLOCK: number = 20;
const SIDE: number = 4;
const REFLECTORS: number = BLOCK + SIDE * SIDE;
/** Numbers of work space for an exchange. */
export const SWAP_WORK: number = REFLECTORS + 2 * RECORD;

/** 2 if a block of order 2 begins at k, else 1. */
export function orderAt(t: Float64Array, ld: number, n: number, k: number): number {
  return k + 1 < n && t[(k + 1) * ld + k]! !== 0 ? 2 : 1;
}

/** Solves the `count` equations in work (rows of COLUMNS numbers, the right-hand side last); no pivot is taken smaller than `floor`. */
function solve(work: Float64Array, count: number, floor: number): void {
  for (let k = 0; k < count; k++) {
    let best = k;
    for (let i = k + 1; i < count; i++) {
      if (Math.abs(work[i * COLUMNS + k]!) > Math.abs(work[best * COLUMNS + k]!)) best = i;
    }
    for (let j = k; j <= count; j++) {
      const x = work[best * COLUMNS + j]!;
      work[best * COLUMNS + j] = work[k * COLUMNS + j]!;
      work[k * COLUMNS + j] = x;
    }
    if (Math.abs(work[k * COLUMNS + k]!) < floor) work[k * COLUMNS + k] = floor;
    for (let i = k + 1; i < count; i++) {
      const factor = work[i * COLUMNS + k]! / work[k * COLUMNS + k]!;
      for (let j = k + 1; j <= count; j++) {
        work[i * COLUMNS + j] = work[i * COLUMNS + j]! - factor * work[k * COLUMNS + j]!;
      }
    }
  }
  for (let k = count - 1; k >= 0; k--) {
    let sum = work[k * COLUMNS + count]!;
    for (let j = k + 1; j < count; j++) sum -= work[k * COLUMNS + j]! * work[j * COLUMNS + count]!;
    work[k * COLUMNS + count] = sum / work[k * COLUMNS + k]!;
  }
}

/** X of the blocks in work[BLOCK…], row by row, to the last column of the equations. */
function solveForX(work: Float64Array, p: number, r: number, floor: number): void {
  const count = p * r;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < r; j++) {
      const row = (i * r + j) * COLUMNS;
      for (let k = 0; k < count; k++) work[row + k] = 0;
      for (let l = 0; l < p; l++) work[row + l * r + j] = work[BLOCK + i * SIDE + l]!;
      for (let l = 0; l < r; l++) {
        work[row + i * r + l] = work[row + i * r + l]! - work[BLOCK + (p + l) * SIDE + p + j]!;
      }
      work[row + count] = work[BLOCK + i * SIDE + p + j]!;
    }
  }
  solve(work, count, floor);
}

/** The reflectors of the columns of (−X; I). */
function makeReflectors(work: Float64Array, p: number, r: number): void {
  const x = p * r;
  const first = -work[x]!;
  if (p === 1) makeBulgeReflector(first, 1, 0, work, REFLECTORS);
  else makeBulgeReflector(first, -work[r * COLUMNS + x]!, 1, work, REFLECTORS);
  if (r === 1) return;
  // Column 1 after the first reflector, in the place of the equations.
  const head = -work[COLUMNS + x]!;
  const middle = p === 1 ? 0.0 : -work[3 * COLUMNS + x]!;
  work[0] = head;
  work[1] = middle;
  work[2] = 0;
  if (p === 1) reflectChain(work, 0, 1, COLUMNS, 1, work, REFLECTORS, 0, true);
  else reflectChain(work, 0, 1, COLUMNS, 1, work, REFLECTORS, 1, false);
  if (p === 1) makeBulgeReflector(work[1]!, 1, 0, work, REFLECTORS + RECORD);
  else makeBulgeReflector(work[1]!, work[2]!, 1, work, REFLECTORS + RECORD);
}

/**
 * Exchanges the blocks of order p and r that begin at k and k+p of t (n×n); qRows rows of q take part. Gives back whether it did: not
 * where their eigenvalues are too close to be told apart. work: {@link SWAP_WORK} numbers.
 */
export function swapBlocks(
  t: Float64Array,
  ld: number,
  n: number,
  q: Float64Array,
  qRows: number,
  k: number,
  p: number,
  r: number,
  work: Float64Array,
): boolean {
  const order = p + r;
  const corner = k * ld + k;
  let largest = 0.0;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      const x = t[corner + i * ld + j]!;
      work[BLOCK + i * SIDE + j] = x;
      largest = Math.max(largest, Math.abs(x));
    }
  }
  solveForX(work, p, r, Math.max(TINY, ULP * largest));
  makeReflectors(work, p, r);
  const count = p === 2 ? r : r - 1;
  const tail = p === 1;
  reflectChain(work, BLOCK, SIDE, 1, order, work, REFLECTORS, count, tail);
  reflectChain(work, BLOCK, 1, SIDE, order, work, REFLECTORS, count, tail);
  for (let i = r; i < order; i++) {
    for (let j = 0; j < r; j++) {
      if (!(Math.abs(work[BLOCK + i * SIDE + j]!) <= Math.max(TINY, LOSS * ULP * largest))) return false;
    }
  }
  reflectChain(t, corner, ld, 1, n - k, work, REFLECTORS, count, tail);
  reflectChain(t, k, 1, ld, k + order, work, REFLECTORS, count, tail);
  reflectChain(q, k, 1, ld, qRows, work, REFLECTORS, count, tail);
  for (let i = r; i < order; i++) for (let j = 0; j < r; j++) t[corner + i * ld + j] = 0;
  if (r === 2) standardise(t, ld, 0, n - 1, q, qRows, k);
  if (p === 2) standardise(t, ld, 0, n - 1, q, qRows, k + r);
  return true;
}

/**
 * Moves the block that begins at `from` up to place `to`, where a block begins. Gives back whether it came there whole: an exchange may be
 * refused, and rounding may split a pair of eigenvalues.
 */
export function moveUp(
  t: Float64Array,
  ld: number,
  n: number,
  q: Float64Array,
  qRows: number,
  from: number,
  to: number,
  work: Float64Array,
): boolean {
  const r = orderAt(t, ld, n, from);
  let k = from;
  while (k > to) {
    const p = k - 2 >= to && t[(k - 1) * ld + k - 2]! !== 0 ? 2 : 1;
    if (!swapBlocks(t, ld, n, q, qRows, k - p, p, r, work)) return false;
    k -= p;
    if (orderAt(t, ld, n, k) !== r) return false;
  }
  return true;
}
