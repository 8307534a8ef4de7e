/** Weights on their way in: conversion to f32 and packing into panels of 8 columns. Layout: src/backend/contract/weights.ts. */
import { at, put, rowOf, seek } from '../layout';
import { halfAt, widenF16 } from './half';
import { PANEL, Q8_BLOCK, Q8_BYTES, Q8_SCALES } from './panels';

export function convertF16(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<u32>(dst, i, widenF16(<u32>at<u16>(src, i)));
}

export function convertBf16(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<u32>(dst, i, (<u32>at<u16>(src, i)) << 16);
}

export function firstNonFinite(src: usize, n: i32): i32 {
  const exponent = i32x4.splat(0x7f800000);
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    const from = seek<f32>(src, i);
    const a = isFull(v128.load(from), exponent), b = isFull(v128.load(from, 16), exponent);
    const c = isFull(v128.load(from, 32), exponent), d = isFull(v128.load(from, 48), exponent);
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) break;
  }
  for (; i < n; i++) if ((at<u32>(src, i) & 0x7f800000) == 0x7f800000) return i;
  return -1;
}

/** All ones in the lanes whose exponent is that of infinity and NaN. */
// @ts-ignore: decorator
@inline
function isFull(x: v128, exponent: v128): v128 {
  return i32x4.eq(v128.and(x, exponent), exponent);
}

// @ts-ignore: decorator
@inline
function packInOut<T>(src: usize, dst: usize, firstRow: i32, rows: i32, stride: i32, column: i32, k: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = seek<T>(rowOf<T>(src, r, stride), column);
    for (let j = 0; j < n; j++) {
      const panel = rowOf<T>(dst, j / PANEL, k * PANEL);
      put<T>(panel, (firstRow + r) * PANEL + j % PANEL, at<T>(from, j));
    }
  }
}

export function packInOutF32(src: usize, dst: usize, firstRow: i32, rows: i32, stride: i32, column: i32, k: i32, n: i32): void {
  packInOut<f32>(src, dst, firstRow, rows, stride, column, k, n);
}
export function packInOutU16(src: usize, dst: usize, firstRow: i32, rows: i32, stride: i32, column: i32, k: i32, n: i32): void {
  packInOut<u16>(src, dst, firstRow, rows, stride, column, k, n);
}

// @ts-ignore: decorator
@inline
function packOutIn<T>(src: usize, dst: usize, firstColumn: i32, columns: i32, k: i32): void {
  for (let c = 0; c < columns; c++) {
    const j = firstColumn + c;
    const from = rowOf<T>(src, c, k);
    const panel = rowOf<T>(dst, j / PANEL, k * PANEL);
    for (let i = 0; i < k; i++) put<T>(panel, i * PANEL + j % PANEL, at<T>(from, i));
  }
}

export function packOutInF32(src: usize, dst: usize, firstColumn: i32, columns: i32, k: i32): void {
  packOutIn<f32>(src, dst, firstColumn, columns, k);
}
export function packOutInU16(src: usize, dst: usize, firstColumn: i32, columns: i32, k: i32): void {
  packOutIn<u16>(src, dst, firstColumn, columns, k);
}

export function packQ8(src: usize, dst: usize, firstColumn: i32, columns: i32, k: i32): void {
  const blocks = k / Q8_BLOCK;
  let from = src;
  for (let c = 0; c < columns; c++) {
    const j = firstColumn + c;
    let to = rowOf<u8>(dst, j / PANEL, blocks * Q8_BYTES);
    for (let b = 0; b < blocks; b++) {
      put<f32>(to, j % PANEL, halfAt(from));
      const numbers = seek<u8>(from, 2);
      const lane = seek<u8>(to, <i32>Q8_SCALES + j % PANEL);
      for (let i = 0; i < Q8_BLOCK; i++) put<u8>(lane, i * PANEL, at<u8>(numbers, i) ^ 0x80);
      from = seek<u8>(numbers, Q8_BLOCK);
      to = seek<u8>(to, Q8_BYTES);
    }
  }
}
