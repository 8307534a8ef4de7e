/**
 * Panels of resident weights as f32 (layout: contract/weights.ts): a bfloat16 number is the upper half of an f32, a binary16 number is exact in
 * f32, and so is scale·number of Q8_0, 11 bits times 8.
 *
 * @accuracy exact
 * @source IEEE 754-2019, 3.6; block layout of Q8_0: the GGUF specification.
 */
import { formatCode, PANEL, Q8_BLOCK, Q8_BYTES, Q8_SCALES } from '../../contract/weights.ts';
import { BLOCKS, dequantise } from './dequantise.ts';
import { convertBf16, convertF16 } from './pack.ts';

const [Q8_0, BF16] = [formatCode('Q8_0'), formatCode('BF16')];

/** What holds packed weights. */
export type Packed = Float32Array | Uint16Array | Uint8Array;

/** Panel `panel` in f32, K×8 row by row: a part of the weights, or `scratch`, which then holds it widened. */
export function panelOf(
  weights: Packed,
  format: number,
  panel: number,
  k: number,
  scratch: Float32Array | null,
): Float32Array {
  const length = k * PANEL;
  if (weights instanceof Float32Array) return weights.subarray(panel * length, (panel + 1) * length);
  const wide = scratch as Float32Array;
  if (format === Q8_0) {
    const bytes = (k / Q8_BLOCK) * Q8_BYTES;
    widenQ8(weights.subarray(panel * bytes, (panel + 1) * bytes) as Uint8Array, wide, k);
  } else if (weights instanceof Uint8Array) {
    widenBlocks(weights, format, panel, wide, k);
  } else {
    const stored = weights.subarray(panel * length, (panel + 1) * length);
    if (format === BF16) convertBf16(stored, wide, length);
    else convertF16(stored, wide, length);
  }
  return wide;
}

function widenQ8(stored: Uint8Array, wide: Float32Array, k: number): void {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  for (let block = 0, i = 0; i < k; block += Q8_BYTES) {
    const scales = Array.from({ length: PANEL }, (_, lane) => view.getFloat32(block + 4 * lane, true));
    for (let at = block + Q8_SCALES; at < block + Q8_BYTES; at += PANEL, i++) {
      for (let lane = 0; lane < PANEL; lane++) wide[i * PANEL + lane] = scales[lane]! * (stored[at + lane]! - 128);
    }
  }
}

/** Rows of blocks, one for each column. A block is widened behind the panel first. */
function widenBlocks(stored: Uint8Array, format: number, panel: number, wide: Float32Array, k: number): void {
  const [, bytes, elements] = BLOCKS.get(format)!;
  const numbers = wide.subarray(k * PANEL, k * PANEL + elements);
  for (let lane = 0, at = panel * PANEL * (k / elements) * bytes; lane < PANEL; lane++) {
    for (let i = 0; i < k; i += elements, at += bytes) {
      dequantise(stored.subarray(at, at + bytes), numbers, 1, format);
      for (let e = 0; e < elements; e++) wide[(i + e) * PANEL + lane] = numbers[e]!;
    }
  }
}
