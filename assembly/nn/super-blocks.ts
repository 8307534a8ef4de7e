/** Blocks of 256 numbers with a scale d (some with a minimum m), both binary16, and integer scales for each 16 or 32 numbers. Each function writes the numbers of the block at `src` to `dst`. */
import { at, seek } from '../layout';
import { halfAt } from './half';
import { field, putAffine, putScaled } from './sixteen';
import { valuesOf } from './small-blocks';

/** Two bits each of numbers i … i+15 of 256: each 32 bytes hold four times 32 numbers, the lowest bits first. */
// @ts-ignore: decorator
@inline
function pairs(src: usize, i: i32): v128 {
  return field(v128.load(seek<u8>(src, ((i >> 7) << 5) + (i & 31))), ((i >> 5) & 3) << 1, 3);
}

/** Half-bytes of numbers i … i+15 of 256: each 2^log bytes hold as many numbers in their lower halves, then as many in the upper ones. */
// @ts-ignore: decorator
@inline
function nibbles(src: usize, i: i32, log: i32): v128 {
  const first = ((i >> (log + 1)) << log) + (i & ((1 << log) - 1));
  return field(v128.load(seek<u8>(src, first)), ((i >> log) & 1) << 2, 15);
}

/** Bit i/32 of bytes i mod 32 …, as numbers 0 and 1 shifted by `up`. */
// @ts-ignore: decorator
@inline
function bits(src: usize, i: i32, up: i32): v128 {
  return i16x8.shl(field(v128.load(seek<u8>(src, i & 31)), i >> 5, 1), up);
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
    putAffine(seek<f32>(dst, 16 * k), pairs(src + 16, 16 * k), d * <f32>(both & 15), -(m * <f32>(both >> 4)));
  }
}

export function q3k(src: usize, dst: usize): void {
  const d = halfAt(src + 108);
  const four = i8x16.splat(4);
  for (let k = 0; k < 16; k++) {
    const low = (<i32>at<u8>(src + 96, k & 7) >> ((k >> 3) << 2)) & 15;
    const high = (<i32>at<u8>(src + 104, k & 3) >> ((k >> 2) << 1)) & 3;
    const numbers = i8x16.sub(i8x16.add(pairs(src + 32, 16 * k), bits(src, 16 * k, 2)), four);
    putScaled(seek<f32>(dst, 16 * k), numbers, d * <f32>((low | (high << 4)) - 32));
  }
}

export function q4k(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let i = 0; i < 256; i += 16) {
    const scale = d * scaleOf(src + 4, i >> 5);
    putAffine(seek<f32>(dst, i), nibbles(src + 16, i, 5), scale, -(m * minimumOf(src + 4, i >> 5)));
  }
}

export function q5k(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let i = 0; i < 256; i += 16) {
    const scale = d * scaleOf(src + 4, i >> 5);
    const numbers = v128.or(nibbles(src + 48, i, 5), bits(src + 16, i, 4));
    putAffine(seek<f32>(dst, i), numbers, scale, -(m * minimumOf(src + 4, i >> 5)));
  }
}

export function q6k(src: usize, dst: usize): void {
  const d = halfAt(src + 208);
  const middle = i8x16.splat(32);
  for (let k = 0; k < 16; k++) {
    const numbers = v128.or(nibbles(src, 16 * k, 6), i16x8.shl(pairs(src + 128, 16 * k), 4));
    putScaled(seek<f32>(dst, 16 * k), i8x16.sub(numbers, middle), d * <f32>at<i8>(src + 192, k));
  }
}

export function iq4xs(src: usize, dst: usize): void {
  const d = halfAt(src);
  const upper = <i32>load<u16>(src + 2);
  for (let i = 0; i < 256; i += 16) {
    const k = i >> 5;
    const low = (<i32>at<u8>(src + 4, k >> 1) >> ((k & 1) << 2)) & 15;
    const scale = d * <f32>((low | (((upper >> (2 * k)) & 3) << 4)) - 32);
    putScaled(seek<f32>(dst, i), valuesOf(nibbles(src + 8, i, 4)), scale);
  }
}
