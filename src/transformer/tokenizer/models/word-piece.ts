import type { Fields } from '../fields.ts';
import { PrefixIndex } from '../prefix-index.ts';
import { readVocabulary } from '../vocabulary.ts';
import { failUnknown, type TokenModel } from './model.ts';

/**
 * Words in pieces, the longest first; those behind the first carry a prefix. A word that does not come out, or is too long, is
 * the unknown token as a whole.
 *
 * @source Wu et al., “Google's neural machine translation system”, arXiv:1609.08144, section 4.1
 */
export function readWordPiece(fields: Fields): TokenModel {
  const vocabulary = readVocabulary(fields.any('vocab'), fields.at('vocab'));
  const unknown = fields.text('unk_token');
  const prefix = fields.text('continuing_subword_prefix');
  const longest = fields.count('max_input_chars_per_word', 0);
  let indices: readonly [PrefixIndex, PrefixIndex] | null = null;

  function makeIndices(): readonly [PrefixIndex, PrefixIndex] {
    const texts = [...vocabulary.texts];
    const later = texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
    return [new PrefixIndex(texts), new PrefixIndex(later)];
  }

  function piecesOf(word: string): number[] | null {
    const [first, later] = (indices ??= makeIndices());
    const ids: number[] = [];
    for (let at = 0; at < word.length; ) {
      const found = (at === 0 ? first : later).longestAt(word, at);
      if (found === null) return null;
      ids.push(vocabulary.id(at === 0 ? found : prefix + found)!);
      at += found.length;
    }
    return ids;
  }

  return {
    vocabulary,
    encode(word) {
      const ids = Array.from(word).length > longest ? null : piecesOf(word);
      return ids ?? [vocabulary.id(unknown) ?? failUnknown(word, unknown)];
    },
  };
}
