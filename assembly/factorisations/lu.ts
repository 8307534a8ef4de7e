/**
 * LU factorisation and solution. Mathematics: src/backend/ts/factorisations/lu.ts. The left half of the columns is factorised, then the
 * right half solved and reduced by a product, then factorised itself; so nearly all work is products. Every element still receives
 * its terms in the order of the twin, so the cuts do not show in the bits. Work space: a panel of columns, that of a product.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { divideRow, subtractNumbers, subtractRow, subtractRows } from '../dense/rows';
import { subtractProduct } from '../dense/subtract-product';
import { cut, gatherColumns, PANEL, scatterColumns, subtractMultiples } from './column-panel';

/** Rows that are solved one by one. */
const ROWS: i32 = 12;

export function lu(a: usize, n: i32, width: i32, pivots: usize, work: usize): i32 {
  return factoriseColumns(a, n, width, 0, n, pivots, work);
}

/** Columns first … first + count − 1, from row `first` on; exchanges reach over whole rows. */
function factoriseColumns(a: usize, n: i32, width: i32, first: i32, count: i32, pivots: usize, work: usize): i32 {
  if (count <= PANEL) return factorisePanel(a, n, width, first, count, pivots, work);
  const left = cut(count);
  const right = count - left;
  const status = factoriseColumns(a, n, width, first, left, pivots, work);
  const top = placeOf(a, n, width, first, first);
  const beside = seek<f64>(top, width * left);
  solveUnitLower(width, left, right, top, beside, n, work);
  const next = first + left;
  const below = rowOf<f64>(top, left, width * n);
  subtractProduct(width, false, n - next, right, left, below, n, beside, n, seek<f64>(below, width * left), n, work);
  const later = factoriseColumns(a, n, width, next, right, pivots, work);
  return status == 0 ? later : status;
}

/** X ← L⁻¹X for the unit lower triangle of the first `count` columns. */
function solveUnitLower(width: i32, count: i32, columns: i32, l: usize, x: usize, n: i32, work: usize): void {
  const stride = width * n;
  if (count > ROWS) {
    const half = cut(count);
    const rest = rowOf<f64>(l, half, stride);
    const below = rowOf<f64>(x, half, stride);
    solveUnitLower(width, half, columns, l, x, n, work);
    subtractProduct(width, false, count - half, columns, half, rest, n, x, n, below, n, work);
    solveUnitLower(width, count - half, columns, seek<f64>(rest, width * half), below, n, work);
    return;
  }
  for (let i = 1; i < count; i++) {
    const factors = rowOf<f64>(l, i, stride);
    const target = rowOf<f64>(x, i, stride);
    if (width == 1) subtractRows(1, columns, i, factors, 1, x, stride, target, false);
    else for (let k = 0; k < i; k++) subtractNumbers(columns, at<f64>(factors, 2 * k), at<f64>(factors, 2 * k + 1), rowOf<f64>(x, k, stride), target);
  }
}

/** A panel, whose columns lie one after another meanwhile. Real ones receive all their terms at once, complex ones after each step. */
function factorisePanel(a: usize, n: i32, width: i32, first: i32, count: i32, pivots: usize, work: usize): i32 {
  const rows = n - first;
  const length = width * rows;
  const place = placeOf(a, n, width, first, first);
  let status = 0;
  gatherColumns(width, place, n, rows, count, work);
  for (let k = 0; k < count; k++) {
    const column = rowOf<f64>(work, k, length);
    if (width == 1) {
      for (let i = 1; i < k; i++) {
        let sum = at<f64>(column, i);
        for (let p = 0; p < i; p++) sum -= at<f64>(work, p * length + i) * at<f64>(column, p);
        put<f64>(column, i, sum);
      }
      subtractRows(1, rows - k, k, column, 1, seek<f64>(work, k), length, seek<f64>(column, k), false);
    }
    const pivot = largestFrom(column, k, rows, width);
    put<i32>(pivots, first + k, first + pivot);
    for (let j = 0; pivot != k && j < count; j++) exchange(rowOf<f64>(work, j, length), width, k, pivot);
    const diagonal = seek<f64>(column, width * k);
    const re = at<f64>(diagonal, 0);
    const im = imaginary(diagonal, width);
    const below = seek<f64>(diagonal, width);
    if (re == 0 && im == 0) {
      if (status == 0) status = first + k + 1;
    } else divideRow(width, rows - k - 1, re, im, below);
    for (let j = k + 1; width == 2 && j < count; j++) {
      const element = seek<f64>(rowOf<f64>(work, j, length), 2 * k);
      subtractMultiples(rows - k - 1, at<f64>(element, 0), at<f64>(element, 1), below, seek<f64>(element, 2));
    }
  }
  for (let k = first; k < first + count; k++) swapRows(a, width * n, k, at<i32>(pivots, k));
  scatterColumns(width, place, n, rows, count, work);
  return status;
}

