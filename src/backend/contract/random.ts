import type { Block } from '../memory.ts';

/** Philox 4x32-10. Algorithm, key and counter layout, and source: src/core/philox.ts. */
export interface RandomKernels {
  /** dst[i] = number first+i of the stream's uniform numbers in [0, 1), 53 random bits each. */
  philoxUniform(dst: Block<'f64'>, seed: bigint, stream: bigint, first: number, n: number): void;
}
