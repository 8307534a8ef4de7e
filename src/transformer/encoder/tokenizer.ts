import { DomainError } from '../../core/errors.ts';
import { isJsonObject, jsonText } from '../../formats/json.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openTokenizer } from '../tokenizer.ts';
import { CLASS_ID, CLASS_TOKEN, encodeWords, tokenizerFile } from './words.ts';

/** How an encoder reads texts: a class token, then the text's own. */
export interface EncoderTokenizer {
  /** V, the class token included. */
  readonly size: number;
  /** Number of the class token. */
  readonly classId: number;
  /** tokenizer.json and tokenizer_config.json. */
  readonly files: { readonly tokenizer: object; readonly config: object };
  /** Token ids, the class token first; at most `length` of them. */
  encode(text: string, length: number): number[];
}

/** Whole words of a vocabulary as `vocabularyOf` gives it. */
export function wordTokenizer(vocabulary: readonly string[]): EncoderTokenizer {
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  return {
    size: vocabulary.length,
    classId: CLASS_ID,
    files: {
      tokenizer: tokenizerFile(vocabulary),
      config: { tokenizer_class: 'PreTrainedTokenizerFast', bos_token: CLASS_TOKEN },
    },
    encode: (text, length) => encodeWords(ids, text, length),
  };
}

/**
 * The tokenizer of a checkpoint with the class token added behind its V tokens.
 *
 * @throws FormatError if the checkpoint has no tokenizer; DomainError if that has a token [CLS] of its own.
 */
export function extendedTokenizer(checkpoint: Checkpoint): EncoderTokenizer {
  const { V } = checkpoint.config;
  const inner = openTokenizer(checkpoint);
  if (inner.size > V) {
    throw new DomainError(
      `extendedTokenizer: the tokenizer of ${checkpoint.label} must have no ids from ${V} on, the model's vocabulary, but it has ${inner.size - 1}. Give another checkpoint.`,
    );
  }
  const { tokenizer, config } = checkpoint.tokenizerFiles!;
  if (jsonText(tokenizer).includes(jsonText(CLASS_TOKEN))) {
    throw new DomainError(
      `extendedTokenizer: the tokenizer of ${checkpoint.label} must have no token ${CLASS_TOKEN}, but it has one. Give another checkpoint.`,
    );
  }
  return {
    size: V + 1,
    classId: V,
    files: {
      tokenizer: withClassToken(Object.fromEntries(Object.entries(tokenizer)), inner.size, V),
      config: { ...config, bos_token: CLASS_TOKEN },
    },
    encode: (text, length) => [V, ...inner.encode(text, { bos: false })].slice(0, length),
  };
}

/**
 * tokenizer.json with one more special token, which its post-processor puts first. As the ids of added tokens follow from their
 * places, others stand for the rows with which the model's vocabulary is padded.
 */
function withClassToken(tokenizer: Readonly<Record<string, unknown>>, size: number, id: number): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const begin = { SpecialToken: { id: CLASS_TOKEN, type_id: 0 } };
  const [first, second] = ['A', 'B'].map((name) => ({ Sequence: { id: name, type_id: 0 } }));
  const template = {
    type: 'TemplateProcessing',
    single: [begin, first],
    pair: [begin, first, second],
    special_tokens: { [CLASS_TOKEN]: { id: CLASS_TOKEN, ids: [id], tokens: [CLASS_TOKEN] } },
  };
  const padding = Array.from({ length: id - size }, (_, i) => ({
    id: size + i,
    content: `[unused${size + i}]`,
    ...flags,
  }));
  const { added_tokens: added, post_processor: before } = tokenizer;
  return {
    ...tokenizer,
    added_tokens: [...(Array.isArray(added) ? added : []), ...padding, { id, content: CLASS_TOKEN, ...flags }],
    post_processor: isJsonObject(before) ? { type: 'Sequence', processors: [before, template] } : template,
  };
}
