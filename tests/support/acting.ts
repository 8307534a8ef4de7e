/**
 * Characters that act on a terminal or a page instead of standing on it, one of each kind, written down here and not taken from the code that
 * must spell them out.
 */
export const ACTING_CHARACTERS: readonly (readonly [what: string, character: string])[] = [
  ['escape', '\u001b'],
  ['bell', '\u0007'],
  ['backspace', '\b'],
  ['carriage return', '\r'],
  ['delete', '\u007f'],
  ['one-character CSI (C1)', '\u009b'],
  ['next line (C1)', '\u0085'],
  ['left-to-right embedding', '\u202a'],
  ['right-to-left override', '\u202e'],
  ['left-to-right isolate', '\u2066'],
  ['pop directional isolate', '\u2069'],
  ['left-to-right mark', '\u200e'],
  ['right-to-left mark', '\u200f'],
  ['Arabic letter mark', '\u061c'],
  ['byte-order mark', '\ufeff'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
  ['tag', '\u{e0041}'],
  ['zero-width space', '\u200b'],
  ['zero-width joiner', '\u200d'],
  ['word joiner', '\u2060'],
  ['soft hyphen', '\u00ad'],
  ['Hangul filler', '\u3164'],
  ['combining grapheme joiner', '\u034f'],
  ['variation selector', '\ufe0f'],
  ['empty Braille cell', '\u2800'],
  ['no-break space', '\u00a0'],
  ['private use', '\ue000'],
  ['noncharacter', '\ufdd0'],
];

/** All of them, which no file system and no UTF-8 refuses. */
export const ACTING = ACTING_CHARACTERS.map(([, character]) => character).join('x');

/** A lone surrogate, which only JSON can bring. */
export const LONE_SURROGATE = '\ud83d';

/** The first acting character in a text but newlines, by name; null if there is none. */
export function actingIn(text: string): string | null {
  const found = ACTING_CHARACTERS.find(([, character]) => text.includes(character));
  if (found !== undefined) return found[0];
  return /\p{Surrogate}/u.test(text) ? 'lone surrogate' : null;
}
