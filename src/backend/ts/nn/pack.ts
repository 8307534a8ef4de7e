/** Weights on their way in: conversion to f32 and packing into panels of 8 columns (layout: contract/network.ts). */
import { PANEL } from '../../contract/network.ts';
import { widenF16 } from './half.ts';

export function convertF16(src: Uint16Array, dst: Float32Array, n: number): void {
  const bits = new Uint32Array(dst.buffer, dst.byteOffset, n);
  for (let i = 0; i < n; i++) bits[i] = widenF16(src[i]!);
}

export function convertBf16(src: Uint16Array, dst: Float32Array, n: number): void {
  const bits = new Uint32Array(dst.buffer, dst.byteOffset, n);
  for (let i = 0; i < n; i++) bits[i] = src[i]! << 16;
}

export function firstNonFinite(src: Float32Array, n: number): number {
  for (let i = 0; i < n; i++) if (!Number.isFinite(src[i]!)) return i;
  return -1;
}

export function packInOut(
  src: Float32Array,
  dst: Float32Array,
  firstRow: number,
  rows: number,
  stride: number,
  column: number,
  k: number,
  n: number,
): void {
  for (let r = 0; r < rows; r++) {
    const from = r * stride + column;
    for (let j = 0; j < n; j++) {
      const panel = Math.floor(j / PANEL) * k * PANEL;
      dst[panel + (firstRow + r) * PANEL + (j % PANEL)] = src[from + j]!;
    }
  }
}

export function packOutIn(src: Float32Array, dst: Float32Array, firstColumn: number, columns: number, k: number): void {
  for (let c = 0; c < columns; c++) {
    const j = firstColumn + c;
    const panel = Math.floor(j / PANEL) * k * PANEL;
    for (let i = 0; i < k; i++) dst[panel + i * PANEL + (j % PANEL)] = src[c * k + i]!;
  }
}
