/**
 * Causal attention over a cache, and the same with its pattern frozen. Mathematics: src/backend/ts/nn/attention.ts.
 * Scores are vectorised across keys (the key cache is transposed for that), mixing across the columns of a head; each score
 * and each mixed element is one left-to-right sum. The capacity is a multiple of 4, so a vector of scores may run past the
 * last key but never out of its row.
 */
import { at, put, putRounded, putVector, rowOf, seek, vectorAt, wideAt } from '../layout';
import { exp, expPair } from '../math/exp';
import { multiplyAddF32, multiplyAddF64 } from '../simd';

// @ts-ignore: decorator
@inline
function storeKeys<T>(keys: usize, keysT: usize, rows: i32, first: i32, G: i32, K: i32, capacity: i32): void {
  for (let t = 0; t < rows; t++) {
    const row = rowOf<T>(keys, t, G * K);
    for (let c = 0; c < G * K; c++) put<T>(rowOf<T>(keysT, c, capacity), first + t, at<T>(row, c));
  }
}

/** scores[j] = scale · Σ_c q[c]·keysT[c][j] for j < count (and up to 3 more, unused). */
// @ts-ignore: decorator
@inline
function scoresF32(q: usize, keysT: usize, scores: usize, count: i32, K: i32, capacity: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  for (let j = 0; j < count; j += 4) {
    let sum = f32x4.splat(0);
    let column = seek<f32>(keysT, j);
    for (let c = 0; c < K; c++) {
      sum = multiplyAddF32(v128.load32_splat(seek<f32>(q, c)), v128.load(column), sum);
      column = seek<f32>(column, capacity);
    }
    const high = i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    putVector<f64>(scores, j, f64x2.mul(f64x2.promote_low_f32x4(sum), factor));
    putVector<f64>(scores, j + 2, f64x2.mul(f64x2.promote_low_f32x4(high), factor));
  }
}

// @ts-ignore: decorator
@inline
function scoresF64(q: usize, keysT: usize, scores: usize, count: i32, K: i32, capacity: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  for (let j = 0; j < count; j += 2) {
    let sum = f64x2.splat(0);
    let column = seek<f64>(keysT, j);
    for (let c = 0; c < K; c++) {
      sum = multiplyAddF64(v128.load64_splat(seek<f64>(q, c)), v128.load(column), sum);
      column = seek<f64>(column, capacity);
    }
    putVector<f64>(scores, j, f64x2.mul(sum, factor));
  }
}

/** weights[j] = e^{scores[j] − max} / Σ, the sum left to right in f64, each weight rounded once to T. */
// @ts-ignore: decorator
@inline
function softmaxRow<T>(scores: usize, weights: usize, count: i32): void {
  let highest = -Infinity;
  for (let j = 0; j < count; j++) highest = max(highest, at<f64>(scores, j));
  const shift = f64x2.splat(highest);
  let j = 0;
  for (; j + 2 <= count; j += 2) putVector<f64>(scores, j, expPair(f64x2.sub(vectorAt<f64>(scores, j), shift)));
  for (; j < count; j++) put<f64>(scores, j, exp(at<f64>(scores, j) - highest));
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += at<f64>(scores, i);
  for (let i = 0; i < count; i++) putRounded<T>(weights, i, at<f64>(scores, i) / sum);
}

/** z[c] = Σ_{j<count} weights[j]·values[j][c] for c < K; rows of values are `stride` apart. */
// @ts-ignore: decorator
@inline
function mixF32(weights: usize, values: usize, z: usize, count: i32, K: i32, stride: i32): void {
  let c = 0;
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

// @ts-ignore: decorator
@inline
function mixF64(weights: usize, values: usize, z: usize, count: i32, K: i32, stride: i32): void {
  let c = 0;
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

// @ts-ignore: decorator
@inline
function attend<T>(
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize,
  rows: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64,
): void {
  const weights = seek<f64>(scratch, capacity);
  const width = first + rows;
  for (let h = 0; h < H; h++) {
    const g = (h * G) / H;
    const keysOfHead = rowOf<T>(keysT, g * K, capacity);
    for (let t = 0; t < rows; t++) {
      const count = first + t + 1;
      const qRow = seek<T>(rowOf<T>(q, t, H * K), h * K);
      const zRow = seek<T>(rowOf<T>(z, t, H * K), h * K);
      if (sizeof<T>() == 4) scoresF32(qRow, keysOfHead, scratch, count, K, capacity, scale);
      else scoresF64(qRow, keysOfHead, scratch, count, K, capacity, scale);
      softmaxRow<T>(scratch, weights, count);
      if (pattern != 0) {
        const to = rowOf<T>(pattern, h * rows + t, width);
        for (let j = 0; j < count; j++) put<T>(to, j, at<T>(weights, j));
        for (let j = count; j < width; j++) put<T>(to, j, 0);
      }
      if (sizeof<T>() == 4) mixF32(weights, seek<f32>(values, g * K), zRow, count, K, G * K);
      else mixF64(weights, seek<f64>(values, g * K), zRow, count, K, G * K);
    }
  }
}

// @ts-ignore: decorator
@inline
function attendFrozen<T>(pattern: usize, values: usize, z: usize, states: i32, rows: i32, H: i32, G: i32, K: i32): void {
  for (let s = 0; s < states; s++) {
    const from = rowOf<T>(values, s * rows, G * K);
    for (let h = 0; h < H; h++) {
      const valuesOfHead = seek<T>(from, ((h * G) / H) * K);
      for (let t = 0; t < rows; t++) {
        const weights = rowOf<T>(pattern, h * rows + t, rows);
        const zRow = seek<T>(rowOf<T>(z, s * rows + t, H * K), h * K);
        if (sizeof<T>() == 4) mixF32(weights, valuesOfHead, zRow, t + 1, K, G * K);
        else mixF64(weights, valuesOfHead, zRow, t + 1, K, G * K);
      }
    }
  }
}

export function storeKeysF32(keys: usize, keysT: usize, T: i32, first: i32, G: i32, K: i32, capacity: i32): void {
  storeKeys<f32>(keys, keysT, T, first, G, K, capacity);
}
export function storeKeysF64(keys: usize, keysT: usize, T: i32, first: i32, G: i32, K: i32, capacity: i32): void {
  storeKeys<f64>(keys, keysT, T, first, G, K, capacity);
}
export function attendF32(
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize,
  T: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64,
): void {
  attend<f32>(q, keysT, values, z, pattern, scratch, T, first, H, G, K, capacity, scale);
}
export function attendF64(
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize,
  T: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64,
): void {
  attend<f64>(q, keysT, values, z, pattern, scratch, T, first, H, G, K, capacity, scale);
}
export function attendFrozenF32(pattern: usize, values: usize, z: usize, states: i32, T: i32, H: i32, G: i32, K: i32): void {
  attendFrozen<f32>(pattern, values, z, states, T, H, G, K);
}
export function attendFrozenF64(pattern: usize, values: usize, z: usize, states: i32, T: i32, H: i32, G: i32, K: i32): void {
  attendFrozen<f64>(pattern, values, z, states, T, H, G, K);
}
