import type { Block } from '../memory.ts';

/** Weights in the stored types of ggml, which hold numbers in blocks with a scale each. */
export interface StoredKernels {
  /**
   * dst = the numbers of `blocks` blocks, in f32 arithmetic, block by block: 32 of each for the types Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 and IQ4_NL, 256 for Q2_K to Q6_K and
   * IQ4_XS. `type` is the type's number in ggml: 2, 3, 6, 7, 8, 20; 10 to 14, 23.
   */
  dequantise(call: {
    readonly src: Block<'u8'>;
    readonly dst: Block<'f32'>;
    readonly blocks: number;
    readonly type: number;
  }): void;
}
