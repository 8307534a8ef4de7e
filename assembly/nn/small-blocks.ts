/** Blocks of 32 numbers with a scale d, some with a minimum m, both binary16. Each function writes the numbers of the block at `src` to `dst`. */
import { at, put } from '../layout';
import { halfAt } from './half';

const N: i32 = 32;
const HALF: i32 = N / 2;

const VALUES = memory.data<i8>([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]);

/** The value that a half-byte of the non-linear types chooses. */
// @ts-ignore: decorator
@inline
export function valueOf(choice: i32): f32 {
  return <f32>at<i8>(VALUES, choice);
}

/** Half-byte `i` of 16 bytes: the lower halves of all, then the upper ones. */
// @ts-ignore: decorator
@inline
function nibble(src: usize, i: i32): i32 {
  return i < HALF ? <i32>at<u8>(src, i) & 15 : <i32>at<u8>(src, i - HALF) >> 4;
}

/** Bit `i` of 32, as the fifth bit of a number. */
// @ts-ignore: decorator
@inline
function fifthBit(src: usize, i: i32): i32 {
  return <i32>((load<u32>(src) >> i) & 1) << 4;
}

export function q4(src: usize, dst: usize): void {
  const d = halfAt(src);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * <f32>(nibble(src + 2, i) - 8));
}

export function q4WithMinimum(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * <f32>nibble(src + 4, i) + m);
}

export function q5(src: usize, dst: usize): void {
  const d = halfAt(src);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * <f32>((nibble(src + 6, i) | fifthBit(src + 2, i)) - 16));
}

export function q5WithMinimum(src: usize, dst: usize): void {
  const d = halfAt(src);
  const m = halfAt(src + 2);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * <f32>(nibble(src + 8, i) | fifthBit(src + 4, i)) + m);
}

export function q8(src: usize, dst: usize): void {
  const d = halfAt(src);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * <f32>at<i8>(src + 2, i));
}

export function iq4nl(src: usize, dst: usize): void {
  const d = halfAt(src);
  for (let i = 0; i < N; i++) put<f32>(dst, i, d * valueOf(nibble(src + 2, i)));
}
