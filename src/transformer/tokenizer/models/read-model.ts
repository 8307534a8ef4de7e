import { Fields } from '../fields.ts';
import { readBpe } from './bpe.ts';
import type { TokenModel } from './model.ts';
import { readUnigram } from './unigram.ts';
import { readWordLevel } from './word-level.ts';
import { readWordPiece } from './word-piece.ts';

const READERS = { BPE: readBpe, Unigram: readUnigram, WordLevel: readWordLevel, WordPiece: readWordPiece } as const;

/** The model of tokenizer.json. @throws FormatError if it is not one of those that are known. */
export function readModel(value: unknown): TokenModel {
  const fields = new Fields(value, 'model');
  const type = fields.word('type', ['BPE', 'Unigram', 'WordLevel', 'WordPiece'], typeByFields(fields));
  const model = READERS[type](fields);
  fields.done();
  return model;
}

/** Early files do not say the type. */
function typeByFields(fields: Fields): 'BPE' | 'WordPiece' | 'WordLevel' | undefined {
  if (!fields.has('vocab')) return undefined;
  if (fields.has('merges')) return 'BPE';
  if (fields.has('max_input_chars_per_word')) return 'WordPiece';
  return fields.has('unk_token') ? 'WordLevel' : undefined;
}
