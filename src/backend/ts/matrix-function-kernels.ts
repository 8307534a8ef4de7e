import type { MatrixFunctionKernels } from '../contract/matrix-functions.ts';
import { arrayOf } from './array-of.ts';
import { solveSylvester } from './functions/sylvester.ts';
import { triangularRoot } from './functions/triangular-root.ts';
import { weightedSum } from './functions/weighted-sum.ts';

export const matrixFunctionKernels: MatrixFunctionKernels = {
  weightedSum: (count, length, coefficients, x, stride, y) =>
    weightedSum(count, length, arrayOf(coefficients), arrayOf(x), stride, arrayOf(y)),
  solveSylvester(width, m, n, a, lda, b, ldb, c, ldc, floor) {
    const right = b === null ? null : { data: arrayOf(b), start: 0, ld: ldb };
    return solveSylvester(
      width,
      m,
      n,
      { data: arrayOf(a), start: 0, ld: lda },
      right,
      { data: arrayOf(c), start: 0, ld: ldc },
      floor,
    );
  },
  triangularRoot: (width, n, t, ld, floor) => triangularRoot(width, n, arrayOf(t), ld, floor),
};
