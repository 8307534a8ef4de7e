import { mapExp } from '../../math/exp.ts';
import { mapExpF32 } from '../../math/exp-f32.ts';
import type { Kernels } from '../kernels.ts';
import type { Block } from '../memory.ts';
import { arrayOf } from './array-of.ts';

/** The exponential, which computes in the arithmetic of its blocks. */
export const elementaryKernels: Pick<Kernels, 'mapExp'> = {
  mapExp({ src, dst, n }) {
    if (src.kind === 'f32') mapExpF32(arrayOf(src), arrayOf(dst as Block<'f32'>), n);
    else mapExp(arrayOf(src), arrayOf(dst as Block<'f64'>), n);
  },
};
