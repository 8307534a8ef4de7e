/** Arrays and objects of a text may nest this deep: what is read is walked by functions that call themselves. */
export const MAX_JSON_DEPTH = 500;

/**
 * JSON.parse for texts from strangers.
 *
 * @throws SyntaxError for what is not JSON, and for JSON that nests more than 500 levels deep.
 */
export function parseJson(text: string): unknown {
  const position = tooDeepAt(text);
  if (position === null) return JSON.parse(text);
  throw new SyntaxError(`it nests more than ${MAX_JSON_DEPTH} levels deep at position ${position}`);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** [ and {, and ] and }, differ by this bit alone. */
const CURLY = 0x20;

/** Where a text first nests more than {@link MAX_JSON_DEPTH} levels deep, null if nowhere; whatever else the text is. */
export function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
        if (text.charCodeAt(at) === BACKSLASH) at++;
      }
    } else if ((code | CURLY) === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) return at;
    } else if ((code | CURLY) === 0x7d) depth--;
  }
  return null;
}
