import type { HistoryKernels } from '../contract/histories.ts';
import { arrayOf } from './array-of.ts';
import { enumerateBlocks } from './fock/enumerate-blocks.ts';
import { sampleBlocks } from './fock/sample-blocks.ts';

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
};
