/** Estimates of how wide text is drawn, in units of the font size: figures are laid out where no font can be asked. */

const NARROW = /[ !"'(),./:;[\\\]`fijlrt|{}·⟨⟩-]/;
const BROAD = /[%+<=>@MWmw×±–—…−→␣]/;

/** Estimated width of one character, after a broad sans serif. */
function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  if (NARROW.test(character)) return 0.39;
  if (BROAD.test(character) || character.codePointAt(0)! >= 0x2e80) return 1;
  return /\p{Lu}/u.test(character) ? 0.72 : 0.62;
}

/** Estimated width of `text` in units of the font size, rather too wide than too narrow. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** As many of the first characters as fit into `width`, and … for the others. */
export function fitEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let shown = '';
  let used = textWidth('…');
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    shown += character;
  }
  return `${shown}…`;
}

/** As many of the last characters as fit into `width`, and … for the others. */
export function fitStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let shown = '';
  let used = textWidth('…');
  for (const character of Array.from(text).reverse()) {
    used += widthOf(character);
    if (used > width) break;
    shown = character + shown;
  }
  return `…${shown}`;
}
