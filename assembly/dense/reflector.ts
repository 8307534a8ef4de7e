/** Householder reflectors on split vectors. Mathematics: src/backend/ts/dense/reflector.ts. xi = 0 stands for a real vector. */
import { at, put, vectorAt } from '../layout';

const TINY: f64 = reinterpret<f64>((1023 - 800) << 52);
const UP: f64 = reinterpret<f64>((1023 + 600) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 600) << 52);

export function makeReflector(xr: usize, xi: usize, m: i32, pivot: i32, out: usize): void {
  let ar = at<f64>(xr, pivot);
  let ai: f64 = xi == 0 ? 0 : at<f64>(xi, pivot);
  put<f64>(xr, pivot, 0);
  if (xi != 0) put<f64>(xi, pivot, 0);
  let rest = sumOfSquares(xr, m) + (xi == 0 ? 0 : sumOfSquares(xi, m));
  let unit: f64 = 1;
  if (rest + (ar * ar + ai * ai) < TINY) {
    unit = DOWN;
    ar *= UP;
    ai *= UP;
    multiply(xr, UP, m);
    if (xi != 0) multiply(xi, UP, m);
    rest = sumOfSquares(xr, m) + (xi == 0 ? 0 : sumOfSquares(xi, m));
  }
  if (rest == 0 && ai == 0) {
    for (let j = 0; j < m; j++) put<f64>(xr, j, 0);
    if (xi != 0) for (let j = 0; j < m; j++) put<f64>(xi, j, 0);
    put<f64>(xr, pivot, 1);
    put<f64>(out, 0, 0);
    put<f64>(out, 1, 0);
    put<f64>(out, 2, ar * unit);
    return;
  }
  const norm = sqrt(rest + (ar * ar + ai * ai));
  const beta = ar < 0 ? norm : -norm;
  put<f64>(out, 0, (beta - ar) / beta);
  put<f64>(out, 1, -ai / beta);
  put<f64>(out, 2, beta * unit);
  const dr = ar - beta;
  const size = dr * dr + ai * ai;
  const fr = dr / size;
  const fi = -ai / size;
  if (xi == 0) multiply(xr, fr, m);
  else {
    for (let j = 0; j < m; j++) {
      const r = at<f64>(xr, j);
      const i = at<f64>(xi, j);
      put<f64>(xr, j, r * fr - i * fi);
      put<f64>(xi, j, r * fi + i * fr);
    }
  }
  put<f64>(xr, pivot, 1);
}

function multiply(x: usize, factor: f64, m: i32): void {
  for (let j = 0; j < m; j++) put<f64>(x, j, at<f64>(x, j) * factor);
}

/** Lane 0 sums the even-numbered terms, lane 1 the odd-numbered ones. */
export function sumOfSquares(x: usize, m: i32): f64 {
  return dotProduct(x, x, m);
}

export function dotProduct(x: usize, y: usize, m: i32): f64 {
  let sums = f64x2.splat(0);
  let j = 0;
  for (; j + 2 <= m; j += 2) sums = f64x2.add(sums, f64x2.mul(vectorAt<f64>(x, j), vectorAt<f64>(y, j)));
  let even = f64x2.extract_lane(sums, 0);
  if (j < m) even += at<f64>(x, j) * at<f64>(y, j);
  return even + f64x2.extract_lane(sums, 1);
}
