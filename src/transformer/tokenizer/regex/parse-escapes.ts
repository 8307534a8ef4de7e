import { type CodeSet, complement } from './code-set.ts';
import { outsideProperty, propertySet, WORD } from './properties.ts';
import type { Scanner } from './scanner.ts';

const HEX_DIGIT = propertySet('xdigit')!;
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };

/** The class that stands behind a backslash, taken; null if none does. */
export function classEscape(scanner: Scanner, inBrackets: boolean): CodeSet | null {
  const property = scanner.takeMatch(/([pP])\{(\^?)([^{}^]+)\}/y);
  if (property !== null) {
    const [whole, letter, caret, name = ''] = property;
    const set = (letter === 'P') !== (caret === '^') ? outsideProperty(name) : propertySet(name);
    if (set === null) scanner.fail(`\\${whole}, a property that is not known`);
    return set;
  }
  const letter = scanner.peek();
  const set = simpleClass(letter.toLowerCase(), inBrackets);
  if (set === null) return null;
  scanner.next();
  return letter === letter.toLowerCase() ? set : complement(set);
}

function simpleClass(letter: string, inBrackets: boolean): CodeSet | null {
  switch (letter) {
    case 'd':
      return propertySet('digit');
    case 's':
      return propertySet('space');
    case 'w':
      return inBrackets ? propertySet('word') : WORD;
    case 'h':
      return HEX_DIGIT;
    default:
      return null;
  }
}

/** The code point that the escape behind a backslash stands for, taken. */
export function codeEscape(scanner: Scanner): number {
  const hex = scanner.takeMatch(/x\{([0-9A-Fa-f]{1,8})\}|x([0-7][0-9A-Fa-f])|u([0-9A-Fa-f]{4})/y);
  if (hex !== null) return codePoint(scanner, Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16));
  const octal = scanner.takeMatch(/0[0-7]{0,2}/y);
  if (octal !== null) return Number.parseInt(octal[0], 8);
  const letter = scanner.peek();
  const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
  if (control === undefined && /^[A-Za-z0-9]?$/.test(letter)) scanner.fail(`\\${letter}`);
  const code = scanner.next();
  return control ?? code;
}

function codePoint(scanner: Scanner, code: number): number {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) scanner.fail('a code that is no character');
  return code;
}
