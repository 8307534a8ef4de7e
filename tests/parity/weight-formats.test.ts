/** Products with weights in every format: the bits of both backends, and those of the product with the same numbers in f32. */
import { describe, expect, it } from 'vitest';
import { blockOf, WEIGHT_FORMATS, type WeightFormat } from '../../src/backend/contract/weights.ts';
import type { Block, Precision } from '../../src/backend/memory.ts';
import { expectSameBits, type PutGuarded, putReal } from '../support/guarded-blocks.ts';
import { bitsOf, testNumbers } from '../support/numbers.ts';
import { putMatrix, randomMatrix } from '../support/packed-weights.ts';

/** Rows, blocks along k (elements where there are none) and columns, of which few fill a panel. */
const SHAPES = [
  [1, 1, 1],
  [1, 3, 8],
  [1, 2, 21],
  [2, 1, 9],
  [5, 3, 17],
  [33, 1, 12],
] as const;

describe.each(WEIGHT_FORMATS)('%s', (format: WeightFormat) => {
  it.each(SHAPES.flatMap((shape) => (['f32', 'f64'] as const).map((precision) => [...shape, precision] as const)))(
    '%i rows, %i blocks, %i columns in %s',
    (rows, blocks, n, precision) => {
      const { elements } = blockOf(format);
      const k = blocks * (elements === 1 ? 7 : elements);
      const matrix = randomMatrix(format, k, n, 3 * n + rows);
      expectSameBits((backend, put) => {
        const { packed, wide } = putMatrix(backend, put, matrix);
        const results: Block[] = [];
        for (const weights of [packed, wide]) results.push(...products(backend, put, precision, weights));
        const half = results.length / 2;
        for (let i = 0; i < half; i++)
          expect(bitsOf(results[i]!.view()), `result ${i}`).toEqual(bitsOf(results[i + half]!.view()));
        return results;
      });

      function products(
        { kernels }: Parameters<Parameters<typeof expectSameBits>[0]>[0],
        put: PutGuarded,
        precision: Precision,
        weights: ReturnType<typeof putMatrix>['packed'],
      ): Block[] {
        const x = putReal(put, precision, testNumbers(rows * k, 3));
        const [y, bare, adjoint] = [rows * n, rows * n, rows * k].map((length) => putReal(put, precision, length));
        kernels.linear({ x, weights, bias: put('f32', testNumbers(n, 4)), y: y!, rows, k, n });
        kernels.linear({ x, weights, bias: null, y: bare!, rows, k, n });
        const z = putReal(put, precision, testNumbers(rows * n, 5));
        kernels.linearTransposed({ x: z, weights, y: adjoint!, rows, k, n });
        const ids = put('i32', [0, n - 1, Math.floor(n / 2), n - 1]);
        const gathered = putReal(put, precision, 4 * k);
        kernels.embed({ ids, table: weights, positions: null, x: gathered, first: 0, T: 4, D: k });
        return [y!, bare!, adjoint!, gathered];
      }
    },
  );

  it('gathers the stored numbers', () => {
    const { elements } = blockOf(format);
    const [k, n] = [2 * elements, 11];
    const matrix = randomMatrix(format, k, n, 8);
    expectSameBits((backend, put) => {
      const { packed } = putMatrix(backend, put, matrix);
      const x = put('f32', n * k);
      const ids = put(
        'i32',
        Array.from({ length: n }, (_, i) => i),
      );
      backend.kernels.embed({ ids, table: packed, positions: null, x, first: 0, T: n, D: k });
      expect(x.view()).toEqual(matrix.numbers);
      return [x];
    });
  });
});
