import type { TrajectoryKernels } from '../contract/trajectories.ts';
import { arrayOf } from './array-of.ts';
import { sampleBlocks } from './fock/sample-blocks.ts';

export const trajectoryKernels: TrajectoryKernels = {
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
