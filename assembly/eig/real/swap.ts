/** Mathematics: src/backend/ts/eig/real/swap.ts. */
import { at, put } from '../../layout';
import { standardise } from './block';
import { makeBulgeReflector, RECORD, reflectChain } from './bulge';

const ULP: f64 = 2.220446049250313e-16;
const TINY: f64 = 1.0020841800044864e-292;
/** What may be left below the exchanged blocks, in units of ULP times their largest element; else they stay where they are. */
const LOSS: f64 = 10;
/** The equations for X, at most 4×5, then the two blocks by themselves, 4×4, then the reflectors. */
const COLUMNS: i32 = 5;
const BLOCK: i32 = 20;
const SIDE: i32 = 4;
const REFLECTORS: i32 = BLOCK + SIDE * SIDE;
/** Numbers of work space for an exchange. */
export const SWAP_WORK: i32 = REFLECTORS + 2 * RECORD;

/** 2 if a block of order 2 begins at k, else 1. */
export function orderAt(t: usize, ld: i32, n: i32, k: i32): i32 {
  return k + 1 < n && at<f64>(t, (k + 1) * ld + k) != 0 ? 2 : 1;
}

/** Solves the `count` equations in work (rows of COLUMNS numbers, the right-hand side last); no pivot is taken smaller than `floor`. */
function solve(work: usize, count: i32, floor: f64): void {
  for (let k = 0; k < count; k++) {
    let best = k;
    for (let i = k + 1; i < count; i++) {
      if (abs(at<f64>(work, i * COLUMNS + k)) > abs(at<f64>(work, best * COLUMNS + k))) best = i;
    }
    for (let j = k; j <= count; j++) {
      const x = at<f64>(work, best * COLUMNS + j);
      put<f64>(work, best * COLUMNS + j, at<f64>(work, k * COLUMNS + j));
      put<f64>(work, k * COLUMNS + j, x);
    }
    if (abs(at<f64>(work, k * COLUMNS + k)) < floor) put<f64>(work, k * COLUMNS + k, floor);
    for (let i = k + 1; i < count; i++) {
      const factor = at<f64>(work, i * COLUMNS + k) / at<f64>(work, k * COLUMNS + k);
      for (let j = k + 1; j <= count; j++) {
        put<f64>(work, i * COLUMNS + j, at<f64>(work, i * COLUMNS + j) - factor * at<f64>(work, k * COLUMNS + j));
      }
    }
  }
  for (let k = count - 1; k >= 0; k--) {
    let sum = at<f64>(work, k * COLUMNS + count);
    for (let j = k + 1; j < count; j++) sum -= at<f64>(work, k * COLUMNS + j) * at<f64>(work, j * COLUMNS + count);
    put<f64>(work, k * COLUMNS + count, sum / at<f64>(work, k * COLUMNS + k));
  }
}

/** X of the blocks in work[BLOCK…], row by row, to the last column of the equations. */
function solveForX(work: usize, p: i32, r: i32, floor: f64): void {
  const count = p * r;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < r; j++) {
      const row = (i * r + j) * COLUMNS;
      for (let k = 0; k < count; k++) put<f64>(work, row + k, 0);
      for (let l = 0; l < p; l++) put<f64>(work, row + l * r + j, at<f64>(work, BLOCK + i * SIDE + l));
      for (let l = 0; l < r; l++) {
        put<f64>(work, row + i * r + l, at<f64>(work, row + i * r + l) - at<f64>(work, BLOCK + (p + l) * SIDE + p + j));
      }
      put<f64>(work, row + count, at<f64>(work, BLOCK + i * SIDE + p + j));
    }
  }
  solve(work, count, floor);
}

/** The reflectors of the columns of (−X; I). */
function makeReflectors(work: usize, p: i32, r: i32): void {
  const x = p * r;
  const first = -at<f64>(work, x);
  if (p == 1) makeBulgeReflector(first, 1, 0, work, REFLECTORS);
  else makeBulgeReflector(first, -at<f64>(work, r * COLUMNS + x), 1, work, REFLECTORS);
  if (r == 1) return;
  // Column 1 after the first reflector, in the place of the equations.
  const head = -at<f64>(work, COLUMNS + x);
  const middle = p == 1 ? 0.0 : -at<f64>(work, 3 * COLUMNS + x);
  put<f64>(work, 0, head);
  put<f64>(work, 1, middle);
  put<f64>(work, 2, 0);
  if (p == 1) reflectChain(work, 0, 1, COLUMNS, 1, work, REFLECTORS, 0, true);
  else reflectChain(work, 0, 1, COLUMNS, 1, work, REFLECTORS, 1, false);
  if (p == 1) makeBulgeReflector(at<f64>(work, 1), 1, 0, work, REFLECTORS + RECORD);
  else makeBulgeReflector(at<f64>(work, 1), at<f64>(work, 2), 1, work, REFLECTORS + RECORD);
}

/**
 * Exchanges the blocks of order p and r that begin at k and k+p of t (n×n); qRows rows of q take part. Gives back whether it did: not
 * where their eigenvalues are too close to be told apart. work: {@link SWAP_WORK} numbers.
 */
export function swapBlocks(t: usize, ld: i32, n: i32, q: usize, qRows: i32, k: i32, p: i32, r: i32, work: usize): boolean {
  const order = p + r;
  const corner = k * ld + k;
  let largest = 0.0;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      const x = at<f64>(t, corner + i * ld + j);
      put<f64>(work, BLOCK + i * SIDE + j, x);
      largest = max(largest, abs(x));
    }
  }
  solveForX(work, p, r, max(TINY, ULP * largest));
  makeReflectors(work, p, r);
  const count = p == 2 ? r : r - 1;
  const tail = p == 1;
  reflectChain(work, BLOCK, SIDE, 1, order, work, REFLECTORS, count, tail);
  reflectChain(work, BLOCK, 1, SIDE, order, work, REFLECTORS, count, tail);
  for (let i = r; i < order; i++) {
    for (let j = 0; j < r; j++) {
      if (!(abs(at<f64>(work, BLOCK + i * SIDE + j)) <= max(TINY, LOSS * ULP * largest))) return false;
    }
  }
  reflectChain(t, corner, ld, 1, n - k, work, REFLECTORS, count, tail);
  reflectChain(t, k, 1, ld, k + order, work, REFLECTORS, count, tail);
  reflectChain(q, k, 1, ld, qRows, work, REFLECTORS, count, tail);
  for (let i = r; i < order; i++) for (let j = 0; j < r; j++) put<f64>(t, corner + i * ld + j, 0);
  if (r == 2) standardise(t, ld, 0, n - 1, q, qRows, k);
  if (p == 2) standardise(t, ld, 0, n - 1, q, qRows, k + r);
  return true;
}

/**
 * Moves the block that begins at `from` up to place `to`, where a block begins. Gives back whether it came there whole: an exchange may be
 * refused, and rounding may split a pair of eigenvalues.
 */
export function moveUp(t: usize, ld: i32, n: i32, q: usize, qRows: i32, from: i32, to: i32, work: usize): boolean {
  const r = orderAt(t, ld, n, from);
  let k = from;
  while (k > to) {
    const p = k - 2 >= to && at<f64>(t, (k - 1) * ld + k - 2) != 0 ? 2 : 1;
    if (!swapBlocks(t, ld, n, q, qRows, k - p, p, r, work)) return false;
    k -= p;
    if (orderAt(t, ld, n, k) != r) return false;
  }
  return true;
}
