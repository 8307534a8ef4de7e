/** Attention over a cache, causal or not, and the same with its pattern frozen. Mathematics: src/backend/ts/nn/attention.ts. */
import { at, put, putRounded, putVector, rowOf, seek, vectorAt, wideAt } from '../layout';
import { exp, expPair } from '../math/exp';
import { expF32, expFourF32 } from '../math/exp-f32';
import { highHalf, lanes } from '../simd';
import { softCapF32, softCapF64 } from './activation';
import { largest, total } from './softmax';
import { mixF32, mixF64, scoresF32, scoresF64 } from './attention-sums';

/** Bytes of a row of the cache that are written before the next row. */
const STRETCH: i32 = 128;

// @ts-ignore: decorator
@inline
function storeKeys<T>(keys: usize, keysT: usize, rows: i32, first: i32, G: i32, K: i32, capacity: i32): void {
  const width = G * K;
  if (rows == 1) {
    for (let c = 0; c < width; c++) put<T>(rowOf<T>(keysT, c, capacity), first, at<T>(keys, c));
    return;
  }
  const stretch = STRETCH / <i32>sizeof<T>();
  for (let start = 0; start < rows; start += stretch) {
    const end = min(start + stretch, rows);
    for (let c = 0; c < width; c++) {
      const row = rowOf<T>(keysT, c, capacity);
      for (let t = start; t < end; t++) put<T>(row, first + t, at<T>(keys, t * width + c));
    }
  }
}

/** e^{scores[j] − highest}, one of them. */
// @ts-ignore: decorator
@inline
function exponential<T>(scores: usize, j: i32, highest: T): T {
  const x = at<T>(scores, j) - highest;
  return sizeof<T>() == 4 ? <T>expF32(<f32>x) : <T>exp(<f64>x);
}

/** weights[j] = e^{scores[j] − max} / Σ in the precision of both, Σ being four sums in f64. */
// @ts-ignore: decorator
@inline
function softmaxRow<T>(scores: usize, weights: usize, count: i32): void {
  const highest = <T>largest<T>(scores, count);
  const shift = v128.splat<T>(highest);
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    if (sizeof<T>() == 4) {
      const e = expFourF32(f32x4.sub(vectorAt<f32>(scores, j), shift));
      putVector<f32>(weights, j, e);
      first = f64x2.add(first, f64x2.promote_low_f32x4(e));
      second = f64x2.add(second, f64x2.promote_low_f32x4(highHalf(e)));
    } else {
      const e = expPair(f64x2.sub(vectorAt<f64>(scores, j), shift));
      const f = expPair(f64x2.sub(vectorAt<f64>(scores, j + 2), shift));
      putVector<f64>(weights, j, e);
      putVector<f64>(weights, j + 2, f);
      first = f64x2.add(first, e);
      second = f64x2.add(second, f);
    }
  }
  const e0 = j < count ? exponential<T>(scores, j, highest) : 0;
  const e1 = j + 1 < count ? exponential<T>(scores, j + 1, highest) : 0;
  const e2 = j + 2 < count ? exponential<T>(scores, j + 2, highest) : 0;
  if (j < count) put<T>(weights, j, e0);
  if (j + 1 < count) put<T>(weights, j + 1, e1);
  if (j + 2 < count) put<T>(weights, j + 2, e2);
  const sum = <T>total(first, second, <f64>e0, <f64>e1, <f64>e2);
  const divisor = v128.splat<T>(sum);
  let i = 0;
  for (; i + lanes<T>() <= count; i += lanes<T>()) putVector<T>(weights, i, v128.div<T>(vectorAt<T>(weights, i), divisor));
  for (; i < count; i++) put<T>(weights, i, at<T>(weights, i) / sum);
}

