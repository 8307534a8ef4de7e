/** Classes of characters as the reference implementation has them; each takes one character. */
import {
  LATER_DECOMPOSITIONS,
  LATER_FORMAT_CHARACTERS,
  LATER_MARKS,
  LATER_NONSPACING_MARKS,
  LATER_PUNCTUATION,
} from './unicode-gaps.ts';

type CharacterTest = (character: string) => boolean;

/** White_Space of Unicode: U+0085 and U+3000 belong to it, U+FEFF does not. */
export const isWhiteSpace = test(String.raw`\p{White_Space}`);
/** Any of N: ², ½ and Ⅷ as well as digits. */
export const isNumeric = test(String.raw`\p{N}`);
/** P, and the symbols of ASCII. */
export const isPunctuation = test(String.raw`[\p{P}$+<=>^\x60|~\u{166D}\u{111C9}]`, LATER_PUNCTUATION);
export const isMark = test(String.raw`[\p{M}\u{1CF2}\u{1CF3}]`, LATER_MARKS);
export const isNonspacingMark = test(String.raw`[\p{Mn}\u{1734}\u{1171E}]`, LATER_NONSPACING_MARKS);
/** Cc, Cf and Co. */
export const isControl = test(String.raw`[\p{Cc}\p{Cf}\p{Co}]`, LATER_FORMAT_CHARACTERS);

/** Lower case character by character: Σ becomes σ also at the end of a word. */
export function lowerCase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

const OPAQUE = new RegExp(`([${LATER_MARKS}${LATER_DECOMPOSITIONS}])`, 'u');

/** A normal form of Unicode, by the reference's tables. */
export function normalForm(text: string, form: NormalForm): string {
  return text
    .split(OPAQUE)
    .map((part, i) => (i % 2 === 0 ? part.normalize(form) : part))
    .join('');
}

function test(members: string, except?: string): CharacterTest {
  const [inside, outside] = [new RegExp(`^${members}$`, 'u'), except && new RegExp(`^[${except}]$`, 'u')];
  return (character) => inside.test(character) && !(outside && outside.test(character));
}
