import type { Precision } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { checkPredictsTokens } from './language-model.ts';
import { logProbabilities } from './law.ts';
import type { Model } from './model.ts';
import { Session } from './session.ts';

/** One possible next token; natural logarithm. */
export interface RankedToken {
  /** Token id. */
  readonly id: number;
  /** Its printable text. */
  readonly token: string;
  /** ln p, nats. */
  readonly logProb: number;
}

/** The law of the next token, and the greedy continuation. */
export interface NextTokenResult {
  /** log p(y | ids) in nats, V numbers. */
  readonly logProbs: Float64Array;
  /** The k likeliest, best first; equal ones by id. */
  readonly top: readonly RankedToken[];
  /** Greedy continuation: the likeliest token each time, the lowest id of equals. */
  readonly greedyIds: readonly number[];
}

/** Options of `nextToken`. */
export interface NextTokenOptions {
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** How many likeliest tokens to list; default 10. */
  readonly k?: number;
  /** How many tokens to continue greedily; default 0. */
  readonly greedy?: number;
  /** Called after every token of the greedy continuation. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The law of the next token, and a greedy continuation through the KV cache.
 *
 * @throws DomainError for a classifier; DomainError, CapacityError as `Session.append`; CapacityError if the continuation outgrows the model's positions.
 */
export function nextToken(
  model: Model,
  ids: readonly number[],
  { precision = 'f32', k = 10, greedy = 0, onProgress }: NextTokenOptions = {},
): NextTokenResult {
  checkPredictsTokens('nextToken', model);
  checkInteger('nextToken', 'k', k, 1);
  checkInteger('nextToken', 'greedy', greedy, 0);
  const capacity = Math.min(Math.max(1, ids.length + greedy), model.config.maxPositions);
  const session = new Session(model, { precision, capacity });
  try {
    let { logits } = session.append(ids);
    const logProbs = logProbabilities(model.backend, logits);
    const greedyIds: number[] = [];
    while (greedyIds.length < greedy) {
      const best = likeliest(logits, 1)[0]!;
      greedyIds.push(best);
      onProgress?.(greedyIds.length, greedy);
      if (greedyIds.length < greedy) ({ logits } = session.append([best]));
    }
    const top = likeliest(logProbs, k).map((id) => ({
      id,
      token: model.tokenText(id),
      logProb: logProbs[id]!,
    }));
    return { logProbs, top, greedyIds };
  } finally {
    session.release();
  }
}

/** Indices of the k largest values, largest first, equal ones by index. O(V log k). */
export function likeliest(values: ArrayLike<number>, k: number): number[] {
  const count = Math.min(k, values.length);
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === count && !(values[i]! > values[best[count - 1]!]!)) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[best[middle]!]! >= values[i]!) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}
