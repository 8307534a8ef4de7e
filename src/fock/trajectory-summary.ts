import { sampleMoments, standardErrorOf } from '../core/sums.ts';
import { log } from '../math/log.ts';
import type { ChenTrajectories, EntropyEstimate } from './chen-result.ts';
import type { Evolution } from './evolution.ts';
import { likeliestTokens, outcomeLaw } from './measurement.ts';
import { frequencyOf } from './run-statistics.ts';
import type { Trajectories } from './trajectories.ts';
import { Z_95 } from './wilson.ts';

/** Frequencies among the trajectories, with intervals, beside the exact tree's probabilities. */
export function summarise(
  sampled: Trajectories,
  exact: Evolution,
  top: number,
  label: (token: number) => string,
): ChenTrajectories {
  const final = sampled.states.at(-1)!;
  return {
    count: sampled.count,
    seed: sampled.seed.toString(),
    distinct: final.count,
    ...entropyEstimate(sampled, exact),
    entropies: entropies(sampled),
    sequences: sequences(sampled, exact, top).map(({ text, tokens, count, exact }) => ({
      text,
      tokens: [...tokens],
      labels: Array.from(tokens, label),
      ...frequencyOf(count, sampled.count),
      exact,
    })),
    marginals: exact.steps.map(({ step, marginal }, l) => {
      const frequencies = outcomeLaw(sampled.states[l + 1]!).tokens;
      return {
        step,
        tokens: likeliestTokens(frequencies, top).map((token) => ({
          token,
          label: label(token),
          ...frequencyOf(Math.round(frequencies[token]! * sampled.count), sampled.count),
          atLeast: marginal[token]!,
        })),
      };
    }),
  };
}

/** S(ρ) = E[−ln P] over the exact law, estimated by the mean, with its standard error. */
function entropyEstimate({ count, prepared, logProbability }: Trajectories, { start }: Evolution) {
  const surprisal = logProbability.map((logP, k) => -(logP + log(start.weight[prepared[k]!]!)));
  const { mean, squares } = sampleMoments(surprisal);
  return { entropyEstimate: mean, entropyStandardError: standardErrorOf(squares, count) };
}

/** The same after every step, with intervals. */
function entropies({ count, surprisals }: Trajectories): EntropyEstimate[] | null {
  if (count === 1) return null;
  return surprisals.map(({ mean, squares }, l) => {
    const error = standardErrorOf(squares, count)!;
    const [low, high] = [Math.max(0, mean - Z_95 * error), mean + Z_95 * error];
    return { step: l + 1, estimate: mean, standardError: error, low, high };
  });
}

interface Sequence {
  readonly text: number;
  readonly tokens: Int32Array;
  count: number;
  readonly exact: number | null;
}

/** Strings of the tree and of the trajectories together, the most frequent first, then the most probable. */
function sequences(sampled: Trajectories, exact: Evolution, top: number): Sequence[] {
  const found = new Map<string, Sequence>();
  for (let i = 0; i < exact.final.count; i++) {
    const text = exact.final.textOf(i);
    const tokens = exact.final.generated(i);
    found.set(`${text}:${tokens}`, { text, tokens, count: 0, exact: exact.final.weight[i]! });
  }
  const final = sampled.states.at(-1)!;
  for (let i = 0; i < final.count; i++) {
    const text = final.textOf(i);
    const tokens = final.generated(i);
    const count = Math.round(final.weight[i]! * sampled.count);
    const known = found.get(`${text}:${tokens}`);
    if (known === undefined) found.set(`${text}:${tokens}`, { text, tokens, count, exact: null });
    else known.count = count;
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (b.exact ?? 0) - (a.exact ?? 0)).slice(0, top);
}
