/**
 * Packing of an operand's slice into panels: dst[p·width + i] = scale · src[i·rowStep + p·columnStep] for i < rows, zeros up to
 * `width`. Steps count elements and may be negative, so transposes, reversals and right-hand sides share this code.
 */
import { at, put, putVector, seek, vectorAt } from '../layout';
import { lanes } from '../simd';

/** Element (i, p) of a strided array. */
// @ts-ignore: decorator
@inline
export function element<T>(base: usize, i: i32, rowStep: i32, p: i32, columnStep: i32): usize {
  return base + ((<isize>i) * (<isize>rowStep) + (<isize>p) * (<isize>columnStep)) * sizeof<T>();
}

/** Rows lie beside one another in memory: a panel's row is three vectors, a sliver's three numbers. */
// @ts-ignore: decorator
@inline
function packAdjacent<T>(src: usize, columnStep: i32, k: i32, width: i32, scale: T, dst: usize): void {
  const factor = v128.splat<T>(scale);
  const step = (<isize>columnStep) * sizeof<T>();
  const end = seek<T>(dst, k * width);
  while (dst < end) {
    if (width == 3) {
      if (sizeof<T>() == 8) v128.store(dst, v128.mul<T>(v128.load(src), factor));
      else {
        store<T>(dst, load<T>(src) * scale);
        store<T>(dst, load<T>(src, sizeof<T>()) * scale, sizeof<T>());
      }
      store<T>(dst, load<T>(src, 2 * sizeof<T>()) * scale, 2 * sizeof<T>());
    } else {
      v128.store(dst, v128.mul<T>(v128.load(src), factor));
      v128.store(dst, v128.mul<T>(v128.load(src, 16), factor), 16);
      v128.store(dst, v128.mul<T>(v128.load(src, 32), factor), 32);
    }
    src += step;
    dst += (<usize>width) * sizeof<T>();
  }
}

/** Three rows of f64, each contiguous over p: two columns at a time. */
function packThreeRows(src: usize, rowStep: i32, k: i32, scale: f64, dst: usize): void {
  const factor = f64x2.splat(scale);
  const r1 = element<f64>(src, 1, rowStep, 0, 0);
  const r2 = element<f64>(src, 2, rowStep, 0, 0);
  let p = 0;
  for (; p + 2 <= k; p += 2) {
    const x = f64x2.mul(vectorAt<f64>(src, p), factor);
    const y = f64x2.mul(vectorAt<f64>(r1, p), factor);
    const z = f64x2.mul(vectorAt<f64>(r2, p), factor);
    const to = seek<f64>(dst, 3 * p);
    v128.store(to, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(to, v128.shuffle<f64>(z, x, 0, 3), 16);
    v128.store(to, v128.shuffle<f64>(y, z, 1, 3), 32);
  }
  if (p < k) {
    put<f64>(dst, 3 * p, at<f64>(src, p) * scale);
    put<f64>(dst, 3 * p + 1, at<f64>(r1, p) * scale);
    put<f64>(dst, 3 * p + 2, at<f64>(r2, p) * scale);
  }
}

/** Six rows of f64, each contiguous over p: three pairs of rows, two columns at a time. */
function packSixRows(src: usize, rowStep: i32, k: i32, scale: f64, dst: usize): void {
  const factor = f64x2.splat(scale);
  for (let i = 0; i < 6; i += 2) {
    const r0 = element<f64>(src, i, rowStep, 0, 0);
    const r1 = element<f64>(src, i + 1, rowStep, 0, 0);
    let p = 0;
    for (; p + 2 <= k; p += 2) {
      const x = f64x2.mul(vectorAt<f64>(r0, p), factor);
      const y = f64x2.mul(vectorAt<f64>(r1, p), factor);
      putVector<f64>(dst, 6 * p + i, v128.shuffle<f64>(x, y, 0, 2));
      putVector<f64>(dst, 6 * p + 6 + i, v128.shuffle<f64>(x, y, 1, 3));
    }
    if (p < k) {
      put<f64>(dst, 6 * p + i, at<f64>(r0, p) * scale);
      put<f64>(dst, 6 * p + i + 1, at<f64>(r1, p) * scale);
    }
  }
}

/** Fewer columns than a panel has, beside one another in memory: the panel's rows end in zeros. */
// @ts-ignore: decorator
@inline
function packNarrow<T>(src: usize, columnStep: i32, columns: i32, k: i32, width: i32, scale: T, dst: usize): void {
  const factor = v128.splat<T>(scale);
  for (let p = 0; p < k; p++) {
    const from = element<T>(src, 0, 0, p, columnStep);
    const to = seek<T>(dst, p * width);
    let i = 0;
    for (; i + lanes<T>() <= columns; i += lanes<T>()) putVector<T>(to, i, v128.mul<T>(vectorAt<T>(from, i), factor));
    for (; i < columns; i++) put<T>(to, i, at<T>(from, i) * scale);
    for (; i < width; i++) put<T>(to, i, 0);
  }
}

// @ts-ignore: decorator
@inline
export function pack<T>(
  src: usize, rowStep: i32, columnStep: i32, rows: i32, k: i32, width: i32, scale: T, dst: usize,
): void {
  if (rows == width && rowStep == 1) {
    packAdjacent<T>(src, columnStep, k, width, scale, dst);
    return;
  }
  if (sizeof<T>() == 8 && rows == width && columnStep == 1) {
    if (width == 3) packThreeRows(src, rowStep, k, <f64>scale, dst);
    else packSixRows(src, rowStep, k, <f64>scale, dst);
    return;
  }
  if (width > 3 && rowStep == 1) {
    packNarrow<T>(src, columnStep, rows, k, width, scale, dst);
    return;
  }
  for (let i = 0; i < width; i++) {
    for (let p = 0; p < k; p++) {
      put<T>(dst, p * width + i, i < rows ? load<T>(element<T>(src, i, rowStep, p, columnStep)) * scale : <T>0);
    }
  }
}
