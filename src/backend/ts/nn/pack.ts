/** Weights on their way in: conversion to f32 and packing into panels of 8 columns (layout: contract/weights.ts). */
import { PANEL, Q8_BLOCK, Q8_BYTES, Q8_SCALES } from '../../contract/weights.ts';
import { halfAt, widenF16 } from './half.ts';

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
  src: Float32Array | Uint16Array,
  dst: Float32Array | Uint16Array,
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

export function packOutIn(
  src: Float32Array | Uint16Array,
  dst: Float32Array | Uint16Array,
  firstColumn: number,
  columns: number,
  k: number,
): void {
  for (let c = 0; c < columns; c++) {
    const j = firstColumn + c;
    const panel = Math.floor(j / PANEL) * k * PANEL;
    for (let i = 0; i < k; i++) dst[panel + i * PANEL + (j % PANEL)] = src[c * k + i]!;
  }
}

export function packQ8(src: Uint8Array, dst: Uint8Array, firstColumn: number, columns: number, k: number): void {
  const blocks = k / Q8_BLOCK;
  const scales = new DataView(dst.buffer, dst.byteOffset, dst.byteLength);
  for (let c = 0, from = 0; c < columns; c++) {
    const [panel, lane] = [Math.floor((firstColumn + c) / PANEL), (firstColumn + c) % PANEL];
    for (let b = 0; b < blocks; b++) {
      const to = (panel * blocks + b) * Q8_BYTES;
      scales.setFloat32(to + 4 * lane, halfAt(src, from), true);
      from += 2;
      for (let i = 0; i < Q8_BLOCK; i++) dst[to + Q8_SCALES + i * PANEL + lane] = src[from++]! ^ 0x80;
    }
  }
}
