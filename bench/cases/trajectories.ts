/** Sampled trajectories of attention blocks. */

import { loadTables, systemTables } from '../../src/fock/block-tables.ts';
import { blockSystem } from '../../tests/support/block-systems.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const L = 50;
const COUNT = 2000;

export const trajectoryCases: readonly Case[] = [2, 32].map(sampleCase);

/** Two blocks over N tokens; the second merges pairs of tokens. */
function sampleCase(N: number): Case {
  return {
    group: 'trajectories',
    name: `sampleBlocks N=${N} L=${L}`,
    precision: 'f64',
    work: { amount: L * COUNT, unit: 'M outcomes/s' },
    prepare(backend) {
      const scores = (seed: number) => [...randomNumbers(N * N, seed)];
      const tokens = Array.from({ length: N }, (_, k) => k);
      const system = blockSystem(
        N,
        [
          { scores: scores(1), map: tokens.map((k) => (k * 5 + 1) % N) },
          { scores: scores(2), map: tokens.map((k) => k ^ 1) },
        ],
        [{ text: [0, 1, 0], weight: 1 }],
      );
      const { blocks, start } = loadTables(backend, systemTables('bench', system.blocks, system.start));
      const outputs = {
        marginals: put(backend, 'f64', L * N),
        tokens: null,
        prepared: put(backend, 'i32', COUNT),
        logProbability: put(backend, 'f64', COUNT),
      };
      const work = put(backend, 'f64', L + 1 + 9 * Math.ceil(N / 8));
      return {
        run: () => {
          outputs.marginals.view().fill(0);
          backend.kernels.sampleBlocks(blocks, start, L, 7n, 0n, COUNT, outputs, work);
        },
        outputs: () => [
          { name: 'marginals', data: numbersOf(outputs.marginals) },
          { name: 'ln P', data: numbersOf(outputs.logProbability) },
        ],
      };
    },
  };
}
