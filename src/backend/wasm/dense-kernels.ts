import { OPERATION_CODE } from '../contract/dense.ts';
import type { Kernels } from '../kernels.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export type HandBoundProducts = Pick<
  Kernels,
  | 'gemm'
  | 'complexGemm'
  | 'gemv'
  | 'complexGemv'
  | 'rankUpdate'
  | 'complexRankUpdate'
  | 'solveTriangular'
  | 'complexSolveTriangular'
>;

export function denseKernels(core: CoreExports): HandBoundProducts {
  return {
    gemm({ shape: { opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work }) {
      const [transposeA, transposeB] = [Number(opA !== 'none'), Number(opB !== 'none')];
      const gemm = c.kind === 'f64' ? core.gemmF64 : core.gemmF32;
      gemm(transposeA, transposeB, m, n, k, alpha, at(a), lda, at(b), ldb, beta, at(c), ldc, at(work));
    },
    complexGemm({ shape: { opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work }) {
      const [codeA, codeB] = [OPERATION_CODE[opA], OPERATION_CODE[opB]];
      core.complexGemm(codeA, codeB, m, n, k, ...alpha, at(a), lda, at(b), ldb, ...beta, at(c), ldc, at(work));
    },
    gemv: ({ op, m, n, alpha, a, lda, x, beta, y }) =>
      core.gemv(Number(op !== 'none'), m, n, alpha, at(a), lda, at(x), beta, at(y)),
    complexGemv: ({ op, m, n, alpha, a, lda, x, beta, y }) =>
      core.complexGemv(OPERATION_CODE[op], m, n, ...alpha, at(a), lda, at(x), ...beta, at(y)),
    rankUpdate({ shape: { op, n, k, lda, ldc, part }, alpha, a, beta, c, work }) {
      const rankUpdate = c.kind === 'f64' ? core.rankUpdateF64 : core.rankUpdateF32;
      const [transpose, full] = [Number(op !== 'none'), Number(part === 'full')];
      rankUpdate(transpose, full, n, k, alpha, at(a), lda, beta, at(c), ldc, at(work));
    },
    complexRankUpdate({ shape: { op, n, k, lda, ldc, part }, alpha, a, beta, c, work }) {
      const [transpose, full] = [Number(op !== 'none'), Number(part === 'full')];
      core.complexRankUpdate(transpose, full, n, k, alpha, at(a), lda, beta, at(c), ldc, at(work));
    },
    solveTriangular({ shape: { side, triangle, op, unit, n, count, lda, ldb }, a, b, work }) {
      const [left, upper, transpose] = [Number(side === 'left'), Number(triangle === 'upper'), Number(op !== 'none')];
      core.solveTriangular(left, upper, transpose, Number(unit), n, count, at(a), lda, at(b), ldb, at(work));
    },
    complexSolveTriangular({ shape: { side, triangle, op, unit, n, count, lda, ldb }, a, b, work }) {
      const [left, upper, code] = [Number(side === 'left'), Number(triangle === 'upper'), OPERATION_CODE[op]];
      core.complexSolveTriangular(left, upper, code, Number(unit), n, count, at(a), lda, at(b), ldb, at(work));
    },
  };
}
