/** Weights of ggml's block types as f32. Layouts: src/backend/ts/nn/small-blocks.ts and super-blocks.ts. */
import { at } from '../layout';
import { iq4nl, q4, q4WithMinimum, q5, q5WithMinimum, q8 } from './small-blocks';
import { iq4xs, q2k, q3k, q4k, q5k, q6k } from './super-blocks';

export function dequantise(src: usize, dst: usize, blocks: i32, type: i32): void {
  const small: usize = 32 * 4;
  const large: usize = 256 * 4;
  for (let b: usize = 0; b < <usize>blocks; b++) {
    if (type == 2) q4(src + b * 18, dst + b * small);
    else if (type == 3) q4WithMinimum(src + b * 20, dst + b * small);
    else if (type == 6) q5(src + b * 22, dst + b * small);
    else if (type == 7) q5WithMinimum(src + b * 24, dst + b * small);
    else if (type == 8) q8(src + b * 34, dst + b * small);
    else if (type == 10) q2k(src + b * 84, dst + b * large);
    else if (type == 11) q3k(src + b * 110, dst + b * large);
    else if (type == 12) q4k(src + b * 144, dst + b * large);
    else if (type == 13) q5k(src + b * 176, dst + b * large);
    else if (type == 14) q6k(src + b * 210, dst + b * large);
    else if (type == 20) iq4nl(src + b * 18, dst + b * small);
    else iq4xs(src + b * 136, dst + b * large);
  }
}

/** Numbers in a block of a type. */
export function blockElements(type: i32): i32 {
  return type < 10 || type == 20 ? 32 : 256;
}

/** Bytes of a block of a type. */
export function blockBytes(type: i32): usize {
  return <usize>at<u8>(BYTES, type);
}

/** By the type's number in ggml; 0 for types that are not read. */
const BYTES = memory.data<u8>([0, 0, 18, 20, 0, 0, 22, 24, 34, 0, 84, 110, 144, 176, 210, 0, 0, 0, 0, 0, 18, 0, 0, 136]);
