import type { SumKernels } from '../contract/sums.ts';
import { arrayOf } from './array-of.ts';
import { compensatedDot, compensatedSum } from './sums/compensated.ts';

export const sumKernels: SumKernels = {
  compensatedSum: (x, n, result) => compensatedSum(arrayOf(x), n, arrayOf(result)),
  compensatedDot: (x, y, n, result) => compensatedDot(arrayOf(x), arrayOf(y), n, arrayOf(result)),
};
