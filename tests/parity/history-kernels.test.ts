import { describe, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { WALK_BUFFER } from '../../src/backend/contract/histories.ts';
import { loadTables, systemTables } from '../../src/fock/block-tables.ts';
import { blockSystem } from '../support/block-systems.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

describe('enumerateBlocks', () => {
  it.each([
    [1, 1, 6],
    [2, 2, 11],
    [3, 1, 7],
    [9, 2, 4],
  ])('has the same bits from both backends, in several calls: N = %i, %i blocks, L = %i', (N, B, L) => {
    const blocks = Array.from({ length: B }, (_, b) => ({
      scores: [...testNumbers(N * N, 3 + b)],
      map: Array.from({ length: N }, (_, k) => (b === 0 ? (k * 5 + 1) % N : k >> 1)),
    }));
    const system = blockSystem(N, blocks, [{ tokens: [0, N - 1, 0], weight: 1 }]);
    const tables = systemTables('test', system.blocks, system.start);
    expectSameBits((backend, put) => {
      const { blocks: loaded } = loadTables(backend, tables);
      const walk = {
        counts: put('f64', tables.counts),
        logCounts: put(
          'f64',
          Float64Array.from({ length: L + 4 }, (_, c) => (c === 0 ? 0 : Math.log(c))),
        ),
        state: put('i32', 3 + L),
        path: put('f64', 1 + L * N + WALK_BUFFER),
        marginals: put('f64', L * N),
        best: put('i32', L),
        sums: put('f64', 5),
      };
      walk.state.view().set([0, 1, tables.last[0]!]);
      walk.path.view()[0] = 1;
      while (!backend.kernels.enumerateBlocks({ ...loaded, L, budget: 100, ...walk }));
      return [walk.counts, walk.marginals, walk.best, walk.sums];
    });
  });
});

describe('sampleBlocks', () => {
  it.each([
    [1, 1, 3],
    [2, 2, 40],
    [5, 1, 9],
    [8, 3, 20],
    [17, 2, 50],
    [32, 1, 5],
  ])('has the same bits from both backends: N = %i, %i blocks, L = %i', (N, B, L) => {
    const blocks = Array.from({ length: B }, (_, b) => ({
      scores: [...testNumbers(N * N, 3 + b)].map((x) => 2 * x),
      map: Array.from({ length: N }, (_, k) => (b === 0 ? (k * 5 + 1) % N : k >> 1)),
    }));
    const texts = [
      { tokens: [0], weight: 0.125 },
      { tokens: Array.from({ length: 7 }, (_, i) => i % N), weight: 0.875 },
    ];
    const system = blockSystem(N, blocks, N === 1 ? [texts[0]!, texts[1]!] : texts);
    const tables = systemTables('test', system.blocks, system.start);
    const count = 23;
    expectSameBits((backend: Backend, put) => {
      const { blocks: loaded, start } = loadTables(backend, tables);
      const marginals = put('f64', L * N);
      const tokens = put('i32', count * L);
      const prepared = put('i32', count);
      const logProbability = put('f64', count);
      const groups = Math.ceil(N / 8);
      const work = put('f64', L + 1 + 9 * groups);
      const outputs = { marginals, tokens, prepared, logProbability };
      backend.kernels.sampleBlocks({ ...loaded, ...start, L, seed: 5n, first: 1n << 40n, count, ...outputs, work });
      backend.kernels.sampleBlocks({
        ...loaded,
        ...start,
        L,
        seed: 5n,
        first: 3n,
        count,
        ...outputs,
        tokens: null,
        work,
      });
      return [marginals, tokens, prepared, logProbability];
    });
  });
});

/** Whole numbers from 0 to below `end`, the same every time. */
function places(count: number, end: number, seed: number): Int32Array {
  return Int32Array.from(testNumbers(count, seed), (x) => Math.floor(Math.abs(x) * 7919) % end);
}

describe('numberStrings', () => {
  it.each([
    [1, 1],
    [40, 5],
    [300, 1 << 20],
  ])(
    'has the same bits from both backends, and ends where half of the slots are taken: %i strings, %i tokens',
    (count, V) => {
      expectSameBits(({ kernels }, put) => {
        const above = put('i32', Int32Array.of(0, 1, 1, 0));
        const parents = put('i32', places(count, 4, 3));
        const tokens = put('i32', places(count, V, 5));
        const [numbers, followed, done] = [put('i32', count), put('i32', count), put('i32', 2)];
        const slots = put('i32', 256);
        const strings = { nodes: put('i32', 256), slots, size: put('i32', [1]) };
        done.view()[0] = kernels.numberStrings({ above, parents, tokens, count, numbers, ...strings });
        done.view()[1] = kernels.numberStrings({ above, parents, tokens: null, count, numbers: followed, ...strings });
        const again = { ...strings, slots: put('i32', 512) };
        kernels.placeStrings({ ...again, first: 1, end: strings.size.view()[0]! });
        return [numbers, followed, done, strings.nodes, slots, strings.size, again.slots];
      });
    },
  );
});

describe('sumByKey', () => {
  it('has the same bits from both backends', () => {
    expectSameBits(({ kernels }, put) => {
      const values = put(
        'f64',
        testNumbers(500, 3).map((x, i) => x * 2 ** (i % 90)),
      );
      const sums = put('f64', 2 * 7);
      kernels.sumByKey({ keys: put('i32', places(500, 7, 9)), values, count: 500, sums });
      return [sums];
    });
  });
});
