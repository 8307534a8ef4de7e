import type { GgufMetadata } from '../../../../formats/gguf/metadata.ts';
import { quoteName } from '../../../../formats/json.ts';
import { MOST_IDS } from '../../../tokenizer/vocabulary.ts';

/** Names of the metadata that describe a tokenizer. */
export const KEY = {
  model: 'tokenizer.ggml.model',
  pre: 'tokenizer.ggml.pre',
  tokens: 'tokenizer.ggml.tokens',
  types: 'tokenizer.ggml.token_type',
  scores: 'tokenizer.ggml.scores',
  merges: 'tokenizer.ggml.merges',
  bos: 'tokenizer.ggml.bos_token_id',
  eos: 'tokenizer.ggml.eos_token_id',
  unknown: 'tokenizer.ggml.unknown_token_id',
  /** Spelt so by llama.cpp. */
  separator: 'tokenizer.ggml.seperator_token_id',
  mask: 'tokenizer.ggml.mask_token_id',
  addBos: 'tokenizer.ggml.add_bos_token',
  addEos: 'tokenizer.ggml.add_eos_token',
  addSeparator: 'tokenizer.ggml.add_sep_token',
  addSpacePrefix: 'tokenizer.ggml.add_space_prefix',
  removeSpaces: 'tokenizer.ggml.remove_extra_whitespaces',
  charsmap: 'tokenizer.ggml.precompiled_charsmap',
  lowercase: 'tokenizer.ggml.normalizer.lowercase',
  stripAccents: 'tokenizer.ggml.normalizer.strip_accents',
} as const;

/** Kinds of tokens, by the numbers of `tokenizer.ggml.token_type`. */
export const TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** The tokens of a GGUF file. */
export interface GgufVocabulary {
  /** Text of each id, as the tokenizer spells it; empty where an id has none. */
  readonly tokens: readonly string[];
  /** Id of each text. */
  readonly ids: ReadonlyMap<string, number>;
  /** Kind of a token, a number of {@link TYPE}. */
  typeOf(id: number): number;
}

/** Spells a token as the tokenizer does, where the file does it otherwise. */
export type Respelling = (token: string, type: number) => string;

/**
 * The tokens and their kinds, checked. Tokens of no text, which some files have in place of ids that are not used, get none.
 *
 * @throws FormatError if there are none, one comes twice, or the list of kinds does not fit.
 */
export function readGgufVocabulary(metadata: GgufMetadata, respell: Respelling = (token) => token): GgufVocabulary {
  const stored = metadata.texts(KEY.tokens);
  if (stored === undefined || stored.length === 0 || stored.length > MOST_IDS)
    throw tokenizerFault(metadata, KEY.tokens, `list 1 to ${MOST_IDS} tokens`);
  const types = readTypes(metadata, stored.length);
  const typeOf = (id: number): number => types?.[id] ?? TYPE.normal;
  const ids = new Map<string, number>();
  const tokens = stored.map((token, id) => {
    if (token === '') return '';
    const text = respell(token, typeOf(id));
    const other = ids.get(text);
    if (other !== undefined)
      throw tokenizerFault(metadata, KEY.tokens, 'list every token once', `${quoteName(token)} as ${other} and ${id}`);
    if (text !== '') ids.set(text, id);
    return text;
  });
  if (ids.size === 0) throw tokenizerFault(metadata, KEY.tokens, 'list tokens that have a text');
  return { tokens, ids, typeOf };
}

function readTypes(metadata: GgufMetadata, count: number): ArrayLike<number> | null {
  const types = metadata.numbers(KEY.types);
  if (types === undefined) return null;
  checkLength(metadata, KEY.types, types.length, count);
  const wrong = types.findIndex((type) => !Number.isInteger(type) || type < TYPE.normal || type > TYPE.byte);
  if (wrong >= 0)
    throw tokenizerFault(metadata, KEY.types, 'have kinds from 1 to 6', `${types[wrong]} for token ${wrong}`);
  return types;
}

/** @throws FormatError unless a list has one entry for each of `count` tokens. */
export function checkLength(metadata: GgufMetadata, key: string, length: number, count: number): void {
  if (length === count) return;
  throw tokenizerFault(metadata, key, `have one entry for each of ${count} tokens`, `a list of ${length}`);
}

/** An id that a key names, or a fallback where it is absent. @throws FormatError for an id without a text. */
export function namedId(
  metadata: GgufMetadata,
  { tokens }: GgufVocabulary,
  key: string,
  fallback: number | null,
): number | null {
  const id = metadata.integer(key);
  if (id === undefined) return fallback !== null && hasText(tokens, fallback) ? fallback : null;
  if (hasText(tokens, id)) return id;
  const must = `be the id of a token, from 0 to ${tokens.length - 1}`;
  throw tokenizerFault(metadata, key, must, id < tokens.length ? `${id}, which has no text` : String(id));
}

function hasText(tokens: readonly string[], id: number): boolean {
  return (tokens[id] ?? '') !== '';
}

/** A tokenizer that cannot be built; the model still takes ids. */
export function tokenizerFault(metadata: GgufMetadata, key: string, must: string, found?: string) {
  return metadata.fault(key, must, found, 'Give token ids with --ids.');
}
