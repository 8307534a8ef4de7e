import { DomainError } from '../core/errors.ts';
import { DiagonalState } from './diagonal-state.ts';
import { StringIndex } from './string-index.ts';

/** Sums by key with the rounding errors carried along (Neumaier). */
class SumsByKey {
  readonly sums: Float64Array;
  readonly #errors: Float64Array;

  constructor(keys: number) {
    this.sums = new Float64Array(keys);
    this.#errors = new Float64Array(keys);
  }

  add(key: number, value: number): void {
    const sum = this.sums[key]!;
    const total = sum + value;
    this.#errors[key]! += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    this.sums[key] = total;
  }

  finish(): Float64Array {
    return this.sums.map((sum, key) => sum + this.#errors[key]!);
  }
}

/** Length of all strings of a diagonal state. @throws DomainError if they differ. */
export function sectorOf(where: string, state: DiagonalState): number {
  if (state.count === 0) return 0;
  const n = state.length(0);
  const equal = state.texts.every((text) => text.length + state.step === n);
  // Texts that no string continues do not count.
  const odd = equal ? -1 : Array.from({ length: state.count }, (_, i) => state.length(i)).findIndex((m) => m !== n);
  if (odd < 0) return n;
  throw new DomainError(
    `${where}: the state must lie in one sector, but it has strings of ${n} and of ${state.length(odd)} tokens. Take its sectorPart.`,
  );
}

/**
 * The state of the tokens at some positions, in their order: weights of strings that agree there add. Strings come by their tokens,
 * the first position the slowest.
 *
 * @param state of one sector ({@link sectorOf}).
 * @accuracy stable: compensated sums.
 * @cost O(1) per node of the state's prefix tree, and a sort of the reduced strings.
 */
export function reduceDiagonal(state: DiagonalState, positions: readonly number[]): DiagonalState {
  const index = new StringIndex();
  const ascending = positions.toSorted((a, b) => a - b);
  const texts = new Set(state.texts.map((text) => text.length));
  const nodes =
    texts.size > 1
      ? nodesOneByOne(index, state, ascending)
      : index.nodesOf(state, (position) => positions.includes(position));
  const sums = new SumsByKey(index.size);
  const occupied = new Uint8Array(index.size);
  for (const [i, node] of nodes.entries()) {
    sums.add(node, state.weight[i]!);
    occupied[node] = 1;
  }
  const weights = sums.finish();
  const places = positions.map((position) => ascending.indexOf(position));
  const strings = Array.from(occupied.keys())
    .filter((node) => occupied[node] === 1)
    .map((node) => {
      const tokens = index.string(node, positions.length);
      return { text: Int32Array.from(places, (place) => tokens[place]!), weight: weights[node]! };
    })
    .sort((a, b) => compare(a.text, b.text));
  return new DiagonalState(
    { V: state.V, texts: strings.map(({ text }) => text) },
    {
      parent: Int32Array.from(strings.keys()),
      token: new Int32Array(strings.length).fill(-1),
      weight: Float64Array.from(strings, ({ weight }) => weight),
    },
  );
}

/** For a state that some texts of another length belong to. */
function nodesOneByOne(index: StringIndex, state: DiagonalState, positions: readonly number[]): Int32Array {
  return Int32Array.from(state.weight, (_, i) => {
    const string = state.string(i);
    return positions.reduce((node, position) => index.child(node, string[position]!), 0);
  });
}

function compare(a: Int32Array, b: Int32Array): number {
  const site = a.findIndex((token, i) => token !== b[i]);
  return site < 0 ? 0 : a[site]! - b[site]!;
}

/**
 * Weights of the same strings in two diagonal states: one pair for every string of either, 0 where it has none. Strings are compared
 * by their tokens alone, wherever their texts end.
 *
 * @cost O(1) per node of both prefix trees.
 */
export function alignedWeights(
  rho: DiagonalState,
  sigma: DiagonalState,
): { readonly rho: Float64Array; readonly sigma: Float64Array } {
  const index = new StringIndex();
  const [left, right] = [index.nodesOf(rho), index.nodesOf(sigma)];
  const place = new Int32Array(index.size).fill(-1);
  let count = 0;
  for (const nodes of [left, right]) for (const node of nodes) if (place[node]! < 0) place[node] = count++;
  const weights = { rho: new Float64Array(count), sigma: new Float64Array(count) };
  for (const [i, node] of left.entries()) weights.rho[place[node]!] = rho.weight[i]!;
  for (const [i, node] of right.entries()) weights.sigma[place[node]!] = sigma.weight[i]!;
  return weights;
}
