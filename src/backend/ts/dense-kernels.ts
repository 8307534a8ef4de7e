import { type DenseKernels, OPERATION_CODE } from '../contract/dense.ts';
import type { Block } from '../memory.ts';
import { arrayOf } from './array-of.ts';
import { complexProduct } from './dense/complex-gemm.ts';
import { product, productF32 } from './dense/gemm.ts';

export const denseKernels: DenseKernels = {
  gemm({ opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c) {
    const [rowA, columnA] = opA === 'none' ? [lda, 1] : [1, lda];
    const [rowB, columnB] = opB === 'none' ? [ldb, 1] : [1, ldb];
    if (c.kind === 'f64') {
      const [x, y] = [arrayOf(a as Block<'f64'>), arrayOf(b as Block<'f64'>)];
      product(m, n, k, alpha, x, rowA, columnA, y, rowB, columnB, beta, arrayOf(c), ldc, false);
    } else {
      const [x, y] = [arrayOf(a as Block<'f32'>), arrayOf(b as Block<'f32'>)];
      productF32(m, n, k, alpha, x, rowA, columnA, y, rowB, columnB, beta, arrayOf(c), ldc, false);
    }
  },
  complexGemm({ opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work) {
    const [codeA, codeB] = [OPERATION_CODE[opA], OPERATION_CODE[opB]];
    const [x, y, z] = [arrayOf(a), arrayOf(b), arrayOf(c)];
    complexProduct(codeA, codeB, m, n, k, alpha, x, lda, y, ldb, beta, z, ldc, false, arrayOf(work));
  },
};
