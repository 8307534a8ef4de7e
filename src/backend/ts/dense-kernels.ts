import { OPERATION_CODE, type TriangularShape } from '../contract/dense.ts';
import type { Block } from '../memory.ts';
import type { HandBoundProducts } from '../wasm/dense-kernels.ts';
import { arrayOf } from './array-of.ts';
import { complexProduct } from './dense/complex-gemm.ts';
import { complexGemv } from './dense/complex-gemv.ts';
import { complexSolveTriangular } from './dense/complex-triangular.ts';
import { product, productF32 } from './dense/gemm.ts';
import { gemv } from './dense/gemv.ts';
import { complexRankUpdate, mirror } from './dense/rank-update.ts';
import { solveTriangular, type Walk, walkOf } from './dense/triangular.ts';

function walk({ side, triangle, op, n, lda, ldb }: TriangularShape): Walk {
  return walkOf(side === 'left', triangle === 'upper', op !== 'none', n, lda, ldb);
}

export const denseKernels: HandBoundProducts = {
  gemm({ shape: { opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c }) {
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
  complexGemm({ shape: { opA, opB, m, n, k, lda, ldb, ldc }, alpha, a, b, beta, c, work }) {
    const [codeA, codeB] = [OPERATION_CODE[opA], OPERATION_CODE[opB]];
    const [x, y, z] = [arrayOf(a), arrayOf(b), arrayOf(c)];
    complexProduct(codeA, codeB, m, n, k, alpha, x, lda, y, ldb, beta, z, ldc, false, arrayOf(work));
  },
  gemv: ({ op, m, n, alpha, a, lda, x, beta, y }) =>
    gemv(op !== 'none', m, n, alpha, arrayOf(a), lda, arrayOf(x), beta, arrayOf(y)),
  complexGemv: ({ op, m, n, alpha, a, lda, x, beta, y }) =>
    complexGemv(OPERATION_CODE[op], m, n, alpha, arrayOf(a), lda, arrayOf(x), beta, arrayOf(y)),
  rankUpdate({ shape: { op, n, k, lda, ldc, part }, alpha, a, beta, c }) {
    const [row, column] = op === 'none' ? [lda, 1] : [1, lda];
    if (c.kind === 'f64') {
      const x = arrayOf(a as Block<'f64'>);
      product(n, n, k, alpha, x, row, column, x, column, row, beta, arrayOf(c), ldc, true);
    } else {
      const x = arrayOf(a as Block<'f32'>);
      productF32(n, n, k, alpha, x, row, column, x, column, row, beta, arrayOf(c), ldc, true);
    }
    if (part === 'full') mirror(n, arrayOf(c), ldc);
  },
  complexRankUpdate({ shape: { op, n, k, lda, ldc, part }, alpha, a, beta, c, work }) {
    const [x, z] = [arrayOf(a), arrayOf(c)];
    complexRankUpdate(op !== 'none', part === 'full', n, k, alpha, x, lda, beta, z, ldc, arrayOf(work));
  },
  solveTriangular: ({ shape, a, b }) =>
    solveTriangular(walk(shape), shape.unit, shape.n, shape.count, arrayOf(a), arrayOf(b)),
  complexSolveTriangular({ shape, a, b }) {
    const sign = shape.op === 'conjugate-transpose' ? -1 : 1;
    complexSolveTriangular(walk(shape), sign, shape.unit, shape.n, shape.count, arrayOf(a), arrayOf(b));
  },
};
