import type { HermitianKernels } from '../contract/hermitian.ts';
import { arrayOf } from './array-of.ts';
import { eigh } from './hermitian/eigh.ts';

export const hermitianKernels: HermitianKernels = {
  eigh: (a, n, width, values, vectors, work, info) =>
    eigh(
      arrayOf(a),
      n,
      width,
      arrayOf(values),
      vectors === null ? null : arrayOf(vectors),
      arrayOf(work),
      arrayOf(info),
    ),
};
