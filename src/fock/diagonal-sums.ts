import type { Backend } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { DiagonalState } from './diagonal-state.ts';
import { CHUNK, StringIndex } from './string-index.ts';

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
 * @cost O(1) per node of the state's prefix tree, and O(1) per token of a reduced string.
 */
export function reduceDiagonal(backend: Backend, state: DiagonalState, positions: readonly number[]): DiagonalState {
  const ascending = positions.toSorted((a, b) => a - b);
  const { tokens, weight } = backend.memory.scope(() => {
    const index = new StringIndex(backend);
    const nodes = nodesAt(index, backend, state, ascending);
    const { occupied, weight } = sumByNode(backend, nodes, state.weight, index.size);
    return { tokens: index.tokensOf(occupied, positions.length), weight };
  });
  const places = positions.map((position) => ascending.indexOf(position));
  const order = lexicalOrder(tokens, places, weight.length, state.V);
  const n = places.length;
  return new DiagonalState(
    { V: state.V, texts: Array.from(order, (i) => Int32Array.from(places, (place) => tokens[i * n + place]!)) },
    {
      parent: Int32Array.from(order.keys()),
      token: new Int32Array(order.length).fill(-1),
      weight: Float64Array.from(order, (i) => weight[i]!),
    },
  );
}

function nodesAt(
  index: StringIndex,
  { memory }: Backend,
  state: DiagonalState,
  positions: readonly number[],
): Block<'i32'> {
  const lengths = new Set(state.texts.map((text) => text.length));
  if (lengths.size <= 1) return index.nodesOf(state, (position) => positions.includes(position));
  // Some texts of another length belong to the state, though no string continues them.
  const strings = Array.from({ length: state.count }, (_, i) => state.string(i));
  const nodes = index.nodesOfStrings(strings.map((string) => positions.map((position) => string[position]!)));
  const block = memory.allocate('i32', nodes.length);
  block.view().set(nodes);
  return block;
}

/** The nodes that occur, in the order of their numbers, and the compensated sum of the weights of each. */
function sumByNode(
  { memory, kernels }: Backend,
  nodes: Block<'i32'>,
  weights: Float64Array,
  size: number,
): { readonly occupied: Int32Array; readonly weight: Float64Array } {
  const sums = memory.allocate('f64', 2 * size);
  const values = memory.allocate('f64', Math.min(CHUNK, weights.length));
  for (let first = 0; first < weights.length; first += CHUNK) {
    const count = Math.min(CHUNK, weights.length - first);
    values.view().set(weights.subarray(first, first + count));
    kernels.sumByKey({ keys: nodes.part(first, count), values, count, sums });
  }
  const occurs = new Uint8Array(size);
  for (const node of nodes.view()) occurs[node] = 1;
  const occupied = Int32Array.from(occurs.keys()).filter((node) => occurs[node] === 1);
  const found = sums.view();
  return { occupied, weight: Float64Array.from(occupied, (node) => found[2 * node]! + found[2 * node + 1]!) };
}

/** Places of `count` strings of equal length, sorted by their tokens at some places, the first the slowest: one counting sort for each. */
function lexicalOrder(tokens: Int32Array, places: readonly number[], count: number, V: number): Int32Array {
  let order = Int32Array.from({ length: count }, (_, i) => i);
  for (const place of places.toReversed()) {
    const starts = new Int32Array(V + 1);
    const tokenAt = (i: number) => tokens[i * places.length + place]!;
    for (const i of order) starts[tokenAt(i) + 1]! += 1;
    for (let token = 0; token < V; token++) starts[token + 1]! += starts[token]!;
    const sorted = new Int32Array(count);
    for (const i of order) sorted[starts[tokenAt(i)]!++] = i;
    order = sorted;
  }
  return order;
}

/**
 * Weights of the same strings in two diagonal states: one pair for every string of either, 0 where it has none. Strings are compared
 * by their tokens alone, wherever their texts end.
 *
 * @cost O(1) per node of both prefix trees.
 */
export function alignedWeights(
  backend: Backend,
  rho: DiagonalState,
  sigma: DiagonalState,
): { readonly rho: Float64Array; readonly sigma: Float64Array } {
  return backend.memory.scope(() => {
    const index = new StringIndex(backend);
    const blocks = [index.nodesOf(rho), index.nodesOf(sigma)];
    const [left, right] = blocks.map((block) => block.view()) as [Int32Array, Int32Array];
    const place = new Int32Array(index.size).fill(-1);
    let count = 0;
    for (const nodes of [left, right]) for (const node of nodes) if (place[node]! < 0) place[node] = count++;
    const weights = { rho: new Float64Array(count), sigma: new Float64Array(count) };
    for (const [i, node] of left.entries()) weights.rho[place[node]!] = rho.weight[i]!;
    for (const [i, node] of right.entries()) weights.sigma[place[node]!] = sigma.weight[i]!;
    return weights;
  });
}
