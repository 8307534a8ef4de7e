import { BYTES_PER_ELEMENT, type Precision } from '../backend/memory.ts';
import type { Model } from './model.ts';

/** Share of a budget for weights that keys, values and streams of texts that are read together may take. */
const SHARE = 1 / 8;
/** Bytes that they take at most. */
const MOST_BYTES = 2 ** 28;

/**
 * Tokens that go through a model together at most: of a model whose weights are read from files as many as its budget leaves room for beside a
 * pass, so that the files are read seldom; otherwise 0, for one text at a time.
 */
export function tokensTogether({ config, streamed }: Pick<Model, 'config' | 'streamed'>, precision: Precision): number {
  if (streamed === null) return 0;
  const { D, G, K, L } = config;
  const perToken = BYTES_PER_ELEMENT[precision] * (2 * G * K * L + (2 * L + 2) * D);
  return Math.floor(Math.min(SHARE * streamed.budget, MOST_BYTES) / perToken);
}

/** Takes neighbours of some texts together: as many as have no more than `most` tokens, at least one. */
export function* textGroups<Text>(
  texts: Iterable<Text>,
  lengthOf: (text: Text) => number,
  most: number,
): Generator<Text[]> {
  let group: Text[] = [];
  let tokens = 0;
  for (const text of texts) {
    const length = lengthOf(text);
    if (group.length > 0 && tokens + length > most) {
      yield group;
      [group, tokens] = [[], 0];
    }
    group.push(text);
    tokens += length;
  }
  if (group.length > 0) yield group;
}
