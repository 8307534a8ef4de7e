import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { addedTokens } from './added-tokens.ts';
import { type Frame, readFrame } from './frame.ts';
import { type GgufVocabulary, KEY, namedId, readGgufVocabulary, TYPE, tokenizerFault } from './vocabulary.ts';

/** Marks the beginning of a word in the file; in WordPiece what does not begin one is marked. */
const [BEGINS, CONTINUES] = ['▁', '##'];

/**
 * `bert`: WordPiece. The file spells the pieces that begin words ▁x and the others x; they become x and ##x again, control tokens stay as they are.
 *
 * @throws FormatError naming the key.
 */
export function wordPieceTokenizer(metadata: GgufMetadata): { readonly tokenizer: object; readonly frame: Frame } {
  const vocabulary = readGgufVocabulary(metadata, (token, type) => {
    if (type === TYPE.control || type === TYPE.unknown) return token;
    return token.startsWith(BEGINS) && token !== BEGINS ? token.slice(BEGINS.length) : CONTINUES + token;
  });
  const unknown = namedId(metadata, vocabulary, KEY.unknown, 100);
  if (unknown === null) throw tokenizerFault(metadata, KEY.unknown, 'name the token of unknown words');
  const frame = readFrame(metadata, vocabulary, {
    bos: 101,
    eos: null,
    separator: 102,
    addBos: true,
    addSeparator: true,
  });
  const lowercase = metadata.flag(KEY.lowercase) ?? !hasCapitals(vocabulary);
  return {
    frame,
    tokenizer: {
      version: '1.0',
      added_tokens: addedTokens(vocabulary),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: metadata.flag(KEY.stripAccents) ?? lowercase,
        lowercase,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: frame.postProcessor,
      decoder: { type: 'WordPiece', prefix: CONTINUES, cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: vocabulary.tokens[unknown],
        continuing_subword_prefix: CONTINUES,
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(vocabulary.ids),
      },
    },
  };
}

/**
 * Whether texts keep their capitals, where the file does not say: a vocabulary that has A to Z in ordinary tokens ([UNK] and its like are none) was learned from such texts, and one
 * without them cannot spell any. llama.cpp takes every text in lower case then, also for a vocabulary with capitals.
 */
function hasCapitals({ tokens, typeOf }: GgufVocabulary): boolean {
  return tokens.some(
    (token, id) => typeOf(id) === TYPE.normal && /[A-Z]/.test(token) && !/^(?:##)?\[.*\]$/.test(token),
  );
}
