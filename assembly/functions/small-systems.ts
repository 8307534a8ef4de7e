/** Systems of 2×2 blocks. Mathematics: src/backend/ts/functions/small-systems.ts. */
import { at, put, seek } from '../layout';

export function solvePair(d: f64, upper: f64, lower: f64, first: usize, second: usize): void {
  const x = at<f64>(first, 0);
  const y = at<f64>(second, 0);
  const sizeD = abs<f64>(d);
  const sizeUpper = abs<f64>(upper);
  const sizeLower = abs<f64>(lower);
  if (sizeD >= sizeUpper && sizeD >= sizeLower) {
    const ratio = lower / d;
    const last = (y - ratio * x) / (d - ratio * upper);
    put<f64>(first, 0, (x - upper * last) / d);
    put<f64>(second, 0, last);
  } else if (sizeUpper >= sizeLower) {
    const ratio = d / upper;
    const last = (y - ratio * x) / (lower - ratio * d);
    put<f64>(first, 0, last);
    put<f64>(second, 0, (x - d * last) / upper);
  } else {
    const ratio = d / lower;
    const last = (x - ratio * y) / (upper - ratio * d);
    put<f64>(first, 0, (y - d * last) / lower);
    put<f64>(second, 0, last);
  }
}

const ORDER: i32 = 4;
const ROW: i32 = 5;
/** Four rows of four coefficients and a right-hand side; then which unknown stands in each column. */
const SYSTEM: usize = memory.data(192, 16);
const PLACES: i32 = 20;

export function solveSquare(p: usize, lda: i32, q: usize, ldb: i32, c: usize, ldc: i32): void {
  const sum = at<f64>(p, 0) + at<f64>(q, 0);
  const upperA = at<f64>(p, 1);
  const lowerA = at<f64>(p, lda);
  const upperB = at<f64>(q, 1);
  const lowerB = at<f64>(q, ldb);
  putRow(0, sum, lowerB, upperA, 0, at<f64>(c, 0));
  putRow(1, upperB, sum, 0, upperA, at<f64>(c, 1));
  putRow(2, lowerA, 0, sum, lowerB, at<f64>(c, ldc));
  putRow(3, 0, lowerA, upperB, sum, at<f64>(c, ldc + 1));
  eliminate();
  for (let k = ORDER - 1; k >= 0; k--) {
    let value = at<f64>(SYSTEM, k * ROW + ORDER);
    for (let j = k + 1; j < ORDER; j++) value -= at<f64>(SYSTEM, k * ROW + j) * at<f64>(SYSTEM, j * ROW + ORDER);
    put<f64>(SYSTEM, k * ROW + ORDER, value / at<f64>(SYSTEM, k * ROW + k));
  }
  for (let k = 0; k < ORDER; k++) {
    const place = <i32>at<f64>(SYSTEM, PLACES + k);
    put<f64>(c, place < 2 ? place : ldc + place - 2, at<f64>(SYSTEM, k * ROW + ORDER));
  }
}

function putRow(row: i32, x: f64, y: f64, z: f64, w: f64, right: f64): void {
  const start = seek<f64>(SYSTEM, row * ROW);
  put<f64>(start, 0, x);
  put<f64>(start, 1, y);
  put<f64>(start, 2, z);
  put<f64>(start, 3, w);
  put<f64>(start, ORDER, right);
  put<f64>(SYSTEM, PLACES + row, <f64>row);
}

function eliminate(): void {
  for (let k = 0; k + 1 < ORDER; k++) {
    let row = k;
    let column = k;
    for (let i = k; i < ORDER; i++) {
      for (let j = k; j < ORDER; j++) {
        if (abs<f64>(at<f64>(SYSTEM, i * ROW + j)) <= abs<f64>(at<f64>(SYSTEM, row * ROW + column))) continue;
        row = i;
        column = j;
      }
    }
    for (let j = k; j < ROW; j++) exchange(k * ROW + j, row * ROW + j);
    for (let i = 0; i < ORDER; i++) exchange(i * ROW + k, i * ROW + column);
    exchange(PLACES + k, PLACES + column);
    for (let i = k + 1; i < ORDER; i++) {
      const ratio = at<f64>(SYSTEM, i * ROW + k) / at<f64>(SYSTEM, k * ROW + k);
      for (let j = k + 1; j < ROW; j++) {
        put<f64>(SYSTEM, i * ROW + j, at<f64>(SYSTEM, i * ROW + j) - ratio * at<f64>(SYSTEM, k * ROW + j));
      }
    }
  }
}

function exchange(i: i32, j: i32): void {
  const value = at<f64>(SYSTEM, i);
  put<f64>(SYSTEM, i, at<f64>(SYSTEM, j));
  put<f64>(SYSTEM, j, value);
}
