import { DomainError } from '../../../core/errors.ts';
import { quoteName } from '../../../formats/json.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** Turns a piece of text into tokens. */
export interface TokenModel {
  readonly vocabulary: Vocabulary;
  /** Token ids of a piece that is not empty. @throws DomainError if the text has a part that no token stands for. */
  encode(piece: string): readonly number[];
}

/** @throws DomainError always: a part of a text that has no token, and the unknown token is missing as well. */
export function failUnknown(part: string, unknown: string | null): never {
  const missing = unknown === null ? 'names no unknown token' : `has no token ${quoteName(unknown)}, its unknown one`;
  throw new DomainError(
    `encode: text must consist of tokens of the tokenizer, but ${quoteName(part)} is none and the vocabulary ${missing}. Give token ids with --ids.`,
  );
}
