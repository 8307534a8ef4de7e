/** LU factorisation and solution. Mathematics: src/backend/ts/factorisations/lu.ts. */
import { at, put, rowOf, seek } from '../layout';
import { divideRow, subtractRow } from '../dense/rows';

export function lu(a: usize, n: i32, width: i32, pivots: usize): i32 {
  let status = 0;
  const length = width * n;
  for (let k = 0; k < n; k++) {
    const column = width * k;
    let pivot = k;
    let largest = sizeOf(seek<f64>(rowOf<f64>(a, k, length), column), width);
    for (let i = k + 1; i < n; i++) {
      const size = sizeOf(seek<f64>(rowOf<f64>(a, i, length), column), width);
      if (size > largest) {
        largest = size;
        pivot = i;
      }
    }
    put<i32>(pivots, k, pivot);
    if (largest == 0) {
      if (status == 0) status = k + 1;
      continue;
    }
    swapRows(a, length, k, pivot);
    const diagonal = seek<f64>(rowOf<f64>(a, k, length), column);
    const re = at<f64>(diagonal, 0);
    const im = imaginary(diagonal, width);
    for (let i = k + 1; i < n; i++) {
      const factor = seek<f64>(rowOf<f64>(a, i, length), column);
      divideRow(width, 1, re, im, factor);
      subtractRow(width, n - k - 1, at<f64>(factor, 0), imaginary(factor, width), seek<f64>(diagonal, width), seek<f64>(factor, width));
    }
  }
  return status;
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
    const row = rowOf<f64>(factors, i, width * n);
    for (let j = 0; j < i; j++) {
      const factor = seek<f64>(row, j * width);
      subtractRow(width, columns, at<f64>(factor, 0), imaginary(factor, width), rowOf<f64>(b, j, length), rowOf<f64>(b, i, length));
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = rowOf<f64>(factors, i, width * n);
    for (let j = i + 1; j < n; j++) {
      const factor = seek<f64>(row, j * width);
      subtractRow(width, columns, at<f64>(factor, 0), imaginary(factor, width), rowOf<f64>(b, j, length), rowOf<f64>(b, i, length));
    }
    const diagonal = seek<f64>(row, i * width);
    divideRow(width, columns, at<f64>(diagonal, 0), imaginary(diagonal, width), rowOf<f64>(b, i, length));
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
  for (let j = 0; j < length; j++) {
    const kept = at<f64>(x, j);
    put<f64>(x, j, at<f64>(y, j));
    put<f64>(y, j, kept);
  }
}
