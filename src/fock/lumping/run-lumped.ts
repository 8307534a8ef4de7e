import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import type { ChenModel } from '../chen-model.ts';
import { likeliestTokens } from '../measurement.ts';
import type { LumpingProgress } from './drive.ts';
import { lump } from './lump.ts';
import type { LumpedResult } from './lumped-result.ts';

export interface RunLumpedOptions extends LumpingProgress {
  /** Entries in the marginal laws; default 20. */
  readonly top?: number | undefined;
}

/**
 * Runs an open-system model exactly by lumping: every step's entropies and marginals, the most probable text, the counts.
 *
 * @throws as {@link lump}; DomainError for a bad `top`.
 * @accuracy as {@link lump}
 * @example
 * const { table, mostProbable } = await runLumped(backend, modelOfDescription(JSON.parse(text)));
 */
export async function runLumped(
  backend: Backend,
  model: ChenModel,
  { top = 20, ...progress }: RunLumpedOptions = {},
): Promise<LumpedResult> {
  checkInteger('runLumped', 'top', top, 1);
  const { laws, start, steps, vacuumToken } = model;
  const label = (token: number) => laws[0]!.label(token);
  const lumped = await lump(backend, laws, start, steps, { vacuumToken, ...progress });
  const { text, tokens, logProbability } = lumped.mostProbable;
  return {
    kind: 'chen-lumped',
    name: model.name,
    V: start.V,
    texts: start.texts.map((given, i) => ({
      tokens: [...given],
      labels: Array.from(given, label),
      weight: start.weight[i]!,
    })),
    steps,
    vacuum: { token: vacuumToken, label: label(vacuumToken) },
    parameters: { ...model.parameters, top },
    startEntropy: lumped.startEntropy,
    table: lumped.steps.map(({ renyi: _, marginal, ...step }) => ({
      ...step,
      marginal: likeliestTokens(marginal, top).map((token) => ({
        token,
        label: label(token),
        probability: marginal[token]!,
      })),
    })),
    mostProbable: { text, tokens: [...tokens], labels: Array.from(tokens, label), logProbability },
    counts: lumped.counts.tokens.map((token) => ({
      token,
      label: label(token),
      mean: lumped.counts.mean(token),
      variance: lumped.counts.variance(token),
      law: [...lumped.counts.ofToken(token)],
    })),
  };
}
