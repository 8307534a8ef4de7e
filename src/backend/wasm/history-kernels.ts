import type { HistoryKernels } from '../contract/histories.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function historyKernels(core: CoreExports): HistoryKernels {
  return {
    enumerateBlocks: (blocks, L, budget, walk) =>
      core.enumerateBlocks(
        addressOf(blocks.weights),
        addressOf(blocks.logWeights),
        addressOf(walk.logCounts),
        addressOf(blocks.places),
        addressOf(blocks.sources),
        blocks.B,
        blocks.N,
        addressOf(walk.counts),
        L,
        budget,
        addressOf(walk.state),
        addressOf(walk.path),
        addressOf(walk.marginals),
        addressOf(walk.best),
        addressOf(walk.sums),
      ) === 0,
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
    numberStrings: (above, parents, tokens, count, numbers, { nodes, slots, size }) =>
      core.numberStrings(
        addressOf(above),
        addressOf(parents),
        addressOf(tokens),
        count,
        addressOf(numbers),
        addressOf(nodes),
        addressOf(slots),
        slots.length,
        addressOf(size),
      ),
    placeStrings: ({ nodes, slots }, first, end) =>
      core.placeStrings(addressOf(nodes), first, end, addressOf(slots), slots.length),
    sumByKey: (keys, values, count, sums) => core.sumByKey(addressOf(keys), addressOf(values), count, addressOf(sums)),
  };
}
