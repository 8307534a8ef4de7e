import type { Precision } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { PASS_DEFAULTS } from './defaults.ts';
import { logProbabilities } from './law.ts';
import type { Model } from './model.ts';
import { checkNextToken, type RankedToken, rankedTokens } from './next-token.ts';
import { predictedRow, predictsMasked } from './position.ts';
import { traceForward } from './trace.ts';

/** The law of a masked word. */
export interface MaskedWordResult {
  /** Number of the token in the text whose word it is, counted from 0. */
  readonly position: number;
  /** log p(y | text) in nats, V numbers. */
  readonly logProbs: Float64Array;
  /** The likeliest, best first; equal ones by id. Fewer than asked for, or none, where others have less than the least probability. */
  readonly top: readonly RankedToken[];
}

/** Options of {@link maskedWord}. */
export interface MaskedWordOptions {
  /** Of the pass; default f32. */
  readonly precision?: Precision;
  /** The token whose word is told; default the first masked one. */
  readonly position?: number;
  /** How many likeliest tokens to list; default as `nextToken`. */
  readonly top?: number;
  /** The least probability to list, from 0 to 1; default as `nextToken`, all of them. */
  readonly least?: number;
}

/**
 * What an encoder with a head of masked words says of one word of a text. A position whose word is not masked is allowed: the law is then that of the word given the text with it.
 *
 * @throws DomainError for a model of another kind, a text without a masked word and without `position`, or an option out of range; otherwise as `traceForward`.
 * @source J. Devlin et al., arXiv:1810.04805, §3.1.
 */
export function maskedWord(
  model: Model,
  ids: readonly number[],
  { precision = PASS_DEFAULTS.precision, position, ...options }: MaskedWordOptions = {},
): MaskedWordResult {
  if (!predictsMasked(model))
    throw new DomainError(
      `maskedWord: the model must predict masked words, but ${model.label} does not. ${model.config.causal ? 'Ask nextToken for the word that follows.' : 'Look at it with trace.'}`,
    );
  const { top, least } = checkNextToken('maskedWord', options);
  const row = predictedRow(model, ids, position);
  const { logits } = traceForward(model, ids, { precision, position: row });
  const logProbs = logProbabilities(model.backend, logits);
  return { position: row, logProbs, top: rankedTokens(model, logProbs, { top, least }) };
}
