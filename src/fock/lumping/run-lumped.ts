import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import type { ChenModel } from '../chen-model.ts';
import { CHEN_DEFAULTS } from '../defaults.ts';
import { frameOfModel, labelled, labelOf, likeliest } from '../labelled.ts';
import type { LumpingProgress } from './drive.ts';
import { lump } from './lump.ts';
import type { LumpedResult } from './lumped-result.ts';

/** Options of `runLumped`. */
export interface RunLumpedOptions extends LumpingProgress {
  /** Entries in the marginal laws; default 20. */
  readonly top?: number | undefined;
  /** Orders of Rényi entropies, as for {@link lump}; default none. */
  readonly alphas?: readonly number[] | undefined;
}

/**
 * Runs a model of Chen's kind exactly by lumping: every step's entropies and marginals, the most probable text, the counts.
 *
 * @throws as {@link lump}; DomainError for a bad `top`.
 * @accuracy as {@link lump}
 * @example
 * const { table, mostProbable } = await runLumped(backend, modelOfDescription(JSON.parse(text)));
 */
export async function runLumped(
  backend: Backend,
  model: ChenModel,
  { top = CHEN_DEFAULTS.top, alphas = [], ...progress }: RunLumpedOptions = {},
): Promise<LumpedResult> {
  checkInteger('runLumped', 'top', top, 1);
  const { laws, start, steps, vacuumToken } = model;
  const label = labelOf(model);
  const lumped = await lump(backend, laws, start, steps, { vacuumToken, alphas, ...progress });
  const { text, tokens, logProbability } = lumped.mostProbable;
  return {
    kind: 'chen-lumped',
    ...frameOfModel(model),
    parameters: { ...model.parameters, top },
    startEntropy: lumped.startEntropy,
    table: lumped.steps.map(({ renyi, marginal, ...step }) => ({
      ...step,
      renyi: alphas.map((alpha, i) => ({ order: String(alpha), entropy: renyi[i]! })),
      marginal: likeliest(marginal, top, label),
    })),
    mostProbable: { text, ...labelled(tokens, label), logProbability },
    counts: lumped.counts.tokens.map((token) => ({
      token,
      label: label(token),
      mean: lumped.counts.mean(token),
      variance: lumped.counts.variance(token),
      law: [...lumped.counts.ofToken(token)],
    })),
  };
}
