import type { Block } from '../memory.ts';

/** Philox 4x32-10. Algorithm, key and counter layout, and source: src/core/philox.ts. */
export interface RandomKernels {
  /** dst[i] = number first+i of the stream's uniform numbers in [0, 1), 53 random bits each. */
  philoxUniform(call: {
    readonly dst: Block<'f64'>;
    readonly seed: bigint;
    readonly stream: bigint;
    readonly first: number;
    readonly n: number;
  }): void;
}
