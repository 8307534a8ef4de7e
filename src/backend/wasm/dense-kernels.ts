import { type DenseKernels, OPERATION_CODE } from '../contract/dense.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function denseKernels(core: CoreExports): DenseKernels {
  return {
    gemm({ opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work) {
      const [transposeA, transposeB] = [Number(opA !== 'none'), Number(opB !== 'none')];
      const gemm = c.kind === 'f64' ? core.gemmF64 : core.gemmF32;
      gemm(transposeA, transposeB, m, n, k, alpha, at(a), lda, at(b), ldb, beta, at(c), ldc, at(work));
    },
    complexGemm({ opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work) {
      const [codeA, codeB] = [OPERATION_CODE[opA], OPERATION_CODE[opB]];
      core.complexGemm(codeA, codeB, m, n, k, ...alpha, at(a), lda, at(b), ldb, ...beta, at(c), ldc, at(work));
    },
  };
}
