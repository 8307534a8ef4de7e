import type { Fields } from '../fields.ts';
import { readVocabulary } from '../vocabulary.ts';
import { failUnknown, type TokenModel } from './model.ts';

/** Whole words; others are the unknown token. */
export function readWordLevel(fields: Fields): TokenModel {
  const vocabulary = readVocabulary(fields.any('vocab'), fields.at('vocab'));
  const unknown = fields.text('unk_token');
  return {
    vocabulary,
    encode: (piece) => [vocabulary.id(piece) ?? vocabulary.id(unknown) ?? failUnknown(piece, unknown)],
  };
}
