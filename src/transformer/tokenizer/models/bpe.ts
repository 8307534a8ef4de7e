import { describeJson } from '../../../formats/json.ts';
import { type Fields, refuse } from '../fields.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary.ts';
import { type Merges, mergeAll } from './merge.ts';
import { failUnknown, type TokenModel } from './model.ts';
import { PairTable } from './pair-table.ts';

/** Words whose tokens are kept, and the longest of them. */
const [KEPT_WORDS, LONGEST_KEPT] = [10_000, 256];

/**
 * Byte-pair encoding: characters, and pairs of neighbours merged in the order in which they were learned.
 *
 * @source Sennrich, Haddow and Birch, “Neural machine translation of rare words with subword units”, arXiv:1508.07909
 */
export function readBpe(fields: Fields): TokenModel {
  const vocabulary = readVocabulary(fields.any('vocab'), fields.at('vocab'));
  const prefix = fields.optionalText('continuing_subword_prefix') ?? '';
  const suffix = fields.optionalText('end_of_word_suffix') ?? '';
  const unknown = fields.optionalText('unk_token');
  const fuses = fields.flag('fuse_unk', false);
  const spellsBytes = fields.flag('byte_fallback', false);
  const wholeFirst = fields.flag('ignore_merges', false);
  const dropout = fields.any('dropout') ?? 0;
  if (dropout !== 0)
    refuse(fields.at('dropout'), 'be null or 0, as ids are not drawn by chance', `it is ${describeJson(dropout)}`);
  const merges = readMerges(fields, vocabulary, prefix);
  const kept = new Map<string, readonly number[]>();

  /** Ids of the characters. An unknown one waits for the next that is known before it is put down. */
  function charactersOf(word: string): number[] {
    const ids: number[] = [];
    const characters = Array.from(word);
    let waiting: number | null = null;
    characters.forEach((character, i) => {
      const text = (i > 0 ? prefix : '') + character + (i === characters.length - 1 ? suffix : '');
      const id = vocabulary.id(text);
      if (id !== undefined) {
        if (waiting !== null) ids.push(waiting);
        waiting = null;
        ids.push(id);
        return;
      }
      const bytes = spellsBytes ? vocabulary.bytes(text) : null;
      if (bytes !== null) {
        ids.push(...bytes);
      } else if (unknown !== null) {
        if (waiting !== null && !fuses) ids.push(waiting);
        waiting = vocabulary.id(unknown) ?? failUnknown(character, unknown);
      }
    });
    if (waiting !== null) ids.push(waiting);
    return ids;
  }

  function tokensOf(word: string): readonly number[] {
    const whole = wholeFirst ? vocabulary.id(word) : undefined;
    return whole === undefined ? mergeAll(charactersOf(word), merges) : [whole];
  }

  return {
    vocabulary,
    encode(word) {
      let ids = kept.get(word);
      if (ids === undefined) {
        ids = tokensOf(word);
        if (word.length <= LONGEST_KEPT && kept.size < KEPT_WORDS) kept.set(word, ids);
      }
      return ids;
    },
  };
}

/** [["a", "b"], …] or ["a b", …], the first learned first; of the same pair the last counts. */
function readMerges(fields: Fields, vocabulary: Vocabulary, prefix: string): Merges {
  const path = fields.at('merges');
  const list = fields.list('merges').filter((merge) => typeof merge !== 'string' || !merge.startsWith('#version'));
  const ranks = new PairTable(list.length);
  const results: number[] = [];
  const idOf = (text: string, rank: number): number =>
    vocabulary.id(text) ??
    refuse(`${path}[${rank}]`, 'join tokens of the vocabulary', `${describeJson(text)} is not in it`);
  list.forEach((merge, rank) => {
    const [left, right] = readPair(merge, path, rank);
    if (!right.startsWith(prefix))
      refuse(
        `${path}[${rank}]`,
        `have a second token that begins with ${describeJson(prefix)}`,
        `it is ${describeJson(right)}`,
      );
    ranks.set(idOf(left, rank), idOf(right, rank), rank);
    results.push(idOf(left + right.slice(prefix.length), rank));
  });
  return { rank: (first, second) => ranks.get(first, second), results };
}

function readPair(merge: unknown, path: string, rank: number): readonly [string, string] {
  const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
  if (Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && typeof pair[1] === 'string')
    return [pair[0], pair[1]];
  return refuse(`${path}[${rank}]`, 'be a pair of tokens', `it is ${describeJson(merge)}`);
}
