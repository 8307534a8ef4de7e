/** Strings numbered and merged as people would: by joined keys in a map, and by a hash table of typed arrays. */
import type { DiagonalState } from '../../src/fock/diagonal-state.ts';

/** Numbers pairs 1, 2, … in the order in which they are met. */
export function numberInMap(parents: Int32Array, tokens: Int32Array): Int32Array {
  const known = new Map<string, number>();
  return parents.map((parent, i) => {
    const key = `${parent},${tokens[i]}`;
    const number = known.get(key) ?? known.size + 1;
    if (number > known.size) known.set(key, number);
    return number;
  });
}

/** The same by open addressing with one multiplication as hash, both numbers packed in one key. */
export function numberInTable(parents: Int32Array, tokens: Int32Array, places: number): Int32Array {
  const keys = new Int32Array(places);
  const values = new Int32Array(places);
  const numbers = new Int32Array(parents.length);
  const shift = Math.clz32(places) + 1;
  let next = 1;
  for (let i = 0; i < numbers.length; i++) {
    const key = parents[i]! * 16 + tokens[i]!;
    let slot = Math.imul(key, 0x9e3779b1) >>> shift;
    while (values[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (places - 1);
    if (values[slot] === 0) {
      keys[slot] = key;
      values[slot] = next++;
    }
    numbers[i] = values[slot]!;
  }
  return numbers;
}

/** Weights of the tokens at some positions, in the order of the strings. */
export function reduceInMap(state: DiagonalState, positions: readonly number[]): Float64Array {
  const sums = new Map<string, number>();
  for (let i = 0; i < state.count; i++) {
    const string = state.string(i);
    const key = positions.map((position) => string[position]).join();
    sums.set(key, (sums.get(key) ?? 0) + state.weight[i]!);
  }
  return Float64Array.from(
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)),
    ([, weight]) => weight,
  );
}
