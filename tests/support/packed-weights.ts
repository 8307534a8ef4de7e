/** Random matrices in every format, packed as they are stored and as the f32 numbers that this stands for. */

import type { Backend } from '../../src/backend/backend.ts';
import { blockOf, type PackedWeights, scratchLength, type WeightFormat } from '../../src/backend/contract/weights.ts';
import { ResidentMatrix } from '../../src/transformer/resident-matrix.ts';
import { DRAWN_TYPES, dequantised, drawnBlocks, quantised } from './gguf-quantise.ts';
import type { PutGuarded } from './guarded-blocks.ts';
import { testNumbers } from './numbers.ts';

/** A K×N matrix stored [out, in]. */
export interface StoredMatrix {
  readonly format: WeightFormat;
  readonly k: number;
  readonly n: number;
  readonly bytes: Uint8Array;
  readonly numbers: Float32Array;
}

/** Random numbers; among those of 16 bits are zeros of both signs and subnormal ones. */
export function randomMatrix(format: WeightFormat, k: number, n: number, seed = 1): StoredMatrix {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const values = Float32Array.from(testNumbers(k * n, seed), (x, i) =>
    i % 5 === 0 ? x * 1e-5 : i % 7 === 0 ? x * 0 : x,
  );
  const bytes = DRAWN_TYPES.includes(format) ? drawnBlocks(format, k * n, 1, random) : quantised(format, values);
  return { format, k, n, bytes, numbers: dequantised(format, bytes) };
}

/** The matrix in the format it is stored in, and its f32 numbers, both between canary bytes. */
export function putMatrix(
  backend: Backend,
  put: PutGuarded,
  { format, k, n, bytes, numbers }: StoredMatrix,
): { readonly packed: PackedWeights; readonly wide: PackedWeights } {
  const [packed, wide] = [new ResidentMatrix(k, n), new ResidentMatrix(k, n)];
  const memory = { allocate: put };
  packed.allocate(memory, format, put('f32', scratchLength(format, k)));
  wide.allocate(memory, 'F32', null);
  const f32 = put('f32', numbers);
  const { elements } = blockOf(format);
  const raw =
    format === 'F32' ? null : elements > 1 ? put('u8', bytes) : put('u16', new Uint16Array(bytes.slice().buffer));
  const staged = { format, wide: f32, raw };
  for (const matrix of [packed, wide]) {
    // In two pieces, as rows of a file come.
    const first = Math.ceil(n / 3);
    matrix.packColumns(backend, staged, 0, first, 0);
    matrix.packColumns(backend, staged, first, n - first, first);
  }
  return { packed, wide };
}
