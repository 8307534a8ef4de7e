import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { KEY, tokenizerFault } from './vocabulary.ts';

/** How a byte-level vocabulary is used. */
export interface PreTokenizerRule {
  /** The pre_tokenizer that tokenizer.json would have. */
  readonly preTokenizer: object;
  /** Whether a piece that is a token as a whole is taken before any merge. */
  readonly ignoresMerges: boolean;
  /** Whether BOS begins a text where the file does not say. */
  readonly addsBos: boolean;
  /** Whether texts are brought to Unicode's form C first. */
  readonly composes: boolean;
  /** Whether the mask takes the white space before it. */
  readonly maskTakesLeft: boolean;
}

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const BYTES_ONLY = { ...BYTE_LEVEL, use_regex: false };

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const LETTERS = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const FRONT = String.raw`[^\r\n\p{L}\p{N}]?`;
const SYMBOLS = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*`;
const PATHS = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*`;
const SPACES = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;
const BLOOM = String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`;
const DIGIT = String.raw`\p{N}`;

const LLAMA3 = splits([CONTRACTIONS, LETTERS, String.raw`\p{N}{1,3}`, SYMBOLS, SPACES].join('|'));
const QWEN2 = splits([CONTRACTIONS, LETTERS, DIGIT, SYMBOLS, SPACES].join('|'));
const DIGITS = sequence({ type: 'Digits', individual_digits: true }, BYTE_LEVEL);

/** What the names of `tokenizer.ggml.pre` stand for, names that llama.cpp treats alike together. */
const RULES: readonly (readonly [names: string, preTokenizer: object])[] = [
  [
    'gpt-2 phi-2 roberta-bpe modern-bert olmo mpt jina-es jina-de jina-v1-en jina-v2-es jina-v2-de jina-v2-code gigachat ' +
      'a.x-4.0 mellum exaone4 jais trillion granite-docling',
    BYTE_LEVEL,
  ],
  ['smollm starcoder refact command-r codeshell exaone minerva-7b mellum2', DIGITS],
  ['llama-bpe llama3 llama-v3 smaug-bpe dbrx falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano', LLAMA3],
  ['qwen2 deepseek-r1-qwen stablelm2 megrez kormo f2llmv2 hunyuan solar-open grok-2', QWEN2],
  [
    'qwen35',
    splits(
      [
        CONTRACTIONS,
        String.raw`[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+`,
        DIGIT,
        String.raw` ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*`,
        SPACES,
      ].join('|'),
    ),
  ],
  ['tekken', splits([`${FRONT}${UPPER}*${LOWER}+`, `${FRONT}${UPPER}+${LOWER}*`, DIGIT, PATHS, SPACES].join('|'))],
  [
    'gpt-4o llama4 kanana2 talkie minimax-m2',
    splits(
      [
        `${FRONT}${UPPER}*${LOWER}+${CONTRACTIONS}?`,
        `${FRONT}${UPPER}+${LOWER}*${CONTRACTIONS}?`,
        String.raw`\p{N}{1,3}`,
        PATHS,
        SPACES,
      ].join('|'),
    ),
  ],
  [
    'falcon',
    sequence(
      { type: 'Punctuation', behavior: 'Contiguous' },
      BYTE_LEVEL,
      { type: 'Digits', individual_digits: false },
      split('[0-9][0-9][0-9]'),
    ),
  ],
  ['bloom poro-chat gpt3-finnish', splits(BLOOM)],
  ['viking', splits(BLOOM, DIGIT)],
  [
    'deepseek-coder',
    splits(String.raw`[\r\n]`, String.raw`\s?\p{L}+`, String.raw`\s?\p{P}+`, '[一-龥ࠀ-一가-퟿]+', DIGIT),
  ],
  [
    'deepseek-v3',
    splits(
      String.raw`\p{N}{1,3}`,
      '[一-龥぀-ゟ゠-ヿ]+',
      [
        String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${'`'}{|}~][A-Za-z]+`,
        String.raw`[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+`,
        String.raw` ?[\p{P}\p{S}]+[\r\n]*`,
        SPACES,
      ].join('|'),
    ),
  ],
];

const LLAMA3_ALONE = 'llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano tekken';
const TAKES_WHOLE_FIRST = new Set(LLAMA3_ALONE.split(' '));
/** Names whose vocabularies Hugging Face's classes (of Qwen2, Cohere and GPT-NeoX) use behind form C. llama.cpp leaves it out. */
const COMPOSES = new Set(['qwen2', 'qwen35', 'deepseek-r1-qwen', 'command-r', 'olmo', 'mpt', 'modern-bert']);
const MASKS = new Set(['roberta-bpe', 'modern-bert']);

const BY_NAME: ReadonlyMap<string, object> = new Map(
  RULES.flatMap(([names, preTokenizer]) => names.split(' ').map((name) => [name, preTokenizer] as const)),
);

/** Names of `tokenizer.ggml.pre` that are known. */
export const PRE_TOKENIZERS: readonly string[] = [...BY_NAME.keys()];

/**
 * What `tokenizer.ggml.pre` names. It is never guessed: neither from the architecture, nor where it is absent or `default`, by which llama.cpp means that
 * the converter did not know.
 *
 * @throws FormatError listing the names that are known.
 */
export function preTokenizerRule(metadata: GgufMetadata): PreTokenizerRule {
  const name = metadata.text(KEY.pre);
  const preTokenizer = BY_NAME.get(name ?? '');
  if (name === undefined || preTokenizer === undefined)
    throw tokenizerFault(metadata, KEY.pre, `be one of ${PRE_TOKENIZERS.join(', ')}`);
  const whole = TAKES_WHOLE_FIRST.has(name);
  return {
    preTokenizer,
    ignoresMerges: whole,
    addsBos: whole,
    composes: COMPOSES.has(name),
    maskTakesLeft: MASKS.has(name),
  };
}

/** Splits by regular expressions, one after the other, then spells bytes. */
function splits(...patterns: readonly string[]): object {
  return sequence(...patterns.map(split), BYTES_ONLY);
}

function split(regex: string): object {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

function sequence(...steps: readonly object[]): object {
  return { type: 'Sequence', pretokenizers: steps };
}
