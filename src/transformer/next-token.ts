import type { Precision } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { log } from '../math/log.ts';
import { NEXT_TOKEN_DEFAULTS, PASS_DEFAULTS } from './defaults.ts';
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
  /** The likeliest, best first; equal ones by id. Fewer than asked for, or none, where others have less than the least probability. */
  readonly top: readonly RankedToken[];
  /** Greedy continuation: the likeliest token each time, the lowest id of equals. */
  readonly greedyIds: readonly number[];
}

/** Options of {@link nextTokenAfter}. */
export interface NextTokenAfterOptions {
  /** How many likeliest tokens to list; default {@link NEXT_TOKEN_DEFAULTS}. */
  readonly top?: number;
  /** The least probability to list, from 0 to 1; default {@link NEXT_TOKEN_DEFAULTS}, all of them. */
  readonly least?: number;
  /** How many tokens to continue greedily; default {@link NEXT_TOKEN_DEFAULTS}. */
  readonly greedy?: number;
  /** Called after every token of the greedy continuation. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Options of `nextToken`. */
export interface NextTokenOptions extends NextTokenAfterOptions {
  /** Of the passes; default f32. */
  readonly precision?: Precision;
}

/**
 * The law of the next token, and a greedy continuation through the KV cache.
 *
 * @throws DomainError for a classifier or an option out of range; DomainError, CapacityError as `Session.append`; CapacityError if the continuation outgrows the model's positions.
 */
export function nextToken(
  model: Model,
  ids: readonly number[],
  { precision = PASS_DEFAULTS.precision, top, least, greedy, ...options }: NextTokenOptions = {},
): NextTokenResult {
  checkPredictsTokens('nextToken', model);
  const asked = checkNextToken('nextToken', { top, least, greedy });
  const session = nextTokenSession(model, ids, { precision, greedy: asked.greedy });
  try {
    return nextTokenAfter(session, session.append(ids).logits, { ...asked, ...options });
  } finally {
    session.release();
  }
}

/** A session with room for some tokens and as many more as are continued greedily. */
export function nextTokenSession(
  model: Model,
  ids: readonly number[],
  { precision, greedy }: { readonly precision: Precision; readonly greedy: number },
): Session {
  const capacity = Math.min(Math.max(1, ids.length + greedy), model.config.maxPositions);
  return new Session(model, { precision, capacity });
}

/**
 * The law of the token after those that a session has read, and a greedy continuation, which the session reads but for its last token.
 *
 * @param logits of the last token that the session read
 * @throws as {@link nextToken}
 */
export function nextTokenAfter(
  session: Session,
  logits: Float32Array | Float64Array,
  { onProgress, ...options }: NextTokenAfterOptions = {},
): NextTokenResult {
  const { model } = session;
  checkPredictsTokens('nextTokenAfter', model);
  const { top, least, greedy } = checkNextToken('nextTokenAfter', options);
  const logProbs = logProbabilities(model.backend, logits);
  const greedyIds: number[] = [];
  let latest = logits;
  while (greedyIds.length < greedy) {
    const best = likeliest(latest, 1)[0]!;
    greedyIds.push(best);
    onProgress?.(greedyIds.length, greedy);
    if (greedyIds.length < greedy) latest = session.append([best]).logits;
  }
  const lowest = log(least);
  const listed = likeliest(logProbs, top).filter((id) => logProbs[id]! >= lowest);
  const ranked = listed.map((id) => ({ id, token: model.tokenText(id), logProb: logProbs[id]! }));
  return { logProbs, top: ranked, greedyIds };
}

function checkNextToken(
  where: string,
  {
    top = NEXT_TOKEN_DEFAULTS.top,
    least = NEXT_TOKEN_DEFAULTS.least,
    greedy = NEXT_TOKEN_DEFAULTS.greedy,
  }: { readonly top?: number | undefined; readonly least?: number | undefined; readonly greedy?: number | undefined },
) {
  checkInteger(where, 'top', top, 1);
  if (!(least >= 0 && least <= 1)) throw new DomainError(`${where}: least must be from 0 to 1, but it is ${least}.`);
  checkInteger(where, 'greedy', greedy, 0);
  return { top, least, greedy };
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
