/**
 * The two sums of attention, vectorised across their outputs: scores across keys (the key cache is transposed for that), mixing
 * across the columns of a head. Each output is one left-to-right sum; several vectors at a time hide the latency of the adds.
 * The capacity is a multiple of 4, so a vector of scores may run past the last key but never out of its row.
 */
import { at, put, putVector, rowOf, seek } from '../layout';
import { multiplyAddF32, multiplyAddF64 } from '../simd';

/** scores[j] = scale · Σ_c q[c]·keysT[c][j] for j < count (and some more, unused, below `room`): 16 keys at a time, then 4. */
// @ts-ignore: decorator
@inline
export function scoresF32(q: usize, keysT: usize, scores: usize, count: i32, K: i32, capacity: i32, room: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  let j = 0;
  for (; j + 16 <= room && j < count; j += 16) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let column = seek<f32>(keysT, j);
    for (let c = 0; c < K; c++) {
      const value = v128.load32_splat(seek<f32>(q, c));
      s0 = multiplyAddF32(value, v128.load(column), s0);
      s1 = multiplyAddF32(value, v128.load(column, 16), s1);
      s2 = multiplyAddF32(value, v128.load(column, 32), s2);
      s3 = multiplyAddF32(value, v128.load(column, 48), s3);
      column = seek<f32>(column, capacity);
    }
    putVector<f32>(scores, j, f32x4.mul(s0, factor));
    putVector<f32>(scores, j + 4, f32x4.mul(s1, factor));
    putVector<f32>(scores, j + 8, f32x4.mul(s2, factor));
    putVector<f32>(scores, j + 12, f32x4.mul(s3, factor));
  }
  for (; j < count; j += 4) {
    let sum = f32x4.splat(0);
    let column = seek<f32>(keysT, j);
    for (let c = 0; c < K; c++) {
      sum = multiplyAddF32(v128.load32_splat(seek<f32>(q, c)), v128.load(column), sum);
      column = seek<f32>(column, capacity);
    }
    putVector<f32>(scores, j, f32x4.mul(sum, factor));
  }
}

/** As {@link scoresF32}: 8 keys at a time, then 2. */
// @ts-ignore: decorator
@inline
export function scoresF64(q: usize, keysT: usize, scores: usize, count: i32, K: i32, capacity: i32, room: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  let j = 0;
  for (; j + 8 <= room && j < count; j += 8) {
    let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
    let column = seek<f64>(keysT, j);
    for (let c = 0; c < K; c++) {
      const value = v128.load64_splat(seek<f64>(q, c));
      s0 = multiplyAddF64(value, v128.load(column), s0);
      s1 = multiplyAddF64(value, v128.load(column, 16), s1);
      s2 = multiplyAddF64(value, v128.load(column, 32), s2);
      s3 = multiplyAddF64(value, v128.load(column, 48), s3);
      column = seek<f64>(column, capacity);
    }
    putVector<f64>(scores, j, f64x2.mul(s0, factor));
    putVector<f64>(scores, j + 2, f64x2.mul(s1, factor));
    putVector<f64>(scores, j + 4, f64x2.mul(s2, factor));
    putVector<f64>(scores, j + 6, f64x2.mul(s3, factor));
  }
  for (; j < count; j += 2) {
    let sum = f64x2.splat(0);
    let column = seek<f64>(keysT, j);
    for (let c = 0; c < K; c++) {
      sum = multiplyAddF64(v128.load64_splat(seek<f64>(q, c)), v128.load(column), sum);
      column = seek<f64>(column, capacity);
    }
    putVector<f64>(scores, j, f64x2.mul(sum, factor));
  }
}

/** z[c] = Σ_{j<count} weights[j]·values[j][c] for c < K; rows of values are `stride` apart. 16 columns at a time, then 4, then 1. */
// @ts-ignore: decorator
@inline
export function mixF32(weights: usize, values: usize, z: usize, count: i32, K: i32, stride: i32): void {
  let c = 0;
  for (; c + 16 <= K; c += 16) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let row = seek<f32>(values, c);
    for (let j = 0; j < count; j++) {
      const weight = v128.load32_splat(seek<f32>(weights, j));
      s0 = multiplyAddF32(weight, v128.load(row), s0);
      s1 = multiplyAddF32(weight, v128.load(row, 16), s1);
      s2 = multiplyAddF32(weight, v128.load(row, 32), s2);
      s3 = multiplyAddF32(weight, v128.load(row, 48), s3);
      row = seek<f32>(row, stride);
    }
    putVector<f32>(z, c, s0);
    putVector<f32>(z, c + 4, s1);
    putVector<f32>(z, c + 8, s2);
    putVector<f32>(z, c + 12, s3);
  }
  for (; c + 4 <= K; c += 4) {
    let sum = f32x4.splat(0);
    let row = seek<f32>(values, c);
    for (let j = 0; j < count; j++) {
      sum = multiplyAddF32(v128.load32_splat(seek<f32>(weights, j)), v128.load(row), sum);
      row = seek<f32>(row, stride);
    }
    putVector<f32>(z, c, sum);
  }
  for (; c < K; c++) {
    let sum: f32 = 0;
    for (let j = 0; j < count; j++) sum += at<f32>(weights, j) * at<f32>(rowOf<f32>(values, j, stride), c);
    put<f32>(z, c, sum);
  }
}

/** As {@link mixF32}: 8 columns at a time, then 2, then 1. */
// @ts-ignore: decorator
@inline
export function mixF64(weights: usize, values: usize, z: usize, count: i32, K: i32, stride: i32): void {
  let c = 0;
  for (; c + 8 <= K; c += 8) {
    let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
    let row = seek<f64>(values, c);
    for (let j = 0; j < count; j++) {
      const weight = v128.load64_splat(seek<f64>(weights, j));
      s0 = multiplyAddF64(weight, v128.load(row), s0);
      s1 = multiplyAddF64(weight, v128.load(row, 16), s1);
      s2 = multiplyAddF64(weight, v128.load(row, 32), s2);
      s3 = multiplyAddF64(weight, v128.load(row, 48), s3);
      row = seek<f64>(row, stride);
    }
    putVector<f64>(z, c, s0);
    putVector<f64>(z, c + 2, s1);
    putVector<f64>(z, c + 4, s2);
    putVector<f64>(z, c + 6, s3);
  }
  for (; c + 2 <= K; c += 2) {
    let sum = f64x2.splat(0);
    let row = seek<f64>(values, c);
    for (let j = 0; j < count; j++) {
      sum = multiplyAddF64(v128.load64_splat(seek<f64>(weights, j)), v128.load(row), sum);
      row = seek<f64>(row, stride);
    }
    putVector<f64>(z, c, sum);
  }
  for (; c < K; c++) {
    let sum: f64 = 0;
    for (let j = 0; j < count; j++) sum += at<f64>(weights, j) * at<f64>(rowOf<f64>(values, j, stride), c);
    put<f64>(z, c, sum);
  }
}
