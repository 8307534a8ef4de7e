import type { ElementaryKernels } from '../contract/elementary.ts';
import { arrayOf } from './array-of.ts';
import { mapErf } from './math/erf.ts';
import { mapExp } from './math/exp.ts';
import { mapLog } from './math/log.ts';
import { mapTanh } from './math/tanh.ts';
import { mapCos, mapSin } from './math/trig.ts';

export const elementaryKernels: ElementaryKernels = {
  mapExp: (src, dst, n) => mapExp(arrayOf(src), arrayOf(dst), n),
  mapLog: (src, dst, n) => mapLog(arrayOf(src), arrayOf(dst), n),
  mapSin: (src, dst, n) => mapSin(arrayOf(src), arrayOf(dst), n),
  mapCos: (src, dst, n) => mapCos(arrayOf(src), arrayOf(dst), n),
  mapErf: (src, dst, n) => mapErf(arrayOf(src), arrayOf(dst), n),
  mapTanh: (src, dst, n) => mapTanh(arrayOf(src), arrayOf(dst), n),
};
