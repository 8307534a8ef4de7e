import type { Kernels } from '../kernels.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function historyKernels(core: CoreExports): Pick<Kernels, 'enumerateBlocks' | 'numberStrings' | 'placeStrings'> {
  return {
    enumerateBlocks: ({ L, budget, ...walk }) =>
      core.enumerateBlocks(
        addressOf(walk.weights),
        addressOf(walk.logWeights),
        addressOf(walk.logCounts),
        addressOf(walk.places),
        addressOf(walk.sources),
        walk.B,
        walk.N,
        addressOf(walk.counts),
        L,
        budget,
        addressOf(walk.state),
        addressOf(walk.path),
        addressOf(walk.marginals),
        addressOf(walk.best),
        addressOf(walk.sums),
      ) === 0,
    numberStrings: ({ above, parents, tokens, count, numbers, nodes, slots, size }) =>
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
    placeStrings: ({ nodes, slots, first, end }) =>
      core.placeStrings(addressOf(nodes), first, end, addressOf(slots), slots.length),
  };
}
