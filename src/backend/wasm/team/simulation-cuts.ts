import { MASS_GROUP } from '../../contract/histories.ts';
import { resolventWork } from '../../contract/resolvent.ts';
import { byRange, type Cuts, rangesOf } from './cut.ts';
import { rowsOf } from './rows.ts';

/** Points of a resolvent that a thread has under way at once. */
const LANES = 4;
/** Lanczos steps that a point takes, about. */
const STEPS = 10;

/** Norms of resolvents at many points, trajectories, lumped laws, and sums under permutations. */
export const SIMULATION_CUTS: Cuts = {
  smallestSingularValues: byRange('smallestSingularValues', {
    work: ({ n, count }) => 4 * STEPS * n * n * count,
    units: ({ count }) => Math.ceil(count / LANES),
    part: (call, from, to, space) => {
      const [first, end] = [from * LANES, Math.min(to * LANES, call.count)];
      return {
        ...call,
        points: rowsOf(call.points, first, end, 2),
        values: rowsOf(call.values, first, end, 1),
        steps: rowsOf(call.steps, first, end, 1),
        work: space.like(call.work, resolventWork(call.n, call.limit)),
        count: end - first,
      };
    },
  }),
  sampleBlocks: {
    work: ({ count, L, N }) => count * L * (40 + N),
    units: ({ count }) => count,
    record(call, parts, { recorded, space }) {
      const { L, N, count, first, marginals, tokens, prepared, logProbability } = call;
      const padded = MASS_GROUP * Math.ceil(N / MASS_GROUP);
      const counted = rangesOf(count, parts).map(([from, to]) => {
        const own = space.like(marginals, L * N);
        own.view().fill(0);
        recorded.sampleBlocks({
          ...call,
          marginals: own,
          tokens: tokens && rowsOf(tokens, from, to, L),
          prepared: rowsOf(prepared, from, to, 1),
          logProbability: rowsOf(logProbability, from, to, 1),
          work: space.like(call.work, L + 1 + padded + padded / MASS_GROUP),
          first: first + BigInt(from),
          count: to - from,
        });
        return own;
      });
      // Counts are whole numbers: they add up to the same in any order.
      return () => {
        const sums = marginals.view();
        for (const own of counted) for (const [i, value] of own.view().entries()) sums[i]! += value;
      };
    },
  },
  lumpedLaws: byRange('lumpedLaws', {
    work: ({ count, S, K, H }) => 4 * count * S * K ** H,
    units: ({ count }) => count,
    part: (call, from, to, space) => {
      const { S, K, H } = call;
      return {
        ...call,
        counts: rowsOf(call.counts, from, to, S),
        p: rowsOf(call.p, from, to, S * S),
        products: space.like(call.products, K ** (H - 1)),
        masses: space.like(call.masses, 2 * K),
        count: to - from,
      };
    },
  }),
  permutedProduct: byRange('permutedProduct', {
    work: ({ n, count }) => 2 * n * n * count,
    units: ({ count }) => count,
    part: ({ a, b, order, n, result }, from, to) => ({
      a,
      b,
      order: rowsOf(order, from, to, n),
      n,
      count: to - from,
      result: rowsOf(result, from, to, 1),
    }),
  }),
};
