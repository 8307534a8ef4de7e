import { describe, it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

/** 0 … n−1 in the order of some numbers. */
function orderOf(n: number, seed: number): number[] {
  const keys = testNumbers(n, seed);
  return Array.from({ length: n }, (_, i) => i).sort((i, j) => keys[i]! - keys[j]!);
}

describe('permutedProduct gives the same bits from both backends', () => {
  it.each([1, 2, 3, 4, 7, 32, 129])('n = %i', (n) => {
    expectSameBits(({ kernels }, put) => {
      const [a, b] = [put('f64', testNumbers(n * n, 1)), put('f64', testNumbers(n * n, 2))];
      const result = put('f64', [7, 7, 7]);
      const order = put(
        'i32',
        [3, 4, 5].flatMap((seed) => [...orderOf(n, seed)]),
      );
      kernels.permutedProduct({ a, b, order, n, count: 3, result });
      return [result];
    });
  });
});

eachBackend('permutedProduct', ({ memory, kernels }) => {
  it('sums the lower triangle of the reordered matrix', () => {
    memory.scope(() => {
      const [a, b] = [memory.allocate('f64', 9), memory.allocate('f64', 9)];
      a.view().set([0, 1, 10, 1, 0, 100, 10, 100, 0]);
      b.view().set([0, 2, 3, 2, 0, 5, 3, 5, 0]);
      const [order, result] = [memory.allocate('i32', 3), memory.allocate('f64', 1)];
      order.view().set([2, 0, 1]);
      kernels.permutedProduct({ a, b, order, n: 3, count: 1, result });
      // a₁₀b₀₂ + a₂₀b₁₂ + a₂₁b₁₀
      expectClose(result.view()[0]!, 1 * 3 + 10 * 5 + 100 * 2, 0);
    });
  });
});
