import type { Precision } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { RandomStream } from '../../core/philox.ts';
import { PASS_DEFAULTS } from '../defaults.ts';
import { checkPredictsTokens } from '../language-model.ts';
import { probabilities } from '../law.ts';
import type { Model } from '../model.ts';
import { appendTogether, Session } from '../session.ts';
import { textGroups, tokensTogether } from '../text-groups.ts';

/** Options of `sampleTexts`. */
export interface SampleTextsOptions {
  /** Number of texts. */
  readonly count: number;
  /** Tokens of each text, at most the model's longest sequence. */
  readonly length: number;
  /** An unsigned 64-bit integer; text k draws from stream k. Default 1. */
  readonly seed?: bigint;
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Called after every text, or after those that are drawn together. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Texts drawn from a model's own law, token by token. The first token is the one that begins texts, or where there is none one
 * drawn uniformly. Text k depends on (seed, k) alone.
 *
 * @throws DomainError for a classifier, or a count or a length out of range.
 */
export function sampleTexts(
  model: Model,
  { count, length, seed = 1n, precision = PASS_DEFAULTS.precision, onProgress }: SampleTextsOptions,
): number[][] {
  checkPredictsTokens('sampleTexts', model);
  const { maxPositions } = model.config;
  checkInteger('sampleTexts', 'count', count, 1);
  checkInteger('sampleTexts', 'length', length, 1, maxPositions);
  const texts: number[][] = [];
  const most = tokensTogether(model, precision);
  for (const numbers of textGroups(Array(count).keys(), () => length, most)) {
    texts.push(...drawnTogether(model, numbers, length, seed, precision));
    onProgress?.(texts.length, count);
  }
  return texts;
}

/** The texts with these numbers. */
function drawnTogether(
  model: Model,
  numbers: readonly number[],
  length: number,
  seed: bigint,
  precision: Precision,
): number[][] {
  const { V, bosId } = model.config;
  const sessions: Session[] = [];
  try {
    const texts = numbers.map((k) => {
      sessions.push(new Session(model, { precision, capacity: length }));
      const stream = new RandomStream(seed, BigInt(k));
      const uniform = stream.next();
      return { stream, ids: [bosId ?? Math.floor(uniform * V)] };
    });
    for (let read = 1; read < length; read++) {
      const results = appendTogether(texts.map(({ ids }, i) => ({ session: sessions[i]!, ids: ids.slice(-1) })));
      for (const [i, { logits }] of results.entries()) {
        const { ids, stream } = texts[i]!;
        ids.push(drawn(probabilities(model.backend, logits), stream.next()));
      }
    }
    return texts.map(({ ids }) => ids);
  } finally {
    for (const session of sessions) session.release();
  }
}

/** The token at which the distribution function passes u; rounding may leave the last one with a probability. */
function drawn(p: Float64Array, u: number): number {
  let sum = 0;
  let last = 0;
  for (let id = 0; id < p.length; id++) {
    if (p[id]! > 0) last = id;
    sum += p[id]!;
    if (u < sum) return id;
  }
  return last;
}
