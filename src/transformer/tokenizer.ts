import { DomainError, FormatError } from '../core/errors.ts';
import { isJsonObject, jsonText } from '../formats/json.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { printablePiece } from './token-text.ts';
import { isWellFormed, SOURCE } from './tokenizer/fields.ts';
import { type Pipeline, readPipeline } from './tokenizer/pipeline.ts';

/** Text ↔ token ids of one checkpoint. */
export interface Tokenizer {
  /** One more than the largest id that has a text. It may differ from the model's V, which is often padded. */
  readonly size: number;
  /** The token that begins a text; null if neither the tokenizer nor the model names one. */
  readonly bosId: number | null;
  /**
   * Token ids of `text`, and nothing else: no token is added but the one that begins a text, and that only with `bos`.
   *
   * @throws DomainError if `bos` is asked for and there is no such token, if an id lies outside the model's vocabulary, or if the text has
   * half of a surrogate pair or a part that no token stands for; CapacityError if a regular expression of the tokenizer does not come to an end.
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
 * @throws FormatError if the checkpoint has none, or naming the part of it that is not known to give the ids that it gives elsewhere.
 */
export function openTokenizer(checkpoint: Pick<Checkpoint, 'label' | 'config' | 'tokenizerFiles'>): Tokenizer {
  const files = checkpoint.tokenizerFiles;
  if (files === null) {
    throw new FormatError(
      `openTokenizer: ${checkpoint.label} must have a tokenizer to read text (${SOURCE}, or the metadata of a GGUF file), but it has none. Give token ids with --ids.`,
      { source: SOURCE },
    );
  }
  const pipeline = readPipeline(files.tokenizer);
  const bosId = beginningToken(pipeline, files.config) ?? checkpoint.config.bosId;
  const { V } = checkpoint.config;

  function encode(text: string, { bos }: { readonly bos: boolean }): number[] {
    if (bos && bosId === null) {
      throw new DomainError(
        'encode: bos must be false for this checkpoint, but it is true. No token begins its texts.',
      );
    }
    if (!isWellFormed(text))
      throw new DomainError(
        'encode: text must be Unicode, but it has half of a surrogate pair. Give whole characters.',
      );
    const ids = pipeline.encode(text);
    if (bos && bosId !== null) ids.unshift(bosId);
    const wrong = ids.findIndex((id) => id >= V);
    if (wrong >= 0) {
      throw new DomainError(
        `encode: every token must have an id below the model's vocabulary of ${V}, but token ${wrong} has ${ids[wrong]}. The tokenizer may belong to another model.`,
      );
    }
    return ids;
  }

  function decode(ids: Iterable<number>): string {
    let text = '';
    let run: number[] = [];
    const flush = (): void => {
      if (run.length > 0) text += pipeline.decode(run);
      run = [];
    };
    for (const id of ids) {
      checkId('decode', id);
      if (pipeline.token(id) !== undefined) {
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
    const piece = pipeline.token(id);
    if (piece === undefined) return placeholder(id);
    return typeof piece === 'string' ? printablePiece(piece, spelling) : printablePiece(piece.content, 'plain');
  }

  const spelling = spellsBytes(files.tokenizer) ? 'bytes' : 'words';
  return { size: pipeline.size, bosId, encode, decode, token };
}

/** bos_token of tokenizer_config.json: a text, or an object with its text in `content`. */
function beginningToken(pipeline: Pipeline, config: object): number | null {
  const bos: unknown = 'bos_token' in config ? config.bos_token : null;
  const text: unknown = isJsonObject(bos) ? bos.content : bos;
  return typeof text === 'string' ? (pipeline.id(text) ?? null) : null;
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
