import type { Block } from '../memory.ts';

/**
 * How the elements of a matrix are stored: f32, the 16-bit numbers of IEEE 754 (F16) and bfloat16, or 32 elements along k as one f16 scale and
 * 32 signed bytes (Q8_0), value = scale·byte.
 */
export type WeightFormat = 'F32' | 'F16' | 'BF16' | 'Q8_0';

/** Number a format goes by across the WASM boundary: its number in GGUF. */
export const FORMAT_CODE: Readonly<Record<WeightFormat, number>> = { F32: 0, F16: 1, Q8_0: 8, BF16: 30 };

/** Columns in a panel of packed weights. */
export const PANEL = 8;

/** Elements of a block of Q8_0. */
export const Q8_BLOCK = 32;
/** Bytes before the numbers of a panel's eight blocks of Q8_0: their scales. */
export const Q8_SCALES = 2 * PANEL;
/** Bytes of a panel's eight blocks of Q8_0. */
export const Q8_BYTES = Q8_SCALES + Q8_BLOCK * PANEL;

/**
 * A K×N matrix in a backend's memory, in the type it was stored in. The product, its transpose and the gather of columns read it as f32, so that
 * their numbers are those of the widened matrix.
 *
 * Panel p holds columns 8p … 8p+7, row by row: w[(p·K + k)·8 + lane] = W[k][8p + lane], the last panel padded. Of Q8_0, whose K is a multiple of 32, it
 * has for each 32 rows the eight scales, then the numbers plus 128, row by row.
 */
export interface PackedWeights {
  /** The panels: f32, u16 for the 16-bit formats, u8 for blocks. */
  readonly block: Block<'f32'> | Block<'u16'> | Block<'u8'>;
  /** How they are stored. */
  readonly format: WeightFormat;
  /** Where kernels widen a panel: {@link scratchLength} elements, which matrices may share; null for F32. */
  readonly scratch: Block<'f32'> | null;
}

/** Kind and length of the block that holds a packed K×N matrix. */
export function packedShape(
  format: WeightFormat,
  k: number,
  n: number,
): { readonly kind: 'f32' | 'u16' | 'u8'; readonly length: number } {
  const panels = Math.ceil(n / PANEL);
  if (format === 'Q8_0') return { kind: 'u8', length: panels * Math.floor(k / Q8_BLOCK) * Q8_BYTES };
  return { kind: format === 'F32' ? 'f32' : 'u16', length: panels * PANEL * k };
}

/** Elements of a packed K×N matrix of F32: whole panels, the last padded with zeros. */
export function packedLength(k: number, n: number): number {
  return packedShape('F32', k, n).length;
}

/** Elements that widening a panel of K rows needs. */
export function scratchLength(format: WeightFormat, k: number): number {
  return format === 'F32' ? 0 : PANEL * k;
}

/** Packed weights of F32. */
export function packedF32(block: Block<'f32'>): PackedWeights {
  return { block, format: 'F32', scratch: null };
}
