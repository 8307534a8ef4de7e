/**
 * Rows of real or interleaved complex numbers. Mathematics: src/backend/ts/dense/rows.ts. One vector holds two real numbers or one
 * complex number.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';

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
  const is = alternating(fi);
  const end = seek<f64>(x, 2 * count);
  while (x < end) {
    const z = v128.load(x);
    v128.store(y, f64x2.sub(v128.load(y), f64x2.add(f64x2.mul(rs, z), f64x2.mul(is, swapped(z)))));
    x = seek<f64>(x, 2);
    y = seek<f64>(y, 2);
  }
}

/**
 * y ← y − f_0 x_0 − f_1 x_1 − … from left to right for `rows` rows x that lie `stride` numbers apart and whose factors lie
 * `factorStride` numbers apart; y ← y + f̄_0 x_0 + … where `addConjugate`. Four at a time, so that y is read and written a
 * quarter as often; the bits are those of {@link subtractRow} row by row.
 */
export function subtractRows(
  width: i32, count: i32, rows: i32, factors: usize, factorStride: i32, x: usize, stride: i32, y: usize, addConjugate: bool,
): void {
  const sign: f64 = addConjugate ? -1 : 1;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const f0 = rowOf<f64>(factors, row, factorStride);
    const f1 = seek<f64>(f0, factorStride);
    const f2 = seek<f64>(f1, factorStride);
    const f3 = seek<f64>(f2, factorStride);
    let x0 = rowOf<f64>(x, row, stride);
    let x1 = seek<f64>(x0, stride);
    let x2 = seek<f64>(x1, stride);
    let x3 = seek<f64>(x2, stride);
    const r0 = f64x2.splat(sign * at<f64>(f0, 0));
    const r1 = f64x2.splat(sign * at<f64>(f1, 0));
    const r2 = f64x2.splat(sign * at<f64>(f2, 0));
    const r3 = f64x2.splat(sign * at<f64>(f3, 0));
    if (width == 1) {
      let j = 0;
      for (; j + 2 <= count; j += 2) {
        let sum = f64x2.sub(vectorAt<f64>(y, j), f64x2.mul(r0, vectorAt<f64>(x0, j)));
        sum = f64x2.sub(sum, f64x2.mul(r1, vectorAt<f64>(x1, j)));
        sum = f64x2.sub(sum, f64x2.mul(r2, vectorAt<f64>(x2, j)));
        putVector<f64>(y, j, f64x2.sub(sum, f64x2.mul(r3, vectorAt<f64>(x3, j))));
      }
      if (j < count) {
        let sum = at<f64>(y, j) - f64x2.extract_lane(r0, 0) * at<f64>(x0, j);
        sum -= f64x2.extract_lane(r1, 0) * at<f64>(x1, j);
        sum -= f64x2.extract_lane(r2, 0) * at<f64>(x2, j);
        put<f64>(y, j, sum - f64x2.extract_lane(r3, 0) * at<f64>(x3, j));
      }
      continue;
    }
    const i0 = alternating(at<f64>(f0, 1));
    const i1 = alternating(at<f64>(f1, 1));
    const i2 = alternating(at<f64>(f2, 1));
    const i3 = alternating(at<f64>(f3, 1));
    let target = y;
    const end = seek<f64>(y, 2 * count);
    while (target < end) {
      let sum = v128.load(target);
      let z = v128.load(x0);
      sum = f64x2.sub(sum, f64x2.add(f64x2.mul(r0, z), f64x2.mul(i0, swapped(z))));
      z = v128.load(x1);
      sum = f64x2.sub(sum, f64x2.add(f64x2.mul(r1, z), f64x2.mul(i1, swapped(z))));
      z = v128.load(x2);
      sum = f64x2.sub(sum, f64x2.add(f64x2.mul(r2, z), f64x2.mul(i2, swapped(z))));
      z = v128.load(x3);
      v128.store(target, f64x2.sub(sum, f64x2.add(f64x2.mul(r3, z), f64x2.mul(i3, swapped(z)))));
      x0 = seek<f64>(x0, 2);
      x1 = seek<f64>(x1, 2);
      x2 = seek<f64>(x2, 2);
      x3 = seek<f64>(x3, 2);
      target = seek<f64>(target, 2);
    }
  }
  for (; row < rows; row++) {
    const factor = rowOf<f64>(factors, row, factorStride);
    subtractRow(width, count, sign * at<f64>(factor, 0), width == 1 ? 0 : at<f64>(factor, 1), rowOf<f64>(x, row, stride), y);
  }
}

/** y ← y − f x for complex numbers, the two products of a part subtracted one by one: those of Re f first. */
export function subtractNumbers(count: i32, fr: f64, fi: f64, x: usize, y: usize): void {
  const rs = f64x2.splat(fr);
  const is = alternating(fi);
  const end = seek<f64>(x, 2 * count);
  while (x < end) {
    const z = v128.load(x);
    v128.store(y, f64x2.sub(f64x2.sub(v128.load(y), f64x2.mul(rs, z)), f64x2.mul(is, swapped(z))));
    x = seek<f64>(x, 2);
    y = seek<f64>(y, 2);
  }
}

/** (−f, f). */
// @ts-ignore: decorator
@inline
function alternating(f: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(f), 0, -f);
}

export function divideRow(width: i32, count: i32, fr: f64, fi: f64, y: usize): void {
  if (width == 1) {
    const divisor = f64x2.splat(fr);
    let j = 0;
    for (; j + 2 <= count; j += 2) putVector<f64>(y, j, f64x2.div(vectorAt<f64>(y, j), divisor));
    if (j < count) put<f64>(y, j, at<f64>(y, j) / fr);
    return;
  }
  const steep = abs<f64>(fi) > abs<f64>(fr);
  const ratio = steep ? fr / fi : fi / fr;
  const size = f64x2.splat(steep ? fr * ratio + fi : fr + fi * ratio);
  // (re q + im, im q − re), or (re + im q, im − re q).
  const straight = f64x2.splat(steep ? ratio : 1);
  const crossed = f64x2.neg(alternating(steep ? 1 : ratio));
  const end = seek<f64>(y, 2 * count);
  for (; y < end; y = seek<f64>(y, 2)) {
    const z = v128.load(y);
    v128.store(y, f64x2.div(f64x2.add(f64x2.mul(straight, z), f64x2.mul(crossed, swapped(z))), size));
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
