import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { compensatedSum } from '../core/sums.ts';
import { SAMPLING_DEFAULTS } from './defaults.ts';
import { likeliest } from './next-token.ts';

/** What is done to a model's law before a token is drawn from it: temperature, then top-k, then top-p. */
export interface SamplingRule {
  /** Logits are divided by it; default 1. */
  readonly temperature?: number | undefined;
  /** Only this many likeliest tokens keep their probability, of equal ones the lower id; default all. */
  readonly topK?: number | undefined;
  /** Only the fewest likeliest tokens whose probabilities sum to at least this much keep theirs; default 1, all. */
  readonly topP?: number | undefined;
}

/** @throws DomainError for a rule outside its range. */
export function checkSampling(
  where: string,
  { temperature = SAMPLING_DEFAULTS.temperature, topK, topP = SAMPLING_DEFAULTS.topP }: SamplingRule,
): void {
  if (!(temperature > 0 && temperature < Infinity))
    throw new DomainError(`${where}: temperature must be positive and finite, but it is ${temperature}.`);
  if (topK !== undefined) checkInteger(where, 'topK', topK, 1);
  if (!(topP > 0 && topP <= 1))
    throw new DomainError(`${where}: topP must be above 0 and at most 1, but it is ${topP}.`);
}

/**
 * Sets the probabilities that top-k and top-p refuse to 0 and divides the others by their sum, in place.
 *
 * @source top-p: A. Holtzman, J. Buys, L. Du, M. Forbes, Y. Choi, arXiv 1904.09751.
 */
export function restrict(p: Float64Array, { topK = p.length, topP = SAMPLING_DEFAULTS.topP }: SamplingRule): void {
  if (topK >= p.length && topP === 1) return;
  const kept = keptTokens(p, Math.min(topK, p.length), topP);
  const values = kept.map((token) => p[token]!);
  const total = compensatedSum(values);
  p.fill(0);
  for (const [i, token] of kept.entries()) p[token] = values[i]! / total;
}

/** The tokens that stay. Looks at ever more of the likeliest, because those that top-p keeps are few as a rule. */
function keptTokens(p: Float64Array, topK: number, topP: number): number[] {
  if (topP === 1) return likeliest(p, topK);
  const candidates = topK < p.length ? Float64Array.from(likeliest(p, topK), (token) => p[token]!) : p;
  const enough = topP * compensatedSum(candidates);
  for (let count = Math.min(64, topK); ; count = Math.min(8 * count, topK)) {
    const tokens = likeliest(p, count);
    let sum = 0;
    const last = tokens.findIndex((token) => {
      sum += p[token]!;
      return sum >= enough;
    });
    if (last >= 0) return tokens.slice(0, last + 1);
    if (count === topK) return tokens;
  }
}
