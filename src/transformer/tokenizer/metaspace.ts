import { type Fields, refuse } from './fields.ts';

/** How SentencePiece marks the beginnings of words. */
export interface Metaspace {
  /** Stands for a space. */
  readonly replacement: string;
  /** Where a mark is put in front. */
  readonly scheme: 'first' | 'never' | 'always';
  /** Whether words become pieces. */
  readonly splits: boolean;
}

/** The fields that Metaspace has as a pre-tokeniser and as a decoder alike. */
export function readMetaspace(fields: Fields): Metaspace {
  const replacement = fields.character('replacement');
  const scheme = fields.word('prepend_scheme', ['first', 'never', 'always'], 'always');
  if (!fields.flag('add_prefix_space', true) && scheme !== 'never')
    refuse(fields.at('add_prefix_space'), `agree with prepend_scheme, which is ${scheme}`, 'it is false');
  fields.skip('str_rep');
  return { replacement, scheme, splits: fields.flag('split', true) };
}
