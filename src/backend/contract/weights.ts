import type { Block } from '../memory.ts';

/** Columns in a panel of packed weights. */
export const PANEL = 8;

/** Elements of a block of Q8_0. */
export const Q8_BLOCK = 32;
/** Bytes before the numbers of a panel's eight blocks of Q8_0: their scales, in f32. */
export const Q8_SCALES = 4 * PANEL;
/** Bytes of a panel's eight blocks of Q8_0. */
export const Q8_BYTES = Q8_SCALES + Q8_BLOCK * PANEL;

/** By format: the number it goes by across the WASM boundary, which is its number in ggml, the elements of a block and its bytes. */
const FORMATS = {
  F32: [0, 1, 4],
  F16: [1, 1, 2],
  BF16: [30, 1, 2],
  Q8_0: [8, Q8_BLOCK, 34],
  Q4_0: [2, 32, 18],
  Q4_1: [3, 32, 20],
  Q5_0: [6, 32, 22],
  Q5_1: [7, 32, 24],
  IQ4_NL: [20, 32, 18],
  Q2_K: [10, 256, 84],
  Q3_K: [11, 256, 110],
  Q4_K: [12, 256, 144],
  Q5_K: [13, 256, 176],
  Q6_K: [14, 256, 210],
  IQ4_XS: [23, 256, 136],
} as const;

/** How the elements of a matrix are stored: f32, the 16-bit numbers of IEEE 754 (F16) and bfloat16, or blocks of ggml along k. */
export type WeightFormat = keyof typeof FORMATS;

/** Every {@link WeightFormat}. */
export const WEIGHT_FORMATS = Object.keys(FORMATS) as readonly WeightFormat[];

/** The number by which kernels know a format. */
export function formatCode(format: WeightFormat): number {
  return FORMATS[format][0];
}

/** Elements of a block of a format, and its bytes: 1 and those of an element, where it has no blocks. */
export function blockOf(format: WeightFormat): { readonly elements: number; readonly bytes: number } {
  const [, elements, bytes] = FORMATS[format];
  return { elements, bytes };
}

/**
 * A K×N matrix in a backend's memory, in the type it was stored in. The product, its transpose and the gather of columns read it as f32, so that
 * their numbers are those of the widened matrix.
 *
 * F32, F16 and BF16: panel p holds columns 8p … 8p+7, row by row: w[(p·K + k)·8 + lane] = W[k][8p + lane], the last panel padded with zeros. Q8_0: a panel
 * has for each 32 rows the eight scales in f32, then the numbers plus 128, row by row. Other formats keep their blocks: a row of them for each column of W, up to
 * a multiple of 8 columns.
 */
export interface PackedWeights {
  /** f32, u16 for the 16-bit formats, u8 for blocks. */
  readonly block: Block<'f32'> | Block<'u16'> | Block<'u8'>;
  /** How the elements are stored. */
  readonly format: WeightFormat;
  /** Where kernels widen a panel: {@link scratchLength} elements, which matrices may share; null for F32. */
  readonly scratch: Block<'f32'> | null;
}

/** Kind and length of the block that holds a K×N matrix; K is a multiple of the elements of a block. */
export function packedShape(
  format: WeightFormat,
  k: number,
  n: number,
): { readonly kind: 'f32' | 'u16' | 'u8'; readonly length: number } {
  const columns = Math.ceil(n / PANEL) * PANEL;
  const { elements, bytes } = blockOf(format);
  if (format === 'Q8_0') return { kind: 'u8', length: (columns / PANEL) * (k / Q8_BLOCK) * Q8_BYTES };
  if (elements > 1) return { kind: 'u8', length: columns * (k / elements) * bytes };
  return { kind: format === 'F32' ? 'f32' : 'u16', length: columns * k };
}

/** Elements of a packed K×N matrix of F32: whole panels, the last padded with zeros. */
export function packedLength(k: number, n: number): number {
  return packedShape('F32', k, n).length;
}

/** Elements that widening a panel of K rows needs: the panel, and a block of each column behind it. */
export function scratchLength(format: WeightFormat, k: number): number {
  return format === 'F32' ? 0 : PANEL * (k + blockOf(format).elements);
}

/** Packed weights of F32. */
export function packedF32(block: Block<'f32'>): PackedWeights {
  return { block, format: 'F32', scratch: null };
}
