import type { LumpingKernels } from '../contract/lumping.ts';
import { arrayOf } from './array-of.ts';
import { lawPowers } from './fock/law-powers.ts';
import { lumpedBest } from './fock/lumped-best.ts';
import { lumpedCounts } from './fock/lumped-counts.ts';
import { lumpedExpectations } from './fock/lumped-expectations.ts';
import { lumpedLaws } from './fock/lumped-laws.ts';
import { lumpedSpread } from './fock/lumped-spread.ts';

export const lumpingKernels: LumpingKernels = {
  lumpedCounts: (cursor, ranks, width, S, m, stride, counts, sources, count) =>
    lumpedCounts(arrayOf(cursor), arrayOf(ranks), width, S, m, stride, arrayOf(counts), arrayOf(sources), count),
  lumpedLaws: (weights, order, map, base, counts, S, K, H, products, masses, p, count) =>
    lumpedLaws(
      arrayOf(weights),
      arrayOf(order),
      arrayOf(map),
      arrayOf(base),
      arrayOf(counts),
      S,
      K,
      H,
      arrayOf(products),
      arrayOf(masses),
      arrayOf(p),
      count,
    ),
  lawPowers: (p, a, q, b, powers, n) => lawPowers(arrayOf(p), a, q === null ? null : arrayOf(q), b, arrayOf(powers), n),
  lumpedSpread: (from, sources, powers, S, to, stride, first, count, total) =>
    lumpedSpread(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(powers),
      S,
      arrayOf(to),
      stride,
      first,
      count,
      arrayOf(total),
    ),
  lumpedBest: (from, sources, powers, S, to, back, stride, first, count, best) =>
    lumpedBest(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(powers),
      S,
      arrayOf(to),
      arrayOf(back),
      stride,
      first,
      count,
      arrayOf(best),
    ),
  lumpedExpectations: (from, sources, p, q, S, count, sums) =>
    lumpedExpectations(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(p),
      q === null ? null : arrayOf(q),
      S,
      count,
      arrayOf(sums),
    ),
};
