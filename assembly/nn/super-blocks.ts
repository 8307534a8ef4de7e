/** Blocks of 256 numbers with a scale d (some with a minimum m), both binary16, and integer scales for each 16 or 32 numbers. Each function writes the numbers of the block at `src` to `dst`. */
import { at, put } from '../layout';
import { halfAt } from './half';
import { valueOf } from './small-blocks';

const N: i32 = 256;

/** Two bits of number `i` of 256: each 32 bytes hold four times 32 numbers, the lowest bits first. */
// @ts-ignore: decorator
@inline
function pair(src: usize, i: i32): i32 {
  return (<i32>at<u8>(src, ((i >> 7) << 5) + (i & 31)) >> (((i >> 5) & 3) << 1)) & 3;
}

/** The half-byte of number `i` of 256: each 2^log bytes hold as many numbers in their lower halves, then as many in the upper ones. */
// @ts-ignore: decorator
@inline
function nibble(src: usize, i: i32, log: i32): i32 {
  const byte = <i32>at<u8>(src, ((i >> (log + 1)) << log) + (i & ((1 << log) - 1)));
  return (byte >> (((i >> log) & 1) << 2)) & 15;
}

/** Bit i/32 of byte i mod 32. */
// @ts-ignore: decorator
@inline
function bit(src: usize, i: i32): i32 {
  return (<i32>at<u8>(src, i & 31) >> (i >> 5)) & 1;
}

/** Six-bit scale `k` of the eight in 12 bytes. */
function scaleOf(src: usize, k: i32): f32 {
  return <f32>(
    (k < 4 ? <i32>at<u8>(src, k) & 63 : (<i32>at<u8>(src, k + 4) & 15) | ((<i32>at<u8>(src, k - 4) >> 6) << 4))
  );
}

/** Six-bit minimum `k` of eight, packed beside the scales. */
function minimumOf(src: usize, k: i32): f32 {
  return <f32>(
    (k < 4 ? <i32>at<u8>(src, k + 4) & 63 : (<i32>at<u8>(src, k + 4) >> 4) | ((<i32>at<u8>(src, k) >> 6) << 4))
  );
}

export function q2k(src: usize, dst: usize): void {
  const d = halfAt(src + 80);
  const m = halfAt(src + 82);
  for (let k = 0; k < 16; k++) {
    const both = <i32>at<u8>(src, k);
    const scale = d * <f32>(both & 15);
    const minimum = m * <f32>(both >> 4);
    for (let i = 16 * k; i < 16 * k + 16; i++) put<f32>(dst, i, scale * <f32>pair(src + 16, i) - minimum);
  }
}

export function q3k(src: usize, dst: usize): void {
  const d = halfAt(src + 108);
  for (let k = 0; k < 16; k++) {
    const low = (<i32>at<u8>(src + 96, k & 7) >> ((k >> 3) << 2)) & 15;
    const high = (<i32>at<u8>(src + 104, k & 3) >> ((k >> 2) << 1)) & 3;
    const scale = d * <f32>((low | (high << 4)) - 32);
    for (let i = 16 * k; i < 16 * k + 16; i++)
      put<f32>(dst, i, scale * <f32>(pair(src + 32, i) - ((bit(src, i) ^ 1) << 2)));
  }
}

export function q4k(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let k = 0; k < 8; k++) {
    const scale = d * scaleOf(src + 4, k);
    const minimum = m * minimumOf(src + 4, k);
    for (let i = 32 * k; i < 32 * k + 32; i++) put<f32>(dst, i, scale * <f32>nibble(src + 16, i, 5) - minimum);
  }
}

export function q5k(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let k = 0; k < 8; k++) {
    const scale = d * scaleOf(src + 4, k);
    const minimum = m * minimumOf(src + 4, k);
    for (let i = 32 * k; i < 32 * k + 32; i++)
      put<f32>(dst, i, scale * <f32>(nibble(src + 48, i, 5) | (bit(src + 16, i) << 4)) - minimum);
  }
}

export function q6k(src: usize, dst: usize): void {
  const d = halfAt(src + 208);
  for (let k = 0; k < 16; k++) {
    const scale = d * <f32>at<i8>(src + 192, k);
    for (let i = 16 * k; i < 16 * k + 16; i++)
      put<f32>(dst, i, scale * <f32>((nibble(src, i, 6) | (pair(src + 128, i) << 4)) - 32));
  }
}

export function iq4xs(src: usize, dst: usize): void {
  const d = halfAt(src);
  const upper = <i32>load<u16>(src + 2);
  for (let k = 0; k < 8; k++) {
    const low = (<i32>at<u8>(src + 4, k >> 1) >> ((k & 1) << 2)) & 15;
    const scale = d * <f32>((low | (((upper >> (2 * k)) & 3) << 4)) - 32);
    for (let i = 32 * k; i < 32 * k + 32; i++) put<f32>(dst, i, scale * valueOf(nibble(src + 8, i, 4)));
  }
}
