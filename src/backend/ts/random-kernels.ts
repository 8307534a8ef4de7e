import type { RandomKernels } from '../contract/random.ts';
import { arrayOf } from './array-of.ts';
import { philoxUniform } from './rng/philox.ts';

export const randomKernels: RandomKernels = {
  philoxUniform: (dst, seed, stream, first, n) => philoxUniform(arrayOf(dst), seed, stream, first, n),
};
