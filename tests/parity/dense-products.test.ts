import { describe, it } from 'vitest';
import {
  type ComplexPair,
  complexGemmWork,
  gemmWork,
  type Operation,
  type ProductShape,
} from '../../src/backend/contract/dense.ts';
import type { Precision, RealBlock } from '../../src/backend/memory.ts';
import { expectSameBits, type PutGuarded } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

const OPERATIONS: readonly Operation[] = ['none', 'transpose', 'conjugate-transpose'];
/** Every remainder of the tile, both sides of a power of two, more than one slice over k, more than one block of rows, empty. */
const SIZES: readonly (readonly [number, number, number])[] = [
  ...Array.from({ length: 9 }, (_, i) => [i + 1, i + 1, i + 1] as const),
  [1, 9, 4],
  [3, 6, 1],
  [7, 1, 5],
  [4, 13, 7],
  [5, 7, 300],
  [63, 65, 64],
  [64, 63, 65],
  [127, 128, 129],
  [200, 7, 20],
  [2, 1600, 3],
  [1, 700, 1],
  [0, 3, 2],
  [3, 0, 2],
  [3, 2, 0],
];

const real = (put: PutGuarded, precision: Precision, data: ArrayLike<number> | number): RealBlock =>
  precision === 'f32' ? put('f32', data) : put('f64', data);

/** Leading dimensions a little larger than they must be. */
function shapeOf(opA: Operation, opB: Operation, m: number, n: number, k: number): ProductShape {
  return { opA, opB, m, n, k, lda: (opA === 'none' ? k : m) + 1, ldb: (opB === 'none' ? n : k) + 2, ldc: n + 1 };
}

const storedA = ({ opA, m, k, lda }: ProductShape) => (opA === 'none' ? m : k) * lda;
const storedB = ({ opB, n, k, ldb }: ProductShape) => (opB === 'none' ? k : n) * ldb;

describe.each(['f32', 'f64'] as const)('real products give the same bits from both backends, %s', (precision) => {
  it.each(SIZES)('gemm %i×%i×%i', (m, n, k) => {
    for (const opA of OPERATIONS.slice(0, 2)) {
      for (const opB of OPERATIONS.slice(0, 2)) {
        for (const [alpha, beta] of [
          [1, 0],
          [-0.7, 1],
          [1.3, 0.4],
        ] as const) {
          expectSameBits(({ kernels }, put) => {
            const shape = shapeOf(opA, opB, m, n, k);
            const a = real(put, precision, testNumbers(storedA(shape), 1));
            const b = real(put, precision, testNumbers(storedB(shape), 2));
            const c = real(put, precision, testNumbers(m * shape.ldc, 3));
            kernels.gemm({ shape, alpha, a, b, beta, c, work: real(put, precision, gemmWork(precision, m, n, k)) });
            return [c];
          });
        }
      }
    }
  });
});

describe('complex products give the same bits from both backends', () => {
  it.each([...SIZES, [3, 300, 2] as const])('complexGemm %i×%i×%i', (m, n, k) => {
    for (const opA of OPERATIONS) {
      for (const opB of OPERATIONS) {
        for (const [alpha, beta] of [
          [
            [1, 0],
            [0, 0],
          ],
          [
            [0.3, -0.7],
            [1.1, 0.2],
          ],
        ] as [ComplexPair, ComplexPair][]) {
          expectSameBits(({ kernels }, put) => {
            const shape = shapeOf(opA, opB, m, n, k);
            const a = put('f64', testNumbers(2 * storedA(shape), 1));
            const b = put('f64', testNumbers(2 * storedB(shape), 2));
            const c = put('f64', testNumbers(2 * m * shape.ldc, 3));
            kernels.complexGemm({ shape, alpha, a, b, beta, c, work: put('f64', complexGemmWork(m, n, k)) });
            return [c];
          });
        }
      }
    }
  });
});
