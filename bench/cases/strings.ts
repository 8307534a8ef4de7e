/** Stored strings: numbered, merged. */
import type { DiagonalState } from '../../src/fock/diagonal-state.ts';
import { propagate } from '../../src/fock/evolution.ts';
import { reducedState } from '../../src/fock/quantum/reduced-states.ts';
import { blockSystem } from '../../tests/support/block-systems.ts';
import type { Case } from '../case.ts';
import { numberInMap, numberInTable, reduceInMap } from '../rivals/numbered-strings.ts';
import { numbersOf, put, randomNumbers } from './blocks.ts';

const STRINGS = 1 << 16;

export const stringCases: readonly Case[] = [numberCase(), placeCase(), sumCase(), reduceCase(17)];

/** Whole numbers from 0 to below `end`. */
function randomPlaces(count: number, end: number, seed: number): Int32Array {
  return Int32Array.from(randomNumbers(count, seed), (x) => Math.floor(Math.abs(x) * 2 ** 20) % end);
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
          backend.kernels.numberStrings({
            above,
            parents: from,
            tokens: what,
            count: parents.length,
            numbers,
            ...strings,
          });
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
          backend.kernels.placeStrings({ ...strings, first: 1, end: STRINGS });
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
          backend.kernels.sumByKey({ keys, values, count: STRINGS, sums });
        },
        outputs: () => [{ name: 'sums', data: numbersOf(sums) }],
      };
    },
  };
}

/** The state of every second generated token of 2^L stored strings, in the order of its strings. */
function reduceCase(L: number): Case {
  const { laws, start } = blockSystem(2, [{ scores: [0, 1, -1, 0.5], map: [0, 1] }], [{ tokens: [0, 1], weight: 1 }]);
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
    name: `reducedState N=2 L=${L}`,
    precision: 'f64',
    work: { amount: 2 ** L, unit: 'M elements/s' },
    prepare: (backend) => reduced(() => (reducedState(state, positions, { backend }) as DiagonalState).weight),
    rivals: [{ name: 'Map', prepare: () => reduced(() => reduceInMap(state, positions)) }],
  };
}
