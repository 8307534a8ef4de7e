/** e^A by scaling and squaring. Mathematics: src/backend/ts/functions/exponential.ts. */
import { lu, luSolve } from '../factorisations/lu';
import { at, put, putVector, seek, vectorAt } from '../layout';
import { planExponential } from './exponential-plan';
import { addToDiagonal, everySecond, multiply, scale } from './square-matrices';

/** Numbers in `vectors` before the coefficients of the approximant, and in front of those that are gathered from them: 2n + 16 + 4. */
const COEFFICIENTS: i32 = 16;

export function exponential(
  width: i32, n: i32, before: i32, square: i32, a: usize, x: usize, powers: usize, parts: usize, vectors: usize, pivots: usize, info: usize,
  work: usize,
): i32 {
  const length = width * n * n;
  const v = parts;
  const u = seek<f64>(parts, length);
  const odd = seek<f64>(u, length);
  planExponential(width, n, a, powers, before > 0, odd, vectors, info, work);
  const degree = <i32>at<f64>(info, 0);
  const squarings = <i32>at<f64>(info, 1);
  if (squarings > 0) {
    scale(length, twoToMinus(squarings), a);
    for (let k = 0; k < 3; k++) scale(length, twoToMinus(2 * (k + 1) * squarings), seek<f64>(powers, k * length));
  }
  put<f64>(info, 1, <f64>(squarings + before));
  const b = seek<f64>(vectors, 2 * n);
  coefficients(degree, b);
  evenPart(width, n, b, degree, 1, powers, odd, x, work);
  multiply(width, n, a, odd, 0, u, work);
  evenPart(width, n, b, degree, 0, powers, v, x, work);
  sumAndDifference(length, v, u, x);
  if (lu(v, n, width, pivots, work) != 0) return 1;
  luSolve(v, pivots, n, width, x, n, false);
  if (!square) return 0;
  let from = x;
  let to = u;
  for (let k = 0; k < squarings + before; k++) {
    multiply(width, n, from, from, 0, to, work);
    const last = from;
    from = to;
    to = last;
  }
  if (from != x) memory.copy(x, from, (<usize>length) * 8);
  return 0;
}

/** 2^−k for k ≤ 1022. */
function twoToMinus(k: i32): f64 {
  return reinterpret<f64>((<i64>(1023 - k)) << 52);
}

function evenPart(
  width: i32, n: i32, b: usize, degree: i32, first: i32, powers: usize, sum: usize, spare: usize, work: usize,
): void {
  const length = width * n * n;
  const gathered = seek<f64>(b, COEFFICIENTS);
  if (degree < 13) everySecond(b, first + 2, (degree - 1) >> 1, length, powers, sum, gathered);
  else {
    everySecond(b, first + 8, 3, length, powers, spare, gathered);
    everySecond(b, first + 2, 3, length, powers, sum, gathered);
    multiply(width, n, seek<f64>(powers, 2 * length), spare, 1, sum, work);
  }
  addToDiagonal(width, n, at<f64>(b, first), sum);
}

/** x = V + U, v = V − U. */
function sumAndDifference(length: i32, v: usize, u: usize, x: usize): void {
  let i = 0;
  for (; i + 2 <= length; i += 2) {
    const even = vectorAt<f64>(v, i);
    const difference = vectorAt<f64>(u, i);
    putVector<f64>(x, i, f64x2.add(even, difference));
    putVector<f64>(v, i, f64x2.sub(even, difference));
  }
  if (i < length) {
    const even = at<f64>(v, i);
    put<f64>(x, i, even + at<f64>(u, i));
    put<f64>(v, i, even - at<f64>(u, i));
  }
}

function coefficients(m: i32, b: usize): void {
  put<f64>(b, m, 1);
  for (let k = m; k > 0; k--) put<f64>(b, k - 1, (at<f64>(b, k) * <f64>(2 * m - k + 1) * <f64>k) / <f64>(m - k + 1));
}
