import type { LumpingKernels } from '../contract/lumping.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function lumpingKernels(core: CoreExports): LumpingKernels {
  return {
    lumpedCounts: (cursor, ranks, width, S, m, stride, counts, sources, count) =>
      core.lumpedCounts(
        addressOf(cursor),
        addressOf(ranks),
        width,
        S,
        m,
        stride,
        addressOf(counts),
        addressOf(sources),
        count,
      ),
    lumpedLaws: (weights, order, map, base, counts, S, K, H, products, masses, p, count) =>
      core.lumpedLaws(
        addressOf(weights),
        addressOf(order),
        addressOf(map),
        addressOf(base),
        addressOf(counts),
        S,
        K,
        H,
        addressOf(products),
        addressOf(masses),
        addressOf(p),
        count,
      ),
    lawPowers: (p, a, q, b, powers, n) => core.lawPowers(addressOf(p), a, addressOf(q), b, addressOf(powers), n),
    lumpedSpread: (from, sources, powers, S, to, stride, first, count, total) =>
      core.lumpedSpread(
        addressOf(from),
        addressOf(sources),
        addressOf(powers),
        S,
        addressOf(to),
        stride,
        first,
        count,
        addressOf(total),
      ),
    lumpedBest: (from, sources, powers, S, to, back, stride, first, count, best) =>
      core.lumpedBest(
        addressOf(from),
        addressOf(sources),
        addressOf(powers),
        S,
        addressOf(to),
        addressOf(back),
        stride,
        first,
        count,
        addressOf(best),
      ),
    lumpedExpectations: (from, sources, p, q, S, count, sums) =>
      core.lumpedExpectations(
        addressOf(from),
        addressOf(sources),
        addressOf(p),
        addressOf(q),
        S,
        count,
        addressOf(sums),
      ),
  };
}