/** The first of the largest numbers k, k + 1, … */
function largestFrom(column: usize, k: i32, rows: i32, width: i32): i32 {
  let place = k;
  let largest = sizeOf(seek<f64>(column, width * k), width);
  for (let i = k + 1; i < rows; i++) {
    const size = sizeOf(seek<f64>(column, width * i), width);
    if (size > largest) {
      largest = size;
      place = i;
    }
  }
  return place;
}

function exchange(column: usize, width: i32, i: i32, k: i32): void {
  for (let part = 0; part < width; part++) {
    const kept = at<f64>(column, width * i + part);
    put<f64>(column, width * i + part, at<f64>(column, width * k + part));
    put<f64>(column, width * k + part, kept);
  }
}

// @ts-ignore: decorator
@inline
function placeOf(a: usize, n: i32, width: i32, row: i32, column: i32): usize {
  return seek<f64>(rowOf<f64>(a, row, width * n), width * column);
}

export function luSolve(factors: usize, pivots: usize, n: i32, width: i32, b: usize, columns: i32, adjoint: bool): void {
  const length = width * columns;
  if (adjoint) {
    for (let i = 0; i < n; i++) {
      const row = rowOf<f64>(factors, i, width * n);
      const source = rowOf<f64>(b, i, length);
      const diagonal = seek<f64>(row, i * width);
      divideRow(width, columns, at<f64>(diagonal, 0), -imaginary(diagonal, width), source);
      for (let j = i + 1; j < n; j++) {
        const factor = seek<f64>(row, j * width);
        subtractRow(width, columns, at<f64>(factor, 0), -imaginary(factor, width), source, rowOf<f64>(b, j, length));
      }
    }
    for (let i = n - 1; i >= 0; i--) {
      const row = rowOf<f64>(factors, i, width * n);
      for (let j = 0; j < i; j++) {
        const factor = seek<f64>(row, j * width);
        subtractRow(width, columns, at<f64>(factor, 0), -imaginary(factor, width), rowOf<f64>(b, i, length), rowOf<f64>(b, j, length));
      }
    }
    for (let k = n - 1; k >= 0; k--) swapRows(b, length, k, at<i32>(pivots, k));
    return;
  }
  for (let k = 0; k < n; k++) swapRows(b, length, k, at<i32>(pivots, k));
  for (let i = 0; i < n; i++) {
    subtractRows(width, columns, i, rowOf<f64>(factors, i, width * n), width, b, length, rowOf<f64>(b, i, length), false);
  }
  for (let i = n - 1; i >= 0; i--) {
    const diagonal = seek<f64>(rowOf<f64>(factors, i, width * n), i * width);
    const target = rowOf<f64>(b, i, length);
    subtractRows(width, columns, n - i - 1, seek<f64>(diagonal, width), width, seek<f64>(target, length), length, target, false);
    divideRow(width, columns, at<f64>(diagonal, 0), imaginary(diagonal, width), target);
  }
}

// @ts-ignore: decorator
@inline
function imaginary(z: usize, width: i32): f64 {
  return width == 1 ? 0 : at<f64>(z, 1);
}

function sizeOf(z: usize, width: i32): f64 {
  return width == 1 ? abs<f64>(at<f64>(z, 0)) : abs<f64>(at<f64>(z, 0)) + abs<f64>(at<f64>(z, 1));
}

function swapRows(a: usize, length: i32, i: i32, k: i32): void {
  if (i == k) return;
  const x = rowOf<f64>(a, i, length);
  const y = rowOf<f64>(a, k, length);
  let j = 0;
  for (; j + 2 <= length; j += 2) {
    const kept = vectorAt<f64>(x, j);
    putVector<f64>(x, j, vectorAt<f64>(y, j));
    putVector<f64>(y, j, kept);
  }
  if (j < length) {
    const kept = at<f64>(x, j);
    put<f64>(x, j, at<f64>(y, j));
    put<f64>(y, j, kept);
  }
}
