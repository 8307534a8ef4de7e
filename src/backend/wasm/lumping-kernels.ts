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
    lumpedSpread: (from, sources, p, logP, a, logQ, b, S, to, stride, first, count, total) =>
      core.lumpedSpread(
        addressOf(from),
        addressOf(sources),
        addressOf(p),
        addressOf(logP),
        a,
        addressOf(logQ),
        b,
        S,
        addressOf(to),
        stride,
        first,
        count,
        addressOf(total),
      ),
    lumpedBest: (from, sources, p, S, to, back, stride, first, count, best) =>
      core.lumpedBest(
        addressOf(from),
        addressOf(sources),
        addressOf(p),
        S,
        addressOf(to),
        addressOf(back),
        stride,
        first,
        count,
        addressOf(best),
      ),
    lumpedExpectations: (from, sources, p, logP, q, logQ, S, count, sums) =>
      core.lumpedExpectations(
        addressOf(from),
        addressOf(sources),
        addressOf(p),
        addressOf(logP),
        addressOf(q),
        addressOf(logQ),
        S,
        count,
        addressOf(sums),
      ),
  };
}
