import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { solveSylvester } from './functions/sylvester.ts';

/** The Sylvester solver, whose twin works on places within arrays. */
export const matrixFunctionKernels: Pick<Kernels, 'solveSylvester'> = {
  solveSylvester({ width, m, n, a, lda, b, ldb, c, ldc, floor }) {
    const right = b === null ? null : { data: arrayOf(b), start: 0, ld: ldb };
    const left = { data: arrayOf(a), start: 0, ld: lda };
    return solveSylvester(width, m, n, left, right, { data: arrayOf(c), start: 0, ld: ldc }, floor);
  },
};
