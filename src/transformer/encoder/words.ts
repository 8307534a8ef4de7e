import { lowerCase } from '../tokenizer/characters.ts';

/** Token that begins every text and carries its class; and the token for words the vocabulary has not. */
export const CLASS_TOKEN = '[CLS]';
export const UNKNOWN_TOKEN = '[UNK]';
/** Ids of the two: a vocabulary begins with them. */
export const CLASS_ID = 0;
export const UNKNOWN_ID = 1;

/** A word is a run of letters and digits; any other visible character stands alone. */
const WORD = String.raw`[\p{L}\p{N}]+|[^\s\p{L}\p{N}]`;
/** Longest word that is looked up. */
const LONGEST = 100;

/** The words of a text in lower case. */
export function wordsOf(text: string): string[] {
  return Array.from(text, lowerCase).join('').match(new RegExp(WORD, 'gu')) ?? [];
}

/**
 * The two special tokens, then every word that some texts hold at least `least` times: commonest first, equals in code-unit order.
 */
export function vocabularyOf(texts: Iterable<string>, least: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of wordsOf(text)) if (word.length <= LONGEST) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const common = [...counts].filter(([, count]) => count >= least);
  common.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [CLASS_TOKEN, UNKNOWN_TOKEN, ...common.map(([word]) => word)];
}

/** Token ids of a text after the class token; at most `length` of them in all. */
export function encodeWords(ids: ReadonlyMap<string, number>, text: string, length: number): number[] {
  return [CLASS_ID, ...wordsOf(text).map((word) => ids.get(word) ?? UNKNOWN_ID)].slice(0, length);
}

/** tokenizer.json of a vocabulary of whole words: WordPiece without pieces. */
export function tokenizerFile(vocabulary: readonly string[]): object {
  const special = [CLASS_TOKEN, UNKNOWN_TOKEN].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Split', pattern: { Regex: WORD }, behavior: 'Removed', invert: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: CLASS_TOKEN, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        { SpecialToken: { id: CLASS_TOKEN, type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 0 } },
      ],
      special_tokens: { [CLASS_TOKEN]: { id: CLASS_TOKEN, ids: [CLASS_ID], tokens: [CLASS_TOKEN] } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: UNKNOWN_TOKEN,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: LONGEST,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}
