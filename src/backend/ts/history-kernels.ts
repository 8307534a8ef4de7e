import type { HistoryKernels } from '../contract/histories.ts';
import { arrayOf } from './array-of.ts';
import { enumerateBlocks } from './fock/enumerate-blocks.ts';
import { numberStrings, placeStrings } from './fock/number-strings.ts';
import { sampleBlocks } from './fock/sample-blocks.ts';
import { sumByKey } from './fock/sum-by-key.ts';

export const historyKernels: HistoryKernels = {
  enumerateBlocks: (blocks, L, budget, walk) =>
    enumerateBlocks(
      arrayOf(blocks.weights),
      arrayOf(blocks.logWeights),
      arrayOf(walk.logCounts),
      arrayOf(blocks.places),
      arrayOf(blocks.sources),
      blocks.B,
      blocks.N,
      arrayOf(walk.counts),
      L,
      budget,
      arrayOf(walk.state),
      arrayOf(walk.path),
      arrayOf(walk.marginals),
      arrayOf(walk.best),
      arrayOf(walk.sums),
    ) === 0,
  sampleBlocks: (blocks, start, L, seed, first, count, outputs, work) =>
    sampleBlocks(
      arrayOf(blocks.weights),
      arrayOf(blocks.tokenMap),
      arrayOf(blocks.places),
      arrayOf(blocks.sources),
      blocks.B,
      blocks.N,
      arrayOf(start.cumulative),
      arrayOf(start.counts),
      arrayOf(start.last),
      start.texts,
      L,
      seed,
      first,
      count,
      arrayOf(outputs.marginals),
      outputs.tokens === null ? null : arrayOf(outputs.tokens),
      arrayOf(outputs.prepared),
      arrayOf(outputs.logProbability),
      arrayOf(work),
    ),
  numberStrings: (above, parents, tokens, count, numbers, { nodes, slots, size }) =>
    numberStrings(
      arrayOf(above),
      arrayOf(parents),
      tokens === null ? null : arrayOf(tokens),
      count,
      arrayOf(numbers),
      arrayOf(nodes),
      arrayOf(slots),
      slots.length,
      arrayOf(size),
    ),
  placeStrings: ({ nodes, slots }, first, end) =>
    placeStrings(arrayOf(nodes), first, end, arrayOf(slots), slots.length),
  sumByKey: (keys, values, count, sums) => sumByKey(arrayOf(keys), arrayOf(values), count, arrayOf(sums)),
};
