import { AFTER_UNICODE_16 } from '../unicode-gaps.ts';
import { CodeSet, complement } from './code-set.ts';

const UNASSIGNED = new RegExp(`^[${AFTER_UNICODE_16}]$`, 'u');
/** U+0295 was a lower-case letter until Unicode 17; U+0250 is one still. */
const [RECLASSED, STAND_IN] = [0x295, 0x250];
/** What every unassigned code point belongs to. */
const OF_UNASSIGNED = ['any', 'c', 'cn', 'other', 'unassigned', 'unknown', 'zzzz'];

/** Sets that are no single property of Unicode, as sources of classes. */
const COMPOUND: Readonly<Record<string, string>> = {
  any: String.raw`[\s\S]`,
  ascii: String.raw`[\0-\x7F]`,
  assigned: String.raw`\P{Cn}`,
  alnum: String.raw`[\p{Alphabetic}\p{Nd}]`,
  alpha: String.raw`\p{Alphabetic}`,
  blank: String.raw`[\p{Zs}\t]`,
  cntrl: String.raw`\p{Cc}`,
  digit: String.raw`\p{Nd}`,
  graph: String.raw`[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]`,
  lower: String.raw`\p{Lowercase}`,
  print: String.raw`[^\p{Cc}\p{Cn}\p{Cs}\u2028\u2029]`,
  punct: String.raw`[\p{P}\p{S}]`,
  space: String.raw`\p{White_Space}`,
  upper: String.raw`\p{Uppercase}`,
  word: String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]`,
  xdigit: '[0-9A-Fa-f]',
};

/** Names between [: and :]. */
export const POSIX_NAMES: readonly string[] = [
  ...['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph'],
  ...['lower', 'print', 'punct', 'space', 'upper', 'word', 'xdigit'],
];

const sets = new Map<string, CodeSet | null>();

/** The set of a property of Unicode 16 by its name (upper and lower case, spaces, - and _ make no difference); null if none is known. */
export function propertySet(name: string): CodeSet | null {
  const key = name.toLowerCase().replace(/[\s_-]/g, '');
  if (!sets.has(key)) sets.set(key, makeSet(key, sourceOf(name, key)));
  return sets.get(key)!;
}

/** \w outside of brackets: to it ², ³, ¹ and ¼, ½, ¾ are of a word, as in Latin-1. */
export const WORD = new CodeSet((code) => LATIN_1_WORD.includes(code) || propertySet('word')!.has(code));
const LATIN_1_WORD = [0xb2, 0xb3, 0xb9, 0xbc, 0xbd, 0xbe];

/** Complement of {@link propertySet}, for \P. */
export function outsideProperty(name: string): CodeSet | null {
  const set = propertySet(name);
  return set === null ? null : complement(set);
}

function makeSet(key: string, source: string | null): CodeSet | null {
  if (source === null) return null;
  const pattern = new RegExp(`^${source}$`, 'u');
  return new CodeSet((code) => {
    if (UNASSIGNED.test(String.fromCodePoint(code))) return OF_UNASSIGNED.includes(key);
    return pattern.test(String.fromCodePoint(code === RECLASSED ? STAND_IN : code));
  });
}

function sourceOf(name: string, key: string): string | null {
  const compound = Object.hasOwn(COMPOUND, key) ? COMPOUND[key] : undefined;
  if (compound !== undefined) return compound;
  const words = name.trim().split(/[\s_-]+/);
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('_');
  const candidates = [`gc=${capitals}`, `sc=${capitals}`, capitals];
  for (const candidate of candidates) {
    const source = `\\p{${candidate}}`;
    try {
      new RegExp(source, 'u');
      return source;
    } catch {
      // not a name of this kind
    }
  }
  return null;
}
