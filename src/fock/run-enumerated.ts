import type { Backend } from '../backend/backend.ts';
import { checkInteger } from '../core/checks.ts';
import type { ChenModel } from './chen-model.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import type { EnumeratedResult } from './enumerated-result.ts';
import { frameOfModel, labelled, labelOf, likeliest } from './labelled.ts';
import { type StringTotalsOptions, sumOverStrings } from './string-totals.ts';

/** Options of `runEnumerated`. */
export interface RunEnumeratedOptions extends Omit<StringTotalsOptions, 'cutoff'> {
  /** Entries in the marginal laws; default 20. */
  readonly top?: number | undefined;
}

/**
 * Runs a model of Chen's kind by a walk over all its strings, none of them stored.
 *
 * @throws as {@link sumOverStrings}; DomainError for a bad `top`.
 * @accuracy as {@link sumOverStrings}
 * @example
 * const { strings, entropy } = runEnumerated(backend, modelOfDescription(JSON.parse(text)));
 */
export function runEnumerated(
  backend: Backend,
  model: ChenModel,
  { top = CHEN_DEFAULTS.top, ...options }: RunEnumeratedOptions = {},
): EnumeratedResult {
  checkInteger('runEnumerated', 'top', top, 1);
  const { laws, start, steps, space } = model;
  const label = labelOf(model);
  const totals = sumOverStrings(backend, laws, start, steps, { ...options, cutoff: space.M });
  const { strings, probability, entropy, purity, minEntropy, mostProbable, marginals } = totals;
  return {
    kind: 'chen-enumerated',
    ...frameOfModel(model),
    parameters: { ...model.parameters, top },
    strings,
    probability,
    entropy,
    purity,
    minEntropy,
    mostProbable: {
      text: mostProbable.text,
      ...labelled(mostProbable.tokens, label),
      probability: mostProbable.probability,
    },
    table: Array.from({ length: steps }, (_, l) => ({
      step: l + 1,
      marginal: likeliest(marginals.subarray(l * start.V, (l + 1) * start.V), top, label),
    })),
  };
}
