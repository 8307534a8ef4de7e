import type { ElementaryKernels } from '../contract/elementary.ts';
import type { Block } from '../memory.ts';
import { arrayOf } from './array-of.ts';
import { mapErf } from './math/erf.ts';
import { mapExp } from './math/exp.ts';
import { mapExpF32 } from './math/exp-f32.ts';
import { mapLog } from './math/log.ts';
import { mapTanh } from './math/tanh.ts';
import { mapCos, mapSin } from './math/trig.ts';

export const elementaryKernels: ElementaryKernels = {
  mapExp(src, dst, n) {
    if (src.kind === 'f32') mapExpF32(arrayOf(src), arrayOf(dst as Block<'f32'>), n);
    else mapExp(arrayOf(src), arrayOf(dst as Block<'f64'>), n);
  },
  mapLog: (src, dst, n) => mapLog(arrayOf(src), arrayOf(dst), n),
  mapSin: (src, dst, n) => mapSin(arrayOf(src), arrayOf(dst), n),
  mapCos: (src, dst, n) => mapCos(arrayOf(src), arrayOf(dst), n),
  mapErf: (src, dst, n) => mapErf(arrayOf(src), arrayOf(dst), n),
  mapTanh: (src, dst, n) => mapTanh(arrayOf(src), arrayOf(dst), n),
};
