/** The first fault {@link scanJson} finds, at a character position. */
export interface JsonFault {
  readonly position: number;
  readonly what: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const HEX4 = /[0-9a-fA-F]{4}/y;

/** Keys seen so far in an open object; null where they may repeat. */
interface Keys {
  readonly seen: Set<string> | null;
}

/** An open object, or null for an open array. */
type Container = Keys | null;

/**
 * Checks a text against the JSON grammar (RFC 8259), and with `uniqueKeys` against repeated keys. JSON.parse does the reading; this tells where
 * a fault is, which engines word differently or not at all, and that a key came twice, which JSON.parse hides.
 *
 * It keeps its own stack, so nesting is bounded by memory and not by the call stack.
 *
 * @returns null if the text is valid.
 */
export function scanJson(text: string, uniqueKeys: boolean): JsonFault | null {
  const open: Container[] = [];
  let at = skipSpace(text, 0);
  for (;;) {
    const character = text[at];
    // A value stands at `at`, or the end of an empty container.
    if (character === '{' || character === '[') {
      const closing = character === '{' ? '}' : ']';
      const next = skipSpace(text, at + 1);
      if (text[next] === closing) {
        at = next + 1;
      } else {
        const keys = character === '{' ? { seen: uniqueKeys ? new Set<string>() : null } : null;
        open.push(keys);
        at = next;
        if (keys !== null) {
          const key = scanKey(text, at, keys);
          if (typeof key !== 'number') return key;
          at = key;
        }
        continue;
      }
    } else {
      const end = scanScalar(text, at);
      if (typeof end !== 'number') return end;
      at = end;
    }
    // A value ended before `at`: close containers until one goes on.
    for (;;) {
      at = skipSpace(text, at);
      const container = open.at(-1);
      if (container === undefined) return at === text.length ? null : { position: at, what: 'more text after the end' };
      if (text[at] === ',') {
        at = skipSpace(text, at + 1);
        if (container !== null) {
          const key = scanKey(text, at, container);
          if (typeof key !== 'number') return key;
          at = key;
        }
        break;
      }
      if (text[at] !== (container === null ? ']' : '}')) {
        return unexpected(text, at, `a comma or ${container === null ? ']' : '}'}`);
      }
      open.pop();
      at++;
    }
  }
}

/** Position after `"key":`, with the key added to `keys`. */
function scanKey(text: string, at: number, { seen }: Keys): number | JsonFault {
  if (text[at] !== '"') return unexpected(text, at, 'a key in double quotes');
  const end = scanString(text, at);
  if (typeof end !== 'number') return end;
  if (seen !== null) {
    const key = String(JSON.parse(text.slice(at, end)));
    if (seen.has(key)) return { position: at, what: `the key ${text.slice(at, end)} a second time` };
    seen.add(key);
  }
  const colon = skipSpace(text, end);
  return text[colon] === ':' ? skipSpace(text, colon + 1) : unexpected(text, colon, 'a colon');
}

function scanScalar(text: string, at: number): number | JsonFault {
  if (text[at] === '"') return scanString(text, at);
  return matchEnd(NUMBER, text, at) ?? matchEnd(WORD, text, at) ?? unexpected(text, at, 'a value');
}

function scanString(text: string, start: number): number | JsonFault {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return { position: at, what: 'a control character inside a string' };
    if (code !== BACKSLASH) continue;
    at++;
    if (text[at] === 'u') {
      if (matchEnd(HEX4, text, at + 1) === null) return unexpected(text, at + 1, 'four hexadecimal digits');
      at += 4;
    } else if (at >= text.length || !'"\\/bfnrt'.includes(text.charAt(at))) {
      return unexpected(text, at, 'an escape');
    }
  }
  return unexpected(text, text.length, 'the end of a string');
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && ' \t\n\r'.includes(text.charAt(end))) end++;
  return end;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function unexpected(text: string, at: number, wanted: string): JsonFault {
  const found =
    at >= text.length ? 'the end of the text' : JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
  return { position: Math.min(at, text.length), what: `${found} instead of ${wanted}` };
}
