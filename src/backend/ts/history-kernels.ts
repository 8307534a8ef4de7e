import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { enumerateBlocks } from './fock/enumerate-blocks.ts';
import { numberStrings, placeStrings } from './fock/number-strings.ts';

export const historyKernels: Pick<Kernels, 'enumerateBlocks' | 'numberStrings' | 'placeStrings'> = {
  enumerateBlocks: ({ L, budget, ...walk }) =>
    enumerateBlocks(
      arrayOf(walk.weights),
      arrayOf(walk.logWeights),
      arrayOf(walk.logCounts),
      arrayOf(walk.places),
      arrayOf(walk.sources),
      walk.B,
      walk.N,
      arrayOf(walk.counts),
      L,
      budget,
      arrayOf(walk.state),
      arrayOf(walk.path),
      arrayOf(walk.marginals),
      arrayOf(walk.best),
      arrayOf(walk.sums),
    ) === 0,
  numberStrings: ({ above, parents, tokens, count, numbers, nodes, slots, size }) =>
    numberStrings(
      arrayOf(above),
      arrayOf(parents),
      arrayOf(tokens),
      count,
      arrayOf(numbers),
      arrayOf(nodes),
      arrayOf(slots),
      slots.length,
      arrayOf(size),
    ),
  placeStrings: ({ nodes, slots, first, end }) =>
    placeStrings(arrayOf(nodes), first, end, arrayOf(slots), slots.length),
};
