import { type GgufVocabulary, TYPE } from './vocabulary.ts';

/** How some tokens are sought in a text. */
export interface AddedFlags {
  readonly takesLeft?: (id: number) => boolean;
  readonly takesRight?: (id: number) => boolean;
}

/** Control, unknown and user-defined tokens, which are found in a text as they stand before anything else happens to it: added_tokens of tokenizer.json. */
export function addedTokens({ tokens, typeOf }: GgufVocabulary, flags: AddedFlags = {}): object[] {
  return tokens.flatMap((content, id) => {
    const type = typeOf(id);
    if (content === '' || type === TYPE.normal || type === TYPE.unused || type === TYPE.byte) return [];
    return {
      id,
      content,
      single_word: false,
      lstrip: flags.takesLeft?.(id) ?? false,
      rstrip: flags.takesRight?.(id) ?? false,
      normalized: false,
      special: type !== TYPE.userDefined,
    };
  });
}
