import type { TrajectoryKernels } from '../contract/trajectories.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function trajectoryKernels(core: CoreExports): TrajectoryKernels {
  return {
    sampleBlocks: (blocks, start, L, seed, first, count, outputs, work) =>
      core.sampleBlocks(
        addressOf(blocks.weights),
        addressOf(blocks.tokenMap),
        addressOf(blocks.places),
        addressOf(blocks.sources),
        blocks.B,
        blocks.N,
        addressOf(start.cumulative),
        addressOf(start.counts),
        addressOf(start.last),
        start.texts,
        L,
        seed,
        first,
        count,
        addressOf(outputs.marginals),
        addressOf(outputs.tokens),
        addressOf(outputs.prepared),
        addressOf(outputs.logProbability),
        addressOf(work),
      ),
  };
}
