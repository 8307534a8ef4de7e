/** Blocks of 32 numbers with a scale d, some with a minimum m, both binary16. Each function writes the numbers of the block at `src` to `dst`. */
import { halfAt } from './half';
import { field, putAffine, putScaled } from './sixteen';

/** The values that a half-byte of the non-linear types chooses. */
const VALUES = memory.data<i8>([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], 16);
/** Bits of a byte, twice. */
const BITS = memory.data<u8>([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128], 16);

/** Bytes of the second half of a block's numbers. */
const SECOND: usize = 64;

/** The values that 16 half-bytes of the non-linear types choose. */
// @ts-ignore: decorator
@inline
export function valuesOf(choices: v128): v128 {
  return i8x16.swizzle(v128.load(VALUES), choices);
}

/** Half-bytes of 16 bytes: `half` 0 the lower ones, 1 the upper ones. */
// @ts-ignore: decorator
@inline
function nibbles(src: usize, half: i32): v128 {
  return field(v128.load(src), 4 * half, 15);
}

/** Sixteen bits, each as the fifth bit of a number. */
// @ts-ignore: decorator
@inline
function fifthBits(src: usize): v128 {
  const bytes = v128.load16_splat(src);
  const bits = v128.load(BITS);
  const spread = i8x16.shuffle(bytes, bytes, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  return v128.and(i8x16.eq(v128.and(spread, bits), bits), i8x16.splat(16));
}

export function q4(src: usize, dst: usize): void {
  const d = halfAt(src);
  const eight = i8x16.splat(8);
  putScaled(dst, i8x16.sub(nibbles(src + 2, 0), eight), d);
  putScaled(dst + SECOND, i8x16.sub(nibbles(src + 2, 1), eight), d);
}

export function q4WithMinimum(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  putAffine(dst, nibbles(src + 4, 0), d, m);
  putAffine(dst + SECOND, nibbles(src + 4, 1), d, m);
}

export function q5(src: usize, dst: usize): void {
  const d = halfAt(src);
  const sixteen = i8x16.splat(16);
  putScaled(dst, i8x16.sub(v128.or(nibbles(src + 6, 0), fifthBits(src + 2)), sixteen), d);
  putScaled(dst + SECOND, i8x16.sub(v128.or(nibbles(src + 6, 1), fifthBits(src + 4)), sixteen), d);
}

export function q5WithMinimum(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  putAffine(dst, v128.or(nibbles(src + 8, 0), fifthBits(src + 4)), d, m);
  putAffine(dst + SECOND, v128.or(nibbles(src + 8, 1), fifthBits(src + 6)), d, m);
}

export function q8(src: usize, dst: usize): void {
  const d = halfAt(src);
  putScaled(dst, v128.load(src + 2), d);
  putScaled(dst + SECOND, v128.load(src + 18), d);
}

export function iq4nl(src: usize, dst: usize): void {
  const d = halfAt(src);
  putScaled(dst, valuesOf(nibbles(src + 2, 0)), d);
  putScaled(dst + SECOND, valuesOf(nibbles(src + 2, 1)), d);
}
