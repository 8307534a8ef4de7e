/**
 * Rows of real or interleaved complex numbers. Mathematics: src/backend/ts/dense/rows.ts. One vector holds two real numbers or one
 * complex number.
 */
import { at, put, putVector, seek, vectorAt } from '../layout';

/** (im, re) of (re, im). */
// @ts-ignore: decorator
@inline
function swapped(z: v128): v128 {
  return v128.shuffle<f64>(z, z, 1, 0);
}

export function subtractRow(width: i32, count: i32, fr: f64, fi: f64, x: usize, y: usize): void {
  const rs = f64x2.splat(fr);
  if (width == 1) {
    let j = 0;
    for (; j + 2 <= count; j += 2) putVector<f64>(y, j, f64x2.sub(vectorAt<f64>(y, j), f64x2.mul(rs, vectorAt<f64>(x, j))));
    if (j < count) put<f64>(y, j, at<f64>(y, j) - fr * at<f64>(x, j));
    return;
  }
  // fr·re − fi·im and fr·im + fi·re: the sum of a negative product is the difference, bit for bit.
  const is = f64x2.replace_lane(f64x2.splat(fi), 0, -fi);
  const end = seek<f64>(x, 2 * count);
  while (x < end) {
    const z = v128.load(x);
    v128.store(y, f64x2.sub(v128.load(y), f64x2.add(f64x2.mul(rs, z), f64x2.mul(is, swapped(z)))));
    x = seek<f64>(x, 2);
    y = seek<f64>(y, 2);
  }
}

export function divideRow(width: i32, count: i32, fr: f64, fi: f64, y: usize): void {
  if (width == 1) {
    for (let j = 0; j < count; j++) put<f64>(y, j, at<f64>(y, j) / fr);
    return;
  }
  const steep = abs<f64>(fi) > abs<f64>(fr);
  const ratio = steep ? fr / fi : fi / fr;
  const size = steep ? fr * ratio + fi : fr + fi * ratio;
  for (let j = 0; j < 2 * count; j += 2) {
    const re = at<f64>(y, j);
    const im = at<f64>(y, j + 1);
    put<f64>(y, j, (steep ? re * ratio + im : re + im * ratio) / size);
    put<f64>(y, j + 1, (steep ? im * ratio - re : im - re * ratio) / size);
  }
}

/** Σ x_j conj(y_j) as (re, im). */
export function innerProduct(width: i32, count: i32, x: usize, y: usize): v128 {
  let sums = f64x2.splat(0);
  if (width == 1) {
    let j = 0;
    for (; j + 2 <= count; j += 2) sums = f64x2.add(sums, f64x2.mul(vectorAt<f64>(x, j), vectorAt<f64>(y, j)));
    let even = f64x2.extract_lane(sums, 0);
    if (j < count) even += at<f64>(x, j) * at<f64>(y, j);
    return f64x2.replace_lane(f64x2.splat(0), 0, even + f64x2.extract_lane(sums, 1));
  }
  let cross = f64x2.splat(0);
  const end = seek<f64>(x, 2 * count);
  while (x < end) {
    const z = v128.load(x);
    const w = v128.load(y);
    sums = f64x2.add(sums, f64x2.mul(z, w));
    cross = f64x2.add(cross, f64x2.mul(swapped(z), w));
    x = seek<f64>(x, 2);
    y = seek<f64>(y, 2);
  }
  const re = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  const im = f64x2.extract_lane(cross, 0) - f64x2.extract_lane(cross, 1);
  return f64x2.replace_lane(f64x2.splat(re), 1, im);
}
