import type { MatrixFunctionKernels } from '../contract/matrix-functions.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function matrixFunctionKernels(core: CoreExports): MatrixFunctionKernels {
  return {
    weightedSum: (count, length, coefficients, x, stride, y) =>
      core.weightedSum(count, length, at(coefficients), at(x), stride, at(y)),
    solveSylvester: (width, m, n, a, lda, b, ldb, c, ldc, floor) =>
      core.solveSylvester(width, m, n, at(a), lda, at(b), ldb, at(c), ldc, floor),
    triangularRoot: (width, n, t, ld, floor) => core.triangularRoot(width, n, at(t), ld, floor),
  };
}
