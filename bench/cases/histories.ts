/** All strings of attention blocks, and sampled ones. */

import { WALK_BUFFER } from '../../src/backend/contract/histories.ts';
import { loadTables, type SystemTables, systemTables } from '../../src/fock/block-tables.ts';
import type { DiagonalState } from '../../src/fock/diagonal-state.ts';
import { propagate } from '../../src/fock/evolution.ts';
import { reducedState } from '../../src/fock/quantum/reduced-states.ts';
import { blockSystem } from '../../tests/support/block-systems.ts';
import type { Case } from '../case.ts';
import { qutipChannel } from '../peers/qutip-channel.ts';
import { propagateInMap, propagateInTable } from '../rivals/joined-keys.ts';
import { numberInMap, numberInTable, reduceInMap } from '../rivals/numbered-strings.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

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
  stepCase(),
  numberCase(),
  placeCase(),
  sumCase(),
  reduceCase(17),
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
    [{ text: tokens, weight: 1 }],
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
          backend.kernels.enumerateBlocks(blocks, steps, 2 ** 20, walk);
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

/** All strings stored; host code, the same on every backend. QuTiP takes part where its matrices still fit. */
function propagateCase(L: number, withQutip: boolean): Case {
  const { N, text } = PAIR;
  const { blocks, laws, start } = blockSystem(N, PAIR.blocks, [{ text, weight: 1 }]);
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

const STRINGS = 1 << 16;

/** Whole numbers from 0 to below `end`. */
function randomPlaces(count: number, end: number, seed: number): Int32Array {
  return Int32Array.from(randomNumbers(count, seed), (x) => Math.floor(Math.abs(x) * 2 ** 20) % end);
}

/** 64 classes of strings, each followed by two tokens. */
function stepCase(): Case {
  return {
    group: 'histories',
    name: 'stepStrings 64 classes',
    precision: 'f64',
    work: { amount: 2 * STRINGS, unit: 'M elements/s' },
    prepare(backend) {
      const classes = put(backend, 'i32', randomPlaces(STRINGS, 64, 1));
      const weights = put(backend, 'f64', randomNumbers(STRINGS, 2));
      const laws = {
        firsts: put(
          backend,
          'i32',
          Int32Array.from({ length: 65 }, (_, c) => 2 * c),
        ),
        tokens: put(
          backend,
          'i32',
          Int32Array.from({ length: 128 }, (_, place) => place % 2),
        ),
        probabilities: put(backend, 'f64', randomNumbers(128, 3)),
      };
      const children = {
        parents: put(backend, 'i32', 2 * STRINGS),
        tokens: put(backend, 'i32', 2 * STRINGS),
        weights: put(backend, 'f64', 2 * STRINGS),
      };
      return {
        run: () => backend.kernels.stepStrings(classes, weights, 0, STRINGS, laws, children),
        outputs: () => [
          { name: 'parents', data: numbersOf(children.parents) },
          { name: 'tokens', data: numbersOf(children.tokens) },
          { name: 'weights', data: numbersOf(children.weights) },
        ],
      };
    },
  };
}

/** Each of 2¹⁶ strings met four times. */
function numberInputs() {
  return { parents: randomPlaces(4 * STRINGS, 1 << 12, 1), tokens: randomPlaces(4 * STRINGS, 16, 2) };
}

function numberCase(): Case {
  const { parents, tokens } = numberInputs();
  const numbered = (number: () => Int32Array) => {
    let numbers: Int32Array = new Int32Array();
    return {
      run: () => {
        numbers = number();
      },
      outputs: () => [{ name: 'numbers', data: numbers }],
    };
  };
  return {
    group: 'histories',
    name: 'numberStrings 2^16 of 2^18',
    precision: 'f64',
    work: { amount: 4 * STRINGS, unit: 'M elements/s' },
    prepare(backend) {
      const above = put(
        backend,
        'i32',
        Int32Array.from({ length: 1 << 12 }, (_, i) => i),
      );
      const [from, what] = [put(backend, 'i32', parents), put(backend, 'i32', tokens)];
      const numbers = put(backend, 'i32', parents.length);
      const strings = {
        nodes: put(backend, 'i32', 4 * STRINGS),
        slots: put(backend, 'i32', 4 * STRINGS),
        size: put(backend, 'i32', 1),
      };
      return {
        run: () => {
          strings.slots.view().fill(0);
          strings.size.view()[0] = 1;
          backend.kernels.numberStrings(above, from, what, parents.length, numbers, strings);
        },
        outputs: () => [{ name: 'numbers', data: numbersOf(numbers) }],
      };
    },
    rivals: [
      { name: 'Map', prepare: () => numbered(() => numberInMap(parents, tokens)) },
      { name: 'table', prepare: () => numbered(() => numberInTable(parents, tokens, 4 * STRINGS)) },
    ],
  };
}

function placeCase(): Case {
  return {
    group: 'histories',
    name: 'placeStrings 2^16',
    precision: 'f64',
    work: { amount: STRINGS, unit: 'M elements/s' },
    prepare(backend) {
      const strings = {
        nodes: put(
          backend,
          'i32',
          Int32Array.from({ length: 2 * STRINGS }, (_, i) => (i % 2 === 0 ? i >> 2 : (i >> 1) % 2)),
        ),
        slots: put(backend, 'i32', 2 * STRINGS),
        size: put(backend, 'i32', 1),
      };
      return {
        run: () => {
          strings.slots.view().fill(0);
          backend.kernels.placeStrings(strings, 1, STRINGS);
        },
        outputs: () => [{ name: 'slots', data: numbersOf(strings.slots) }],
      };
    },
  };
}

function sumCase(): Case {
  return {
    group: 'histories',
    name: 'sumByKey 2^10 keys',
    precision: 'f64',
    work: { amount: STRINGS, unit: 'M elements/s' },
    prepare(backend) {
      const keys = put(backend, 'i32', randomPlaces(STRINGS, 1 << 10, 1));
      const values = put(backend, 'f64', randomNumbers(STRINGS, 2));
      const sums = put(backend, 'f64', 2 << 10);
      return {
        run: () => {
          sums.view().fill(0);
          backend.kernels.sumByKey(keys, values, STRINGS, sums);
        },
        outputs: () => [{ name: 'sums', data: numbersOf(sums) }],
      };
    },
  };
}

/** The state of every second generated token of 2^L stored strings, in the order of its strings. */
function reduceCase(L: number): Case {
  const { laws, start } = blockSystem(PAIR.N, PAIR.blocks, [{ text: PAIR.text, weight: 1 }]);
  const state = propagate(laws, start, L).final;
  const positions = Array.from({ length: L >> 1 }, (_, i) => 2 * i + 2);
  const reduced = (reduce: () => Float64Array) => {
    let weights: Float64Array = new Float64Array();
    return {
      run: () => {
        weights = reduce();
      },
      outputs: () => [{ name: 'weights', data: weights }],
    };
  };
  return {
    group: 'histories',
    name: `reducedState N=${PAIR.N} L=${L}`,
    precision: 'f64',
    work: { amount: 2 ** L, unit: 'M elements/s' },
    prepare: (backend) => reduced(() => (reducedState(state, positions, { backend }) as DiagonalState).weight),
    rivals: [{ name: 'Map', prepare: () => reduced(() => reduceInMap(state, positions)) }],
  };
}
