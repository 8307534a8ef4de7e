/** Numbers in the stored types of ggml, for tests and random checkpoints. */
import { dequantise } from '../../src/backend/plain.ts';
import { GGML_TYPES } from '../../src/formats/gguf/types.ts';
import { bf16Value, f16Bits, f16Value, storedBytes } from './stored-floats.ts';

/** Where blocks of types that are only drawn hold their scales and minima, and the largest factor on a scale. */
const DRAWN: Readonly<Record<string, { readonly scale: number; readonly minimum?: number; readonly most: number }>> = {
  Q5_0: { scale: 0, most: 16 },
  Q5_1: { scale: 0, minimum: 2, most: 31 },
  Q2_K: { scale: 80, minimum: 82, most: 45 },
  Q3_K: { scale: 108, most: 128 },
  Q4_K: { scale: 0, minimum: 2, most: 945 },
  Q5_K: { scale: 0, minimum: 2, most: 1953 },
  Q6_K: { scale: 208, most: 4096 },
  IQ4_NL: { scale: 0, most: 127 },
  IQ4_XS: { scale: 0, most: 4064 },
};

/** Types to which numbers can be rounded; of the others blocks can be drawn. */
export const QUANTISED: readonly string[] = ['F32', 'F16', 'BF16', 'Q8_0', 'Q4_0', 'Q4_1'];
/** Types of which valid blocks can be drawn at random. */
export const DRAWN_TYPES: readonly string[] = Object.keys(DRAWN);

/** The numbers, whose count whole blocks hold, as they are stored in one of {@link QUANTISED}. */
export function quantised(dtype: string, values: Float32Array): Uint8Array {
  if (dtype === 'F32' || dtype === 'F16' || dtype === 'BF16') return storedBytes(dtype, values);
  const { bytes } = GGML_TYPES.get(dtype)!;
  const stored = new Uint8Array((values.length / 32) * bytes);
  for (let b = 0; b < values.length / 32; b++) {
    const x = values.subarray(32 * b, 32 * b + 32);
    const block = stored.subarray(bytes * b, bytes * b + bytes);
    if (dtype === 'Q8_0') quantiseQ8(x, block);
    else if (dtype === 'Q4_0') quantiseQ4(x, block);
    else quantiseQ4WithMinimum(x, block);
  }
  return stored;
}

/** Random blocks of one of {@link DRAWN_TYPES}, with numbers of size `spread` at most, or twice that below zero. */
export function drawnBlocks(dtype: string, count: number, spread: number, random: () => number): Uint8Array {
  const { elements, bytes } = GGML_TYPES.get(dtype)!;
  const { scale, minimum, most } = DRAWN[dtype]!;
  const stored = new Uint8Array((count / elements) * bytes);
  for (let i = 0; i < stored.length; i++) stored[i] = random();
  const scaleBits = f16Bits(spread / most);
  // K-quants subtract their minimum, the others add it.
  const minimumBits = f16Bits((dtype.endsWith('K') ? 1 : -0.5) * (spread / (dtype === 'Q5_1' ? 1 : most)));
  for (let at = 0; at < stored.length; at += bytes) {
    putBits(stored, at + scale, scaleBits);
    if (minimum !== undefined) putBits(stored, at + minimum, minimumBits);
  }
  return stored;
}

/** The f32 numbers that stored bytes stand for. */
export function dequantised(dtype: string, stored: Uint8Array): Float32Array {
  if (dtype === 'F32') return new Float32Array(stored.slice().buffer);
  if (dtype === 'F16' || dtype === 'BF16') {
    const value = dtype === 'F16' ? f16Value : bf16Value;
    return Float32Array.from(new Uint16Array(stored.slice().buffer), value);
  }
  const { code, elements, bytes } = GGML_TYPES.get(dtype)!;
  const numbers = new Float32Array((stored.length / bytes) * elements);
  dequantise(stored, numbers, stored.length / bytes, code);
  return numbers;
}

function quantiseQ8(x: Float32Array, block: Uint8Array): void {
  let most = 0;
  for (let i = 0; i < 32; i++) most = Math.max(most, Math.abs(x[i]!));
  const d = putHalf(block, 0, most / 127);
  for (let i = 0; i < 32; i++) block[2 + i] = d === 0 ? 0 : clamp(Math.round(x[i]! / d), -127, 127);
}

function quantiseQ4(x: Float32Array, block: Uint8Array): void {
  const extreme = x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const d = putHalf(block, 0, extreme / -8);
  putNibbles(block, 2, (i) => (d === 0 ? 8 : clamp(Math.round(x[i]! / d) + 8, 0, 15)));
}

function quantiseQ4WithMinimum(x: Float32Array, block: Uint8Array): void {
  const [least, most] = [Math.min(...x), Math.max(...x)];
  const [d, m] = [putHalf(block, 0, (most - least) / 15), putHalf(block, 2, least)];
  putNibbles(block, 4, (i) => (d === 0 ? 0 : clamp(Math.round((x[i]! - m) / d), 0, 15)));
}

function putNibbles(block: Uint8Array, at: number, q: (i: number) => number): void {
  for (let i = 0; i < 16; i++) block[at + i] = q(i) | (q(i + 16) << 4);
}

/** Stores a number as binary16; gives what was stored. */
function putHalf(block: Uint8Array, at: number, value: number): number {
  const bits = f16Bits(value);
  putBits(block, at, bits);
  return f16Value(bits);
}

function putBits(block: Uint8Array, at: number, bits: number): void {
  block[at] = bits & 0xff;
  block[at + 1] = bits >> 8;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
