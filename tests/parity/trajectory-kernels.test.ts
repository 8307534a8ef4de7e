import { describe, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { loadTables, systemTables } from '../../src/fock/block-tables.ts';
import { blockSystem } from '../support/block-systems.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

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
      { text: [0], weight: 0.125 },
      { text: Array.from({ length: 7 }, (_, i) => i % N), weight: 0.875 },
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
      backend.kernels.sampleBlocks(loaded, start, L, 5n, 1n << 40n, count, outputs, work);
      backend.kernels.sampleBlocks(loaded, start, L, 5n, 3n, count, { ...outputs, tokens: null }, work);
      return [marginals, tokens, prepared, logProbability];
    });
  });
});
