import type { LumpingKernels } from '../contract/lumping.ts';
import { arrayOf } from './array-of.ts';
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
  lumpedSpread: (from, sources, p, logP, a, logQ, b, S, to, stride, first, count, total) =>
    lumpedSpread(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(p),
      arrayOf(logP),
      a,
      logQ === null ? null : arrayOf(logQ),
      b,
      S,
      arrayOf(to),
      stride,
      first,
      count,
      arrayOf(total),
    ),
  lumpedBest: (from, sources, p, S, to, back, stride, first, count, best) =>
    lumpedBest(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(p),
      S,
      arrayOf(to),
      arrayOf(back),
      stride,
      first,
      count,
      arrayOf(best),
    ),
  lumpedExpectations: (from, sources, p, logP, q, logQ, S, count, sums) =>
    lumpedExpectations(
      arrayOf(from),
      arrayOf(sources),
      arrayOf(p),
      arrayOf(logP),
      q === null ? null : arrayOf(q),
      logQ === null ? null : arrayOf(logQ),
      S,
      count,
      arrayOf(sums),
    ),
};
