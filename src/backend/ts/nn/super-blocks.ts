/** Blocks of 256 numbers with a scale d (some with a minimum m), both binary16, and integer scales for each 16 or 32 numbers. Number `i` of a block is computed from the bytes that hold it. */
import { halfAt } from './half.ts';
import { VALUES } from './small-blocks.ts';

const N = 256;
const { fround } = Math;

/** Two bits of number `i` of 256: each 32 bytes hold four times 32 numbers, the lowest bits first. */
function pair(src: Uint8Array, at: number, i: number): number {
  return (src[at + ((i >> 7) << 5) + (i & 31)]! >> (((i >> 5) & 3) << 1)) & 3;
}

/** The half-byte of number `i` of 256: each `width` bytes hold `width` numbers in their lower halves, then `width` in the upper ones. */
function nibble(src: Uint8Array, at: number, i: number, width: number): number {
  const byte = src[at + Math.floor(i / (2 * width)) * width + (i % width)]!;
  return i % (2 * width) < width ? byte & 15 : byte >> 4;
}

/** Bit i/32 of byte i mod 32. */
function bit(src: Uint8Array, at: number, i: number): number {
  return (src[at + (i & 31)]! >> (i >> 5)) & 1;
}

/** Six-bit scale `k` of the eight in 12 bytes: the first four in bytes 0 to 3, the others in bytes 8 to 11 with their upper bits in bytes 0 to 3. */
function scaleOf(src: Uint8Array, at: number, k: number): number {
  return k < 4 ? src[at + k]! & 63 : (src[at + k + 4]! & 15) | ((src[at + k - 4]! >> 6) << 4);
}

/** Six-bit minimum `k` of eight, packed beside the scales. */
function minimumOf(src: Uint8Array, at: number, k: number): number {
  return k < 4 ? src[at + k + 4]! & 63 : (src[at + k + 4]! >> 4) | ((src[at + k]! >> 6) << 4);
}

/** Q2_K: 16 bytes of scale and minimum, 64 bytes, d, m; (d·scale)·q − m·minimum for each 16 numbers. */
export function q2k(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const [d, m] = [halfAt(src, at + 80), halfAt(src, at + 82)];
  for (let i = 0; i < N; i++) {
    const both = src[at + (i >> 4)]!;
    dst[to + i] = fround(fround(d * (both & 15)) * pair(src, at + 16, i)) - fround(m * (both >> 4));
  }
}

/** Q3_K: 32 bytes of third bits, 64 bytes, 12 bytes of scales, d; d·(scale − 32)·q, with q − 4 where the third bit is 0. */
export function q3k(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at + 108);
  for (let i = 0; i < N; i++) {
    const k = i >> 4;
    const low = k < 8 ? src[at + 96 + k]! & 15 : src[at + 88 + k]! >> 4;
    const scale = (low | (((src[at + 104 + (k & 3)]! >> ((k >> 2) << 1)) & 3) << 4)) - 32;
    const q = pair(src, at + 32, i) - (bit(src, at, i) === 0 ? 4 : 0);
    dst[to + i] = fround(d * scale) * q;
  }
}

/** Q4_K: d, m, 12 bytes of scales and minima for each 32 numbers, 128 bytes. */
export function q4k(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const [d, m] = [halfAt(src, at), halfAt(src, at + 2)];
  for (let i = 0; i < N; i++) {
    const q = nibble(src, at + 16, i, 32);
    dst[to + i] = fround(fround(d * scaleOf(src, at + 4, i >> 5)) * q) - fround(m * minimumOf(src, at + 4, i >> 5));
  }
}

/** Q5_K: as Q4_K, with 32 bytes of fifth bits before the 128 bytes. */
export function q5k(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const [d, m] = [halfAt(src, at), halfAt(src, at + 2)];
  for (let i = 0; i < N; i++) {
    const q = nibble(src, at + 48, i, 32) | (bit(src, at + 16, i) << 4);
    dst[to + i] = fround(fround(d * scaleOf(src, at + 4, i >> 5)) * q) - fround(m * minimumOf(src, at + 4, i >> 5));
  }
}

/** Q6_K: 128 bytes, 64 bytes of the upper two bits, 16 scales with sign, d; d·scale·(q − 32). */
export function q6k(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at + 208);
  for (let i = 0; i < N; i++) {
    const scale = (src[at + 192 + (i >> 4)]! << 24) >> 24;
    const q = (nibble(src, at, i, 64) | (pair(src, at + 128, i) << 4)) - 32;
    dst[to + i] = fround(d * scale) * q;
  }
}

/** IQ4_XS: d, the upper two bits of eight scales, their lower four, 128 bytes that choose among {@link VALUES}; d·(scale − 32)·value for each 32 numbers. */
export function iq4xs(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at);
  const upper = src[at + 2]! | (src[at + 3]! << 8);
  for (let i = 0; i < N; i++) {
    const k = i >> 5;
    const low = (src[at + 4 + (k >> 1)]! >> ((k & 1) << 2)) & 15;
    const scale = (low | (((upper >> (2 * k)) & 3) << 4)) - 32;
    dst[to + i] = fround(d * scale) * VALUES[nibble(src, at + 8, i, 16)]!;
  }
}
