import type { Backend } from '../backend/backend.ts';
import { checkInteger } from '../core/checks.ts';
import type { ChenModel } from './chen-model.ts';
import type { Frequency } from './chen-result.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import { frameOfModel, type Label, labelOf } from './labelled.ts';
import { likeliestTokens } from './measurement.ts';
import type { StatisticsResult } from './statistics-result.ts';
import { type StatisticsOptions, type TrajectoryStatistics, trajectoryStatistics } from './trajectory-statistics.ts';
import { wilsonInterval } from './wilson.ts';

/** Options of `runStatistics`. */
export interface RunStatisticsOptions extends Omit<StatisticsOptions, 'cutoff'> {
  /** Entries in the frequencies of a step; default 20. */
  readonly top?: number | undefined;
}

/**
 * Samples a model of Chen's kind many times and keeps frequencies alone.
 *
 * @throws as {@link trajectoryStatistics}; DomainError for a bad `top`.
 * @accuracy as {@link trajectoryStatistics}
 * @example
 * const { entropyEstimate, table } = runStatistics(backend, model, { trajectories: 1e5, seed: 1n });
 */
export function runStatistics(
  backend: Backend,
  model: ChenModel,
  { top = CHEN_DEFAULTS.top, ...options }: RunStatisticsOptions,
): StatisticsResult {
  checkInteger('runStatistics', 'top', top, 1);
  const { laws, start, steps, space } = model;
  const sampled = trajectoryStatistics(backend, laws, start, steps, { ...options, cutoff: space.M });
  const label = labelOf(model);
  return {
    kind: 'chen-statistics',
    ...frameOfModel(model),
    parameters: { ...model.parameters, top },
    count: sampled.count,
    seed: sampled.seed.toString(),
    entropyEstimate: sampled.entropy,
    entropyStandardError: sampled.entropyStandardError,
    table: Array.from({ length: steps }, (_, l) => ({
      step: l + 1,
      tokens: frequencies(sampled, start.V, l, top, label),
    })),
  };
}

function frequencies({ marginals, count }: TrajectoryStatistics, V: number, l: number, top: number, label: Label) {
  const found = marginals.subarray(l * V, (l + 1) * V);
  return likeliestTokens(found, top).map((token) => ({
    token,
    label: label(token),
    ...frequencyOf(found[token]!, count),
  }));
}

/** How often something was found, with Wilson's interval. */
export function frequencyOf(count: number, n: number): Frequency {
  return { count, frequency: count / n, ...wilsonInterval(count, n) };
}