// @ts-ignore: decorator
@inline
function attend<T>(
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize, slopes: usize,
  rows: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64, cap: f64, window: i32, causal: i32, from: i32, to: i32,
): void {
  const weights = seek<f64>(scratch, capacity);
  const width = first + rows;
  for (let h = from; h < to; h++) {
    const g = (h * G) / H;
    const keysOfHead = rowOf<T>(keysT, g * K, capacity);
    for (let t = 0; t < rows; t++) {
      const own = first + t;
      const count = causal ? own + 1 : min(width, own + window);
      const start = max(0, own + 1 - window);
      // Vectors of keys begin at multiples of 4; what they hold before the window is not read.
      const aligned = start & ~3;
      const keys = seek<T>(keysOfHead, aligned);
      const scores = seek<T>(scratch, aligned);
      const qRow = seek<T>(rowOf<T>(q, t, H * K), h * K);
      const zRow = seek<T>(rowOf<T>(z, t, H * K), h * K);
      if (sizeof<T>() == 4) scoresF32(qRow, keys, scores, count - aligned, K, capacity, capacity - aligned, <f32>scale);
      else scoresF64(qRow, keys, scores, count - aligned, K, capacity, capacity - aligned, scale);
      if (cap != 0) {
        const capped = seek<T>(scratch, start);
        if (sizeof<T>() == 4) softCapF32(capped, capped, count - start, cap);
        else softCapF64(capped, capped, count - start, cap);
      }
      if (slopes != 0) {
        const slope = at<f64>(slopes, h);
        for (let j = start; j < count; j++) putRounded<T>(scratch, j, wideAt<T>(scratch, j) + slope * <f64>(j - own));
      }
      const weightsOfRow = seek<T>(weights, start);
      softmaxRow<T>(seek<T>(scratch, start), weightsOfRow, count - start);
      if (pattern != 0) {
        const row = rowOf<T>(pattern, h * rows + t, width);
        for (let j = 0; j < start; j++) put<T>(row, j, 0);
        for (let j = start; j < count; j++) put<T>(row, j, at<T>(weights, j));
        for (let j = count; j < width; j++) put<T>(row, j, 0);
      }
      const valuesOfRow = seek<T>(rowOf<T>(values, start, G * K), g * K);
      if (sizeof<T>() == 4) mixF32(weightsOfRow, valuesOfRow, zRow, count - start, K, G * K);
      else mixF64(weightsOfRow, valuesOfRow, zRow, count - start, K, G * K);
    }
  }
}

// @ts-ignore: decorator
@inline
function attendFrozen<T>(
  pattern: usize, values: usize, z: usize, states: i32, rows: i32, H: i32, G: i32, K: i32, causal: i32, from: i32, to: i32,
): void {
  for (let s = 0; s < states; s++) {
    const valuesOfState = rowOf<T>(values, s * rows, G * K);
    for (let h = from; h < to; h++) {
      const valuesOfHead = seek<T>(valuesOfState, ((h * G) / H) * K);
      for (let t = 0; t < rows; t++) {
        const weights = rowOf<T>(pattern, h * rows + t, rows);
        const zRow = seek<T>(rowOf<T>(z, s * rows + t, H * K), h * K);
        const count = causal ? t + 1 : rows;
        if (sizeof<T>() == 4) mixF32(weights, valuesOfHead, zRow, count, K, G * K);
        else mixF64(weights, valuesOfHead, zRow, count, K, G * K);
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
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize, slopes: usize,
  T: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64, cap: f64, window: i32, causal: i32, from: i32, to: i32,
): void {
  attend<f32>(q, keysT, values, z, pattern, scratch, slopes, T, first, H, G, K, capacity, scale, cap, window, causal, from, to);
}
export function attendF64(
  q: usize, keysT: usize, values: usize, z: usize, pattern: usize, scratch: usize, slopes: usize,
  T: i32, first: i32, H: i32, G: i32, K: i32, capacity: i32, scale: f64, cap: f64, window: i32, causal: i32, from: i32, to: i32,
): void {
  attend<f64>(q, keysT, values, z, pattern, scratch, slopes, T, first, H, G, K, capacity, scale, cap, window, causal, from, to);
}
export function attendFrozenF32(
  pattern: usize, values: usize, z: usize, states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32, from: i32, to: i32,
): void {
  attendFrozen<f32>(pattern, values, z, states, T, H, G, K, causal, from, to);
}
export function attendFrozenF64(
  pattern: usize, values: usize, z: usize, states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32, from: i32, to: i32,
): void {
  attendFrozen<f64>(pattern, values, z, states, T, H, G, K, causal, from, to);
}
