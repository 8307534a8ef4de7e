/**
 * Text that came from outside (tokens, prompts, labels, file names) as text that is safe to show: whatever acts on a reader's
 * screen instead of standing on it is spelled out.
 */

/**
 * Control characters, format characters (bidirectional overrides, zero-width characters, tags), line and paragraph
 * separators, spaces other than U+0020, what is not drawn (fillers, variation selectors, the empty Braille cell), lone surrogates, private
 * use and noncharacters.
 */
const ACTING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}/gu;

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

/** The colours that this package sends to a terminal, and nothing else that a terminal would act on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that may pass
const COLOUR = /(\u001b\[(?:1|2|22|32|33|36|39)m)/;

/**
 * {@link printable} for lines: newlines stay, and with `colours` the sequences that paint text bold, soft, blue, red and green.
 *
 * @example
 * printableLines('a\u009b1m', false); // 'a⟨U+009B⟩1m'
 */
export function printableLines(text: string, colours: boolean): string {
  const lines = text.split('\n');
  if (!colours) return lines.map(printable).join('\n');
  return lines
    .map((line) =>
      line
        .split(COLOUR)
        .map((part, i) => (i % 2 === 1 ? part : printable(part)))
        .join(''),
    )
    .join('\n');
}

/**
 * A JSON text whose every acting character (see {@link printable}) is written as \\u and four hexadecimal digits: the same value, safe to
 * show. Newlines between values stay.
 */
export function printableJson(json: string): string {
  return json.replace(ACTING, (character) => {
    if (character === '\n') return character;
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
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
