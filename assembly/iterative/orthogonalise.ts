/** Gram–Schmidt against a basis. Mathematics: src/backend/ts/iterative/orthogonalise.ts. */
import { complexGemv } from '../dense/complex-gemv';
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { addAdjoint, forward } from './thin-products';
import { twoNorm } from './two-norm';

const SWEEPS: i32 = 4;
const ENOUGH: f64 = 0.7071067811865476;

export function orthogonalise(
  width: i32, n: i32, count: i32, basis: usize, stride: i32, w: usize, h: usize, c: usize, known: i32, relative: f64, scale: f64, info: usize,
): void {
  let before = twoNorm(width * n, w);
  const floor = relative * (before > scale ? before : scale);
  put<f64>(info, 0, before);
  put<f64>(info, 1, 0);
  if (known != 0) {
    subtractKnown(width, n, count, basis, stride, w, h, c);
    before = twoNorm(width * n, w);
  } else memory.fill(h, 0, (<usize>(width * count)) * 8);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    components(width, n, count, basis, stride, w, c);
    for (let i = 0; i < width * count; i++) put<f64>(h, i, at<f64>(h, i) + at<f64>(c, i));
    subtract(width, n, count, basis, stride, w, c);
    const after = twoNorm(width * n, w);
    if (after == 0) return;
    if (after > ENOUGH * before) {
      put<f64>(info, 1, after);
      if (after > floor) append(width, n, rowOf<f64>(basis, count, stride * width), w, after);
      return;
    }
    before = after;
  }
  memory.fill(w, 0, (<usize>(width * n)) * 8);
}

function subtractKnown(width: i32, n: i32, count: i32, basis: usize, stride: i32, w: usize, h: usize, c: usize): void {
  const last = count - 1;
  let first = 0;
  while (first < width * last && at<f64>(h, first) == 0) first++;
  first = first / width;
  for (let i = width * first; i < width * last; i++) put<f64>(c, i, at<f64>(h, i));
  const row = stride * width;
  const end = rowOf<f64>(basis, last, row);
  subtract(width, n, last - first, rowOf<f64>(basis, first, row), stride, w, seek<f64>(c, first * width));
  components(width, n, 1, end, stride, w, c);
  for (let part = 0; part < width; part++) put<f64>(h, last * width + part, at<f64>(c, part));
  subtract(width, n, 1, end, stride, w, c);
}

function components(width: i32, n: i32, count: i32, basis: usize, stride: i32, w: usize, c: usize): void {
  if (width == 1) forward(count, n, basis, stride, w, c);
  else complexGemv(0, count, n, 1, 0, basis, stride, w, 0, 0, c);
}

function subtract(width: i32, n: i32, count: i32, basis: usize, stride: i32, w: usize, c: usize): void {
  if (width == 2) {
    complexGemv(2, count, n, -1, 0, basis, stride, c, 1, 0, w);
    return;
  }
  for (let i = 0; i < count; i++) put<f64>(c, i, -at<f64>(c, i));
  addAdjoint(count, n, basis, stride, c, w);
}

function append(width: i32, n: i32, row: usize, w: usize, length: f64): void {
  if (width == 2) {
    const divisors = f64x2.replace_lane(f64x2.splat(length), 1, -length);
    for (let i = 0; i < 2 * n; i += 2) putVector<f64>(row, i, f64x2.div(vectorAt<f64>(w, i), divisors));
    return;
  }
  const divisors = f64x2.splat(length);
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(row, i, f64x2.div(vectorAt<f64>(w, i), divisors));
  if (i < n) put<f64>(row, i, at<f64>(w, i) / length);
}
