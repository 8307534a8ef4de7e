import { Tokenizer as Encoder } from '@huggingface/tokenizers';
import { DomainError, FormatError } from '../core/errors.ts';
import { isJsonObject, jsonText } from '../formats/json.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { printablePiece } from './token-text.ts';

const SOURCE = 'tokenizer.json';

/** Text ↔ token ids of one checkpoint. */
export interface Tokenizer {
  /** One more than the largest id that has a text. It may differ from the model's V, which is often padded. */
  readonly size: number;
  /** The token that begins a text; null if neither the tokenizer nor the model names one. */
  readonly bosId: number | null;
  /**
   * Token ids of `text`, and nothing else: no token is added but the one that begins a text, and that only with `bos`.
   *
   * @throws DomainError if `bos` is asked for and there is no such token, or if an id lies outside the model's vocabulary.
   */
  encode(text: string, options: { readonly bos: boolean }): number[];
  /** The text of `ids`, special tokens included; an id without a text becomes ⟨id 17⟩. @throws DomainError for an id that is no integer ≥ 0. */
  decode(ids: Iterable<number>): string;
  /**
   * One token for display on one line: its text, with control characters and bytes that are no character by themselves as
   * \n, \t or ⟨0x9F⟩, and ⟨id 17⟩ for an id without a text. @throws DomainError for an id that is no integer ≥ 0.
   */
  token(id: number): string;
}

/**
 * The tokenizer of a checkpoint's tokenizer.json (and tokenizer_config.json, for the token that begins a text).
 *
 * @throws FormatError if the checkpoint has none, or it cannot be read.
 */
export function openTokenizer(checkpoint: Pick<Checkpoint, 'label' | 'config' | 'tokenizerFiles'>): Tokenizer {
  const files = checkpoint.tokenizerFiles;
  if (files === null) {
    throw new FormatError(
      `openTokenizer: ${checkpoint.label} must contain ${SOURCE} to read text, but it does not. Give token ids with --ids.`,
      { source: SOURCE },
    );
  }
  const encoder = openEncoder(files.tokenizer, files.config);
  const bosId = beginningToken(encoder, files.config) ?? checkpoint.config.bosId;
  const { V } = checkpoint.config;
  const added = encoder.get_added_tokens_decoder();

  function encode(text: string, { bos }: { readonly bos: boolean }): number[] {
    if (bos && bosId === null) {
      throw new DomainError(
        'encode: bos must be false for this checkpoint, but it is true. No token begins its texts.',
      );
    }
    const encoded = encoder.encode(text, { add_special_tokens: false });
    const ids = bos && bosId !== null ? [bosId, ...encoded.ids] : [...encoded.ids];
    const wrong = ids.findIndex(
      (id: unknown) => !Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= V,
    );
    if (wrong >= 0) {
      throw new DomainError(
        `encode: every token must have an id below the model's vocabulary of ${V}, but token ${wrong} has ${String(ids[wrong])}. ${SOURCE} may belong to another model.`,
      );
    }
    return ids;
  }

  function decode(ids: Iterable<number>): string {
    let text = '';
    let run: number[] = [];
    const flush = (): void => {
      if (run.length > 0)
        text += encoder.decode(run, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
      run = [];
    };
    for (const id of ids) {
      checkId('decode', id);
      if (encoder.id_to_token(id) !== undefined) {
        run.push(id);
      } else {
        flush();
        text += placeholder(id);
      }
    }
    flush();
    return text;
  }

  function token(id: number): string {
    checkId('token', id);
    const piece = encoder.id_to_token(id);
    if (piece === undefined) return placeholder(id);
    return printablePiece(piece, added.has(id) ? 'plain' : spelling);
  }

  const spelling = spellsBytes(files.tokenizer) ? 'bytes' : 'words';
  return { size: vocabularySize(encoder), bosId, encode, decode, token };
}

/** The library wants every key to be there; the file may leave out those that are null. */
function openEncoder(tokenizer: object, config: object): Encoder {
  const complete = {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
    ...tokenizer,
  };
  try {
    return new Encoder(complete, config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    const message = `openTokenizer: ${SOURCE} must be a tokenizer this package reads, but the reader says: ${reason}. Give token ids with --ids.`;
    throw new FormatError(message, { source: SOURCE }, { cause });
  }
}

/** bos_token of tokenizer_config.json: a text, or an object with its text in `content`. */
function beginningToken(encoder: Encoder, config: object): number | null {
  const bos: unknown = 'bos_token' in config ? config.bos_token : null;
  const text: unknown = isJsonObject(bos) ? bos.content : bos;
  return typeof text === 'string' ? (encoder.token_to_id(text) ?? null) : null;
}

function vocabularySize(encoder: Encoder): number {
  let size = 0;
  for (const id of encoder.get_vocab().values()) size = Math.max(size, id + 1);
  return size;
}

/** true if the vocabulary is spelt in the alphabet of bytes that GPT-2 introduced. */
function spellsBytes(tokenizer: object): boolean {
  const decoder: unknown = 'decoder' in tokenizer ? tokenizer.decoder : null;
  return decoder !== null && jsonText(decoder).includes('"ByteLevel"');
}

function placeholder(id: number): string {
  return `⟨id ${id}⟩`;
}

function checkId(where: string, id: number): void {
  if (!Number.isSafeInteger(id) || id < 0)
    throw new DomainError(`${where}: every id must be an integer of at least 0, but one is ${id}.`);
}
