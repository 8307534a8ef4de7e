import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MaxHeap } from '../../src/core/max-heap.ts';

it('a heap gives the largest first, whatever comes between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: -20, max: 20 }))), (operations) => {
      const heap = new MaxHeap<number>((value) => value);
      const sorted: number[] = [];
      for (const value of operations) {
        if (value === null) expect(heap.pop()).toBe(sorted.pop());
        else {
          heap.push(value);
          sorted.push(value);
          sorted.sort((a, b) => a - b);
        }
        expect(heap.size).toBe(sorted.length);
      }
    }),
    { seed: 20261129 },
  );
});
