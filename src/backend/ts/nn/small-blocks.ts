/** Blocks of 32 numbers with a scale d, some with a minimum m, both binary16: d·q or d·q + m. */
import { halfAt } from './half.ts';

const N = 32;
const HALF = N / 2;

/** The 16 values of the non-linear types. */
export const VALUES = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

/** Half-byte `i` of 16 bytes: the lower halves of all, then the upper ones. */
function nibble(src: Uint8Array, at: number, i: number): number {
  return i < HALF ? src[at + i]! & 15 : src[at + i - HALF]! >> 4;
}

/** Bit `i` of 32, as the fifth bit of a number. */
function fifthBit(src: Uint8Array, at: number, i: number): number {
  return ((src[at + (i >> 3)]! >> (i & 7)) & 1) << 4;
}

/** Q4_0: d, 16 bytes; q − 8. */
export function q4(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at);
  for (let i = 0; i < N; i++) dst[to + i] = d * (nibble(src, at + 2, i) - 8);
}

/** Q4_1: d, m, 16 bytes. */
export function q4WithMinimum(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const [d, m] = [halfAt(src, at), halfAt(src, at + 2)];
  for (let i = 0; i < N; i++) dst[to + i] = Math.fround(d * nibble(src, at + 4, i)) + m;
}

/** Q5_0: d, 32 fifth bits, 16 bytes; q − 16. */
export function q5(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at);
  for (let i = 0; i < N; i++) dst[to + i] = d * ((nibble(src, at + 6, i) | fifthBit(src, at + 2, i)) - 16);
}

/** Q5_1: d, m, 32 fifth bits, 16 bytes. */
export function q5WithMinimum(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const [d, m] = [halfAt(src, at), halfAt(src, at + 2)];
  for (let i = 0; i < N; i++) dst[to + i] = Math.fround(d * (nibble(src, at + 8, i) | fifthBit(src, at + 4, i))) + m;
}

/** Q8_0: d, 32 bytes with sign. */
export function q8(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at);
  for (let i = 0; i < N; i++) dst[to + i] = d * ((src[at + 2 + i]! << 24) >> 24);
}

/** IQ4_NL: d, 16 bytes that choose among {@link VALUES}. */
export function iq4nl(src: Uint8Array, at: number, dst: Float32Array, to: number): void {
  const d = halfAt(src, at);
  for (let i = 0; i < N; i++) dst[to + i] = d * VALUES[nibble(src, at + 2, i)]!;
}
