import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { quoteName } from '../../../../formats/json.ts';
import { addedTokens } from './added-tokens.ts';
import { type Frame, readFrame } from './frame.ts';
import { LONGEST_PIECE, type Mergeable, MOST_MERGES, mergesByScore } from './piece-merges.ts';
import {
  checkLength,
  type GgufVocabulary,
  KEY,
  namedId,
  readGgufVocabulary,
  TYPE,
  tokenizerFault,
} from './vocabulary.ts';

const SPACE = '▁';
/** Tokens behind which Phi-3 leaves white space in the text. */
const PLAIN_IN_PHI3 = new Set(['<unk>', '<s>', '<|endoftext|>']);

/**
 * `llama`: SentencePiece BPE by scores, with tokens of bytes for what has none. A space before every text, unless `add_space_prefix` is false: before each part
 * between added tokens, as in llama.cpp and in the tokenizer.json of Llama 2, Mistral 7B and Phi-3.
 *
 * @throws FormatError naming the key.
 */
export function sentencePieceTokenizer(metadata: GgufMetadata): { readonly tokenizer: object; readonly frame: Frame } {
  refuseNormalizer(metadata);
  // Runs of spaces are stored as such where they are user-defined (Gemma).
  const vocabulary = readGgufVocabulary(metadata, (token, type) =>
    type === TYPE.userDefined && /^ {2,}$/.test(token) ? SPACE.repeat(token.length) : token,
  );
  checkBytes(metadata, vocabulary);
  const unknown = namedId(metadata, vocabulary, KEY.unknown, 0);
  const spaced = metadata.flag(KEY.addSpacePrefix) ?? true;
  const frame = readFrame(metadata, vocabulary, { bos: 1, eos: 2, separator: null, addBos: true, addSeparator: false });
  const isPhi3 = metadata.text('general.architecture') === 'phi3';
  const marks = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const words = [
    { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  return {
    frame,
    tokenizer: {
      version: '1.0',
      added_tokens: addedTokens(vocabulary, {
        takesRight: (id) => isPhi3 && !PLAIN_IN_PHI3.has(vocabulary.tokens[id]!),
      }),
      normalizer: spaced ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: SPACE }, marks] } : marks,
      pre_tokenizer: null,
      post_processor: frame.postProcessor,
      decoder: {
        type: 'Sequence',
        decoders: spaced ? [...words, { type: 'Strip', content: ' ', start: 1, stop: 0 }] : words,
      },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: unknown === null ? null : vocabulary.tokens[unknown],
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: true,
        byte_fallback: true,
        ignore_merges: false,
        vocab: Object.fromEntries(vocabulary.ids),
        merges: readMerges(metadata, vocabulary),
      },
    },
  };
}

/** A normaliser compiled by SentencePiece, which no model of this kind is known to have. */
function refuseNormalizer(metadata: GgufMetadata): void {
  if (metadata.value(KEY.charsmap) !== undefined)
    throw tokenizerFault(metadata, KEY.charsmap, 'be absent beside llama', 'there');
  if (metadata.flag(KEY.removeSpaces) === true)
    throw tokenizerFault(metadata, KEY.removeSpaces, 'be false beside llama');
}

function checkBytes(metadata: GgufMetadata, { tokens, typeOf }: GgufVocabulary): void {
  const wrong = tokens.findIndex((token, id) => typeOf(id) === TYPE.byte && !/^<0x[0-9A-F]{2}>$/.test(token));
  if (wrong >= 0)
    throw tokenizerFault(
      metadata,
      KEY.tokens,
      'spell tokens of bytes <0x00> to <0xFF>',
      `${quoteName(tokens[wrong]!)} for ${wrong}`,
    );
}

function readMerges(metadata: GgufMetadata, vocabulary: GgufVocabulary): (readonly [string, string])[] {
  const merges = mergesByScore(readPieces(metadata, vocabulary), [...vocabulary.ids.keys()]);
  if (merges !== null) return merges;
  throw tokenizerFault(metadata, KEY.tokens, `join in at most ${MOST_MERGES} ways`, 'a list with more');
}

/**
 * What is merged, with its score. SentencePiece finds user-defined pieces before it merges anything, whatever their scores (converters write −1000): they come
 * first, in the order of their ids.
 */
function readPieces(metadata: GgufMetadata, { tokens, typeOf }: GgufVocabulary): Mergeable[] {
  const scores = metadata.numbers(KEY.scores);
  if (scores === undefined) throw tokenizerFault(metadata, KEY.scores, 'give the score of every token');
  checkLength(metadata, KEY.scores, scores.length, tokens.length);
  const [first, rest]: [Mergeable[], Mergeable[]] = [[], []];
  let highest = Number.NEGATIVE_INFINITY;
  tokens.forEach((text, id) => {
    const [type, score] = [typeOf(id), scores[id]!];
    if (!Number.isFinite(score)) throw tokenizerFault(metadata, KEY.scores, 'be finite', `${score} for token ${id}`);
    if (type === TYPE.userDefined) first.push({ text, id, score: 0 });
    if (type !== TYPE.normal && type !== TYPE.unused) return;
    if (text.length > LONGEST_PIECE)
      throw tokenizerFault(
        metadata,
        KEY.tokens,
        `have pieces of at most ${LONGEST_PIECE} characters`,
        `one of ${text.length} for ${id}`,
      );
    rest.push({ text, id, score });
    highest = Math.max(highest, score);
  });
  refuseEqualScores(metadata, rest);
  return [...first.map((piece, i) => ({ ...piece, score: highest + first.length - i })), ...rest];
}

/** Some converters knew no scores and wrote the same for all: nothing says then what is merged first. */
function refuseEqualScores(metadata: GgufMetadata, pieces: readonly Mergeable[]): void {
  const long = pieces.filter(({ text }) => Array.from(text).length > 1);
  if (long.length > 1 && long.every(({ score }) => score === long[0]!.score))
    throw tokenizerFault(metadata, KEY.scores, 'order the tokens', `${long[0]!.score} for all that are merged`);
}
