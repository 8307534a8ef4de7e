import { iq4nl, q4, q4WithMinimum, q5, q5WithMinimum, q8 } from './small-blocks.ts';
import { iq4xs, q2k, q3k, q4k, q5k, q6k } from './super-blocks.ts';

/** Writes the numbers of the block that begins at byte `at` of `src` to `dst` from `to` on. */
type Decode = (src: Uint8Array, at: number, dst: Float32Array, to: number) => void;

/** By the type's number in ggml: its decoder, the bytes of a block and the numbers in it. */
export const BLOCKS: ReadonlyMap<number, readonly [decode: Decode, bytes: number, elements: number]> = new Map([
  [2, [q4, 18, 32]],
  [3, [q4WithMinimum, 20, 32]],
  [6, [q5, 22, 32]],
  [7, [q5WithMinimum, 24, 32]],
  [8, [q8, 34, 32]],
  [10, [q2k, 84, 256]],
  [11, [q3k, 110, 256]],
  [12, [q4k, 144, 256]],
  [13, [q5k, 176, 256]],
  [14, [q6k, 210, 256]],
  [20, [iq4nl, 18, 32]],
  [23, [iq4xs, 136, 256]],
]);

/**
 * The numbers of `blocks` blocks of a stored type.
 *
 * @accuracy the f32 of the format's definition, every product and difference rounded to f32; only the types with a minimum round at all.
 * @source https://github.com/ggml-org/ggml, ggml-common.h (the layouts of the blocks)
 */
export function dequantise(src: Uint8Array, dst: Float32Array, blocks: number, type: number): void {
  const [decode, bytes, elements] = BLOCKS.get(type)!;
  for (let b = 0; b < blocks; b++) decode(src, b * bytes, dst, b * elements);
}
