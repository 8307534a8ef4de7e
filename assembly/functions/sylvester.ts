/** A X + X B = C. Mathematics: src/backend/ts/functions/sylvester.ts. */
import { divideRow, subtractRow, subtractRows } from '../dense/rows';
import { divide, oneNorm } from '../eig/complex/scalar';
import { at, put, rowOf, seek } from '../layout';
import { solvePair, solveSquare } from './small-systems';

/** b = 0 stands for the zero matrix. */
export function solveSylvester(
  width: i32, m: i32, n: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, floor: f64,
): i32 {
  let failed = 0;
  for (let i = m - 1; i >= 0; i--) {
    const double = width == 1 && i > 0 && at<f64>(rowOf<f64>(a, i, lda), i - 1) != 0;
    const top = double ? i - 1 : i;
    const known = rowOf<f64>(c, i + 1, ldc * width);
    for (let r = top; r <= i; r++) {
      const factors = seek<f64>(rowOf<f64>(a, r, lda * width), (i + 1) * width);
      subtractRows(width, n, m - 1 - i, factors, width, known, ldc * width, rowOf<f64>(c, r, ldc * width), false);
    }
    const p = seek<f64>(rowOf<f64>(a, top, lda * width), top * width);
    const row = rowOf<f64>(c, top, ldc * width);
    if (b == 0) divideRows(width, n, p, lda, double, row, ldc);
    else failed += solveRows(width, n, p, lda, double, b, ldb, row, ldc, floor);
    if (double) i--;
  }
  return failed;
}

function divideRows(width: i32, n: i32, p: usize, lda: i32, double: bool, row: usize, ldc: i32): void {
  if (!double) {
    divideRow(width, n, at<f64>(p, 0), width == 1 ? 0 : at<f64>(p, 1), row);
    return;
  }
  for (let j = 0; j < n; j++) {
    solvePair(at<f64>(p, 0), at<f64>(p, 1), at<f64>(p, lda), seek<f64>(row, j), seek<f64>(row, j + ldc));
  }
}

/** A_ii X_i + X_i B = C_i for one or two rows. */
export function solveRows(
  width: i32, n: i32, p: usize, lda: i32, double: bool, b: usize, ldb: i32, row: usize, ldc: i32, floor: f64,
): i32 {
  const rows = double ? 2 : 1;
  let failed = 0;
  for (let j = 0; j < n; j++) {
    const q = seek<f64>(rowOf<f64>(b, j, ldb * width), j * width);
    const x = seek<f64>(row, j * width);
    const wide = width == 1 && j + 1 < n && at<f64>(q, ldb) != 0;
    if (double && wide) solveSquare(p, lda, q, ldb, x, ldc);
    else if (double) solvePair(at<f64>(p, 0) + at<f64>(q, 0), at<f64>(p, 1), at<f64>(p, lda), x, seek<f64>(x, ldc));
    else if (wide) solvePair(at<f64>(p, 0) + at<f64>(q, 0), at<f64>(q, ldb), at<f64>(q, 1), x, seek<f64>(x, 1));
    else if (width == 1) failed += quotient(at<f64>(p, 0) + at<f64>(q, 0), floor, x);
    else failed += complexQuotient(at<f64>(p, 0) + at<f64>(q, 0), at<f64>(p, 1) + at<f64>(q, 1), floor, x);
    const next = wide ? j + 2 : j + 1;
    for (let r = 0; r < rows; r++) {
      const target = seek<f64>(rowOf<f64>(row, r, ldc * width), next * width);
      for (let k = j; k < next; k++) {
        const factor = seek<f64>(rowOf<f64>(row, r, ldc * width), k * width);
        const from = seek<f64>(rowOf<f64>(b, k, ldb * width), next * width);
        subtractRow(width, n - next, at<f64>(factor, 0), width == 1 ? 0 : at<f64>(factor, 1), from, target);
      }
    }
    if (wide) j++;
  }
  return failed;
}

function quotient(divisor: f64, floor: f64, x: usize): i32 {
  const settled = settle(abs<f64>(divisor), abs<f64>(at<f64>(x, 0)), floor);
  if (settled >= 0) {
    put<f64>(x, 0, 0);
    return settled;
  }
  put<f64>(x, 0, at<f64>(x, 0) / divisor);
  return 0;
}

function complexQuotient(re: f64, im: f64, floor: f64, x: usize): i32 {
  const settled = settle(oneNorm(re, im), oneNorm(at<f64>(x, 0), at<f64>(x, 1)), floor);
  if (settled >= 0) {
    put<f64>(x, 0, 0);
    put<f64>(x, 1, 0);
    return settled;
  }
  divide(at<f64>(x, 0), at<f64>(x, 1), re, im, x, 0);
  return 0;
}

function settle(divisor: f64, numerator: f64, floor: f64): i32 {
  if (numerator <= floor && divisor <= sqrt<f64>(floor)) return 0;
  return divisor == 0 ? 1 : -1;
}
