import { describeJson } from '../../../formats/json.ts';
import { checkText, type Fields, refuse } from '../fields.ts';
import { characterLength } from '../piece.ts';
import { PrefixIndex } from '../prefix-index.ts';
import { MOST_IDS, Vocabulary } from '../vocabulary.ts';
import { failUnknown, type TokenModel } from './model.ts';

/** How much less likely an unknown character is than the least likely token (natural logarithm). */
const UNKNOWN_PENALTY = 10;
/** Stands for the id of the unknown token where there is none. */
const MISSING = -1;

/**
 * The most likely way to write a piece in tokens with given log-probabilities, by Viterbi's algorithm; unknown characters that
 * follow one another are one token.
 *
 * @source Kudo, “Subword regularization”, arXiv:1804.10959, section 3.2
 */
export function readUnigram(fields: Fields): TokenModel {
  const { vocabulary, scores } = readPieces(fields);
  const unknown = fields.has('unk_id') ? fields.count('unk_id', 0) : null;
  fields.skip('unk_id');
  if (unknown !== null && unknown >= vocabulary.count)
    refuse(fields.at('unk_id'), `be below ${vocabulary.count}, the number of tokens`, `it is ${unknown}`);
  const spellsBytes = fields.flag('byte_fallback', false);
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
  let index: PrefixIndex | null = null;

  /** Where each part of the best way begins and ends, and whether it is unknown. */
  function bestWay(piece: string): { readonly from: number; readonly to: number; readonly isUnknown: boolean }[] {
    index ??= new PrefixIndex(vocabulary.texts);
    const best = new Float64Array(piece.length + 1);
    const begins = new Int32Array(piece.length + 1).fill(-1);
    const ids = new Int32Array(piece.length + 1);
    const offer = (from: number, to: number, score: number, id: number): void => {
      if (begins[to]! >= 0 && score <= best[to]!) return;
      best[to] = score;
      begins[to] = from;
      ids[to] = id;
    };
    for (let from = 0; from < piece.length; ) {
      const length = characterLength(piece, from);
      let single = false;
      for (const token of index.at(piece, from)) {
        const id = vocabulary.id(token)!;
        offer(from, from + token.length, scores[id]! + best[from]!, id);
        single ||= token.length === length;
      }
      if (!single) offer(from, from + length, unknownScore + best[from]!, unknown ?? MISSING);
      from += length;
    }
    const way = [];
    for (let to = piece.length; to > 0; to = begins[to]!)
      way.push({ from: begins[to]!, to, isUnknown: ids[to] === (unknown ?? MISSING) });
    return way.reverse();
  }

  function idsOf(part: string): readonly number[] {
    const id = vocabulary.id(part);
    if (id !== undefined) return [id];
    return (spellsBytes ? vocabulary.bytes(part) : null) ?? [unknown ?? failUnknown(part, null)];
  }

  return {
    vocabulary,
    encode(piece) {
      const parts: string[] = [];
      let afterUnknown = false;
      for (const { from, to, isUnknown } of bestWay(piece)) {
        const part = piece.slice(from, to);
        if (isUnknown && unknown === null) failUnknown(part, null);
        if (isUnknown && afterUnknown) parts[parts.length - 1] += part;
        else parts.push(part);
        afterUnknown = isUnknown;
      }
      return parts.flatMap(idsOf);
    },
  };
}

/** [["text", score], …]; the id of a token is its place. */
function readPieces(fields: Fields): { readonly vocabulary: Vocabulary; readonly scores: readonly number[] } {
  const pieces = fields.list('vocab');
  const path = fields.at('vocab');
  if (pieces.length > MOST_IDS) refuse(path, `have at most ${MOST_IDS} tokens`, `it has ${pieces.length}`);
  const ids = new Map<string, number>();
  const scores = pieces.map((piece, id) => {
    if (!Array.isArray(piece) || piece.length !== 2 || typeof piece[1] !== 'number')
      refuse(`${path}[${id}]`, 'be a text with its score', `it is ${describeJson(piece)}`);
    const text = checkText(piece[0], `${path}[${id}][0]`);
    if (ids.has(text)) refuse(`${path}[${id}]`, 'differ from the tokens before', `it is ${describeJson(text)} again`);
    ids.set(text, id);
    return piece[1];
  });
  return { vocabulary: new Vocabulary(ids, path), scores };
}
