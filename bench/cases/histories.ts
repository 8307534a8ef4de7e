/** All strings of attention blocks, and sampled ones. */

import { WALK_BUFFER } from '../../src/backend/contract/histories.ts';
import { loadTables, type SystemTables, systemTables } from '../../src/fock/block-tables.ts';
import { propagate } from '../../src/fock/evolution.ts';
import { blockSystem } from '../../tests/support/block-systems.ts';
import type { Case } from '../case.ts';
import { qutipChannel } from '../peers/qutip-channel.ts';
import { propagateInMap, propagateInTable } from '../rivals/joined-keys.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';
import { stringCases } from './strings.ts';

const L = 50;
const COUNT = 2000;

/** Two blocks over two tokens that act in turn on one text. */
const PAIR = {
  N: 2,
  text: [0, 1],
  blocks: [
    { scores: [0, 1, -1, 0.5], map: [0, 1] },
    { scores: [1, 0, 0, 1], map: [1, 0] },
  ],
};

export const historyCases: readonly Case[] = [
  ...[2, 32].map(sampleCase),
  ...[2, 4].map(enumerateCase),
  propagateCase(9, true),
  propagateCase(17, false),
  ...stringCases,
];

/** Two blocks over N tokens; the second swaps pairs of tokens. */
function benchTables(N: number): SystemTables {
  const scores = (seed: number) => [...randomNumbers(N * N, seed)];
  const tokens = Array.from({ length: N }, (_, k) => k);
  const system = blockSystem(
    N,
    [
      { scores: scores(1), map: tokens.map((k) => (k * 5 + 1) % N) },
      { scores: scores(2), map: tokens.map((k) => k ^ 1) },
    ],
    [{ tokens: tokens, weight: 1 }],
  );
  return systemTables('bench', system.blocks, system.start);
}

/** A walk over all strings of 18 bits' worth of outcomes. */
function enumerateCase(N: number): Case {
  const steps = 18 / Math.log2(N);
  return {
    group: 'histories',
    name: `enumerateBlocks N=${N} L=${steps}`,
    precision: 'f64',
    work: { amount: 2 ** 18, unit: 'M outcomes/s' },
    prepare(backend) {
      const tables = benchTables(N);
      const { blocks } = loadTables(backend, tables);
      const walk = {
        counts: put(backend, 'f64', tables.counts),
        logCounts: put(
          backend,
          'f64',
          Float64Array.from({ length: steps + N + 1 }, (_, c) => (c === 0 ? 0 : Math.log(c))),
        ),
        state: put(backend, 'i32', 3 + steps),
        path: put(backend, 'f64', 1 + steps * N + WALK_BUFFER),
        marginals: put(backend, 'f64', steps * N),
        best: put(backend, 'i32', steps),
        sums: put(backend, 'f64', 5),
      };
      return {
        run: () => {
          walk.sums.view().fill(0);
          walk.marginals.view().fill(0);
          walk.state.view().set([0, 1, tables.last[0]!]);
          walk.path.view()[0] = 1;
          backend.kernels.enumerateBlocks({ ...blocks, L: steps, budget: 2 ** 20, ...walk });
        },
        outputs: () => [
          { name: 'sums', data: numbersOf(walk.sums) },
          { name: 'marginals', data: numbersOf(walk.marginals) },
        ],
      };
    },
  };
}

function sampleCase(N: number): Case {
  return {
    group: 'histories',
    name: `sampleBlocks N=${N} L=${L}`,
    precision: 'f64',
    work: { amount: L * COUNT, unit: 'M outcomes/s' },
    threaded: true,
    prepare(backend) {
      const { blocks, start } = loadTables(backend, benchTables(N));
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
          backend.kernels.sampleBlocks({ ...blocks, ...start, L, seed: 7n, first: 0n, count: COUNT, ...outputs, work });
        },
        outputs: () => [
          { name: 'marginals', data: numbersOf(outputs.marginals) },
          { name: 'ln P', data: numbersOf(outputs.logProbability) },
        ],
      };
    },
  };
}

/** All strings stored; host code, the same on every backend. QuTiP takes part where its matrices still fit. */
function propagateCase(L: number, withQutip: boolean): Case {
  const { N, text } = PAIR;
  const { blocks, laws, start } = blockSystem(N, PAIR.blocks, [{ tokens: text, weight: 1 }]);
  const prepared = (propagated: () => Float64Array) => {
    let weights: Float64Array = new Float64Array();
    return {
      run: () => {
        weights = propagated();
      },
      outputs: () => [{ name: 'weights', data: weights }],
    };
  };
  return {
    group: 'histories',
    name: `propagate N=${N} L=${L}`,
    precision: 'f64',
    work: { amount: 2 ** (L + 1) - 2, unit: 'M elements/s' },
    timed: ['wasm'],
    prepare: () => prepared(() => propagate(laws, start, L).final.weight),
    rivals: [
      { name: 'Map', prepare: () => prepared(() => propagateInMap(blocks, text, L)) },
      { name: 'table', prepare: () => prepared(() => propagateInTable(blocks, text, L)) },
    ],
    peers: withQutip ? qutipChannel({ ...PAIR, L }) : [],
  };
}
