/**
 * Panels of resident weights as f32: panel p has columns 8p … 8p+7 of a K×N matrix, row by row. Layout of every format:
 * src/backend/contract/weights.ts.
 */
import { rowOf } from '../layout';
import { blockBytes, blockElements, dequantise } from './dequantise';
import { highBf16, highF16, joinHigh, joinLow, lowBf16, lowF16 } from './halves';

export const PANEL: i32 = 8;

/** Formats by their numbers in GGUF. */
export const F32: i32 = 0;
export const F16: i32 = 1;
export const Q8_0: i32 = 8;
export const BF16: i32 = 30;

/** Elements of a block of Q8_0, and the bytes of a panel's eight blocks: scales in f32, then the numbers. */
export const Q8_BLOCK: i32 = 32;
export const Q8_SCALES: usize = 32;
export const Q8_BYTES: i32 = 288;

/** 2²³ + 128 in every lane, and its upper half. */
const BIAS = memory.data<u32>([
  0x4b000080, 0x4b000080, 0x4b000080, 0x4b000080, 0x4b004b00, 0x4b004b00, 0x4b004b00, 0x4b004b00,
], 16);

/** Address of a panel in the format's own layout. */
// @ts-ignore: decorator
@inline
export function storedPanel(weights: usize, format: i32, panel: i32, k: i32): usize {
  if (format == F32) return rowOf<f32>(weights, panel, k * PANEL);
  if (format == BF16 || format == F16) return rowOf<u16>(weights, panel, k * PANEL);
  if (format == Q8_0) return rowOf<u8>(weights, panel, k / Q8_BLOCK * Q8_BYTES);
  return rowOf<u8>(weights, panel * PANEL, k / blockElements(format) * <i32>blockBytes(format));
}

/** Address of panel `panel` in f32: where it lies, or `scratch`, which then holds it widened. */
export function panelOf(weights: usize, format: i32, panel: i32, k: i32, scratch: usize): usize {
  const from = storedPanel(weights, format, panel, k);
  if (format == F32) return from;
  if (format == BF16) widenBf16(from, scratch, k);
  else if (format == F16) widenF16(from, scratch, k);
  else if (format == Q8_0) widenQ8(from, scratch, k);
  else widenBlocks(from, format, scratch, k);
  return scratch;
}

/** Rows of blocks, one for each column. The blocks of all eight are widened behind the panel, then turned into rows. */
function widenBlocks(from: usize, format: i32, to: usize, k: i32): void {
  const numbers = rowOf<f32>(to, k, PANEL);
  const elements = blockElements(format);
  const bytes = blockBytes(format);
  const row = <usize>(k / elements) * bytes;
  for (let i = 0; i < k; i += elements) {
    let block = from;
    for (let lane = 0; lane < PANEL; lane++) {
      dequantise(block, rowOf<f32>(numbers, lane, elements), 1, format);
      block += row;
    }
    turn(numbers, to, elements);
    turn(rowOf<f32>(numbers, 4, elements), to + 16, elements);
    from += bytes;
    to = rowOf<f32>(to, elements, PANEL);
  }
}

/** Four rows of n numbers as four columns of a panel, in squares of 4×4. */
function turn(from: usize, to: usize, n: i32): void {
  const step = (<usize>n) << 2;
  const end = from + step;
  while (from < end) {
    const a = v128.load(from), b = v128.load(from + step);
    const c = v128.load(from + 2 * step), d = v128.load(from + 3 * step);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5), AB = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5), CD = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32);
    v128.store(to, i64x2.shuffle(AB, CD, 0, 2), 64);
    v128.store(to, i64x2.shuffle(AB, CD, 1, 3), 96);
    from += 16;
    to += 128;
  }
}

function widenBf16(from: usize, to: usize, k: i32): void {
  const end = rowOf<u16>(from, k, PANEL);
  while (from < end) {
    const h = v128.load(from);
    v128.store(to, lowBf16(h));
    v128.store(to, highBf16(h), 16);
    from += 16;
    to += 32;
  }
}

function widenF16(from: usize, to: usize, k: i32): void {
  const end = rowOf<u16>(from, k, PANEL);
  while (from < end) {
    const h = v128.load(from);
    v128.store(to, lowF16(h));
    v128.store(to, highF16(h), 16);
    from += 16;
    to += 32;
  }
}

/**
 * Numbers of columns 0 to 3 from bytes, in 16 bits each, that hold number + 128: as the lowest byte of an f32 whose rest is that of 2²³,
 * less 2²³ + 128. `upper` and `bias` are {@link upperQ8} and {@link biasQ8}, which a loop loads once.
 */
// @ts-ignore: decorator
@inline
export function lowNumbers(bytes: v128, upper: v128, bias: v128): v128 {
  return f32x4.sub(joinLow(bytes, upper), bias);
}

/** Numbers of columns 4 to 7. */
// @ts-ignore: decorator
@inline
export function highNumbers(bytes: v128, upper: v128, bias: v128): v128 {
  return f32x4.sub(joinHigh(bytes, upper), bias);
}

// @ts-ignore: decorator
@inline
export function biasQ8(): v128 {
  return v128.load(BIAS);
}

// @ts-ignore: decorator
@inline
export function upperQ8(): v128 {
  return v128.load(BIAS, 16);
}

function widenQ8(from: usize, to: usize, k: i32): void {
  const end = rowOf<u8>(from, k / Q8_BLOCK, Q8_BYTES);
  const upper = upperQ8(), bias = biasQ8();
  while (from < end) {
    const low = v128.load(from), high = v128.load(from, 16);
    const last = from + Q8_BYTES;
    for (from += Q8_SCALES; from < last; from += 8) {
      const bytes = v128.load8x8_u(from);
      v128.store(to, f32x4.mul(low, lowNumbers(bytes, upper, bias)));
      v128.store(to, f32x4.mul(high, highNumbers(bytes, upper, bias)), 16);
      to += 32;
    }
  }
}
