import { describe, it } from 'vitest';
import {
  complexGemmWork,
  complexTriangularWork,
  gemmWork,
  type Operation,
  triangularWork,
} from '../../src/backend/contract/dense.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

const OPERATIONS: readonly Operation[] = ['none', 'transpose', 'conjugate-transpose'];
const ORDERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 63, 64, 65, 127, 128, 129];

describe('matrix–vector products give the same bits from both backends', () => {
  it.each(ORDERS)('gemv and complexGemv, %i rows', (m) => {
    for (const n of [0, 1, 2, 7, 12, 33]) {
      for (const op of OPERATIONS) {
        expectSameBits(({ kernels }, put) => {
          const [length, count] = op === 'none' ? [n, m] : [m, n];
          const [x, y, z] = [testNumbers(2 * length, 1), put('f64', testNumbers(count, 2)), put('f64', count)];
          const real = put('f64', testNumbers(m * (n + 1), 3));
          kernels.gemv({
            op,
            m,
            n,
            alpha: 0.7,
            a: real,
            lda: n + 1,
            x: put('f64', x.subarray(0, length)),
            beta: -1.1,
            y,
          });
          kernels.gemv({
            op,
            m,
            n,
            alpha: 1,
            a: real,
            lda: n + 1,
            x: put('f64', x.subarray(0, length)),
            beta: 0,
            y: z,
          });
          const [u, v] = [put('f64', testNumbers(2 * count, 4)), put('f64', 2 * count)];
          const complex = put('f64', testNumbers(2 * m * (n + 1), 5));
          kernels.complexGemv({
            op,
            m,
            n,
            alpha: [0.3, 2],
            a: complex,
            lda: n + 1,
            x: put('f64', x),
            beta: [-0.4, 0.1],
            y: u,
          });
          kernels.complexGemv({
            op,
            m,
            n,
            alpha: [1, 0],
            a: complex,
            lda: n + 1,
            x: put('f64', x),
            beta: [0, 0],
            y: v,
          });
          return [y, z, u, v];
        });
      }
    }
  });
});

describe('rank-k updates give the same bits from both backends', () => {
  it.each(ORDERS)('rankUpdate and complexRankUpdate, order %i', (n) => {
    for (const k of [0, 1, 5, 70]) {
      for (const op of ['none', 'conjugate-transpose'] as const) {
        for (const part of ['lower', 'full'] as const) {
          expectSameBits(({ kernels }, put) => {
            const [rows, columns] = op === 'none' ? [n, k] : [k, n];
            const shape = { op, n, k, lda: columns + 1, ldc: n + 2, part };
            const numbers = testNumbers(2 * rows * shape.lda, 6);
            const start = testNumbers(2 * n * shape.ldc, 7);
            const f64 = put('f64', start.subarray(0, n * shape.ldc));
            const f32 = put('f32', start.subarray(0, n * shape.ldc));
            const complex = put('f64', start);
            const half = numbers.subarray(0, rows * shape.lda);
            kernels.rankUpdate({
              shape,
              alpha: 0.7,
              a: put('f64', half),
              beta: 1.2,
              c: f64,
              work: put('f64', gemmWork('f64', n, n, k)),
            });
            kernels.rankUpdate({
              shape,
              alpha: 0.7,
              a: put('f32', half),
              beta: 1.2,
              c: f32,
              work: put('f32', gemmWork('f32', n, n, k)),
            });
            kernels.complexRankUpdate({
              shape,
              alpha: 0.7,
              a: put('f64', numbers),
              beta: 1.2,
              c: complex,
              work: put('f64', complexGemmWork(n, n, k)),
            });
            return [f64, f32, complex];
          });
        }
      }
    }
  });
});

describe('triangular solves give the same bits from both backends', () => {
  it.each(ORDERS)('solveTriangular and complexSolveTriangular, order %i', (n) => {
    for (const count of n > 9 ? [7, 50] : [0, 1, 3, 6, 7, 50]) {
      for (const side of ['left', 'right'] as const) {
        for (const triangle of ['lower', 'upper'] as const) {
          for (const op of OPERATIONS) {
            for (const unit of [false, true]) {
              expectSameBits(({ kernels }, put) => {
                const ldb = (side === 'left' ? count : n) + 1;
                const shape = { side, triangle, op, unit, n, count, lda: n + 2, ldb };
                const length = (side === 'left' ? n : count) * ldb;
                const a = testNumbers(2 * n * shape.lda, 8).map((value) => value / 4);
                const complex = a.slice();
                for (let i = 0; i < n; i++) a[i * (shape.lda + 1)]! += 2;
                for (let i = 0; i < n; i++) complex[2 * i * (shape.lda + 1) + (i % 2)]! += 2;
                const [b, c] = [put('f64', testNumbers(length, 9)), put('f64', testNumbers(2 * length, 10))];
                kernels.solveTriangular({
                  shape,
                  a: put('f64', a.subarray(0, n * shape.lda)),
                  b,
                  work: put('f64', triangularWork(n)),
                });
                kernels.complexSolveTriangular({
                  shape,
                  a: put('f64', complex),
                  b: c,
                  work: put('f64', complexTriangularWork(n)),
                });
                return [b, c];
              });
            }
          }
        }
      }
    }
  });
});

it.each([
  [0, 3, 3, 3],
  [3, 1, 1, 1],
  [4, 2, 3, 5],
  [5, 4, 4, 4],
  [3, 5, 7, 2],
  [2, 9, 8, 16],
  [2, 16, 16, 16],
  [2, 3, 4, 0],
])('batches of %i products %i×%i×%i give the same bits from both backends', (count, m, n, k) => {
  expectSameBits(({ kernels }, put) => {
    const c = put('f64', count * m * n);
    const [a, b] = [put('f64', testNumbers(count * m * k, 11)), put('f64', testNumbers(count * k * n, 12))];
    kernels.batchMultiply({ count, m, n, k, a, b, c });
    const d = put('f64', 2 * count * m * n);
    const [x, y] = [put('f64', testNumbers(2 * count * m * k, 13)), put('f64', testNumbers(2 * count * k * n, 14))];
    kernels.complexBatchMultiply({ count, m, n, k, a: x, b: y, c: d });
    return [c, d];
  });
});
