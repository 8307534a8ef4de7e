/**
 * Text that came from outside (tokens, prompts, labels, file names) as text that is safe to show: whatever acts on a reader's
 * screen instead of standing on it is spelled out.
 */

/**
 * Control characters, format characters (bidirectional overrides, zero-width characters, tags), line and paragraph
 * separators, spaces other than U+0020, lone surrogates, private use and noncharacters.
 */
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?! )\p{Zs}/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * `text` on one line, with every character that could move the cursor, reorder other text or hide as \n, \r, \t or ⟨U+202E⟩.
 * The result is well-formed Unicode and valid in XML.
 *
 * @example
 * printable('a\u202Eb\n'); // 'a⟨U+202E⟩b\\n'
 */
export function printable(text: string): string {
  return text.replace(ACTING, (character) => SHORT.get(character) ?? codePointName(character));
}

function codePointName(character: string): string {
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** {@link printable}, with the spaces at both ends as ␣ and the empty text as ⟨empty⟩: a token by itself. */
export function tokenLabel(token: string): string {
  if (token === '') return '⟨empty⟩';
  return printable(token).replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}

/** {@link tokenLabel}, clipped and in quotation marks, for a token within a sentence. */
export function quoted(token: string): string {
  return `“${clipEnd(tokenLabel(token), 24)}”`;
}

/** The first `length` characters (code points) of `text`, the last of them … if any is missing. */
export function clipEnd(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** The last `length` characters (code points) of `text`, the first of them … if any is missing. */
export function clipStart(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `…${characters.slice(1 - length).join('')}`;
}
