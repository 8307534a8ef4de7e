/** Weights on their way in: conversion to f32 and packing into panels of 8 columns. Layout: src/backend/contract/network.ts. */
import { at, put, rowOf, seek } from '../layout';
import { widenF16 } from './half';

const PANEL: i32 = 8;

export function convertF16(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<u32>(dst, i, widenF16(<u32>at<u16>(src, i)));
}

export function convertBf16(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<u32>(dst, i, (<u32>at<u16>(src, i)) << 16);
}

export function firstNonFinite(src: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) if ((at<u32>(src, i) & 0x7f800000) == 0x7f800000) return i;
  return -1;
}

export function packInOut(src: usize, dst: usize, firstRow: i32, rows: i32, stride: i32, column: i32, k: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = seek<f32>(rowOf<f32>(src, r, stride), column);
    for (let j = 0; j < n; j++) {
      const panel = rowOf<f32>(dst, j / PANEL, k * PANEL);
      put<f32>(panel, (firstRow + r) * PANEL + j % PANEL, at<f32>(from, j));
    }
  }
}

export function packOutIn(src: usize, dst: usize, firstColumn: i32, columns: i32, k: i32): void {
  for (let c = 0; c < columns; c++) {
    const j = firstColumn + c;
    const from = rowOf<f32>(src, c, k);
    const panel = rowOf<f32>(dst, j / PANEL, k * PANEL);
    for (let i = 0; i < k; i++) put<f32>(panel, i * PANEL + j % PANEL, at<f32>(from, i));
  }
}
