import { describe, expect, test } from 'vitest';
import {
  isControl,
  isMark,
  isNonspacingMark,
  isPunctuation,
  isWhiteSpace,
  normalForm,
} from '../../src/transformer/tokenizer/characters.ts';
import { readPipeline } from '../../src/transformer/tokenizer/pipeline.ts';
import { propertySet, WORD } from '../../src/transformer/tokenizer/regex/properties.ts';
import { goldenTokenizers } from '../support/golden-tokenizers.ts';
import golden from './tokenizers.json' with { type: 'json' };

const { texts, tokenizers } = goldenTokenizers();

test('there are enough of them', () => {
  expect(golden.version).toBe('0.23.3');
  expect(tokenizers.length).toBeGreaterThanOrEqual(60);
  expect(texts.length).toBeGreaterThanOrEqual(40);
});

describe('ids and texts are those of the Rust library', () => {
  test.each(tokenizers)('$name', ({ file, ids, decoded }) => {
    const pipeline = readPipeline(file);
    texts.forEach((text, i) => {
      expect(pipeline.encode(text), JSON.stringify(text)).toEqual(ids[i]);
      expect(pipeline.decode(ids[i]!), JSON.stringify(text)).toBe(decoded[i]);
    });
  });
});

const has = (property: string) => (character: string) => propertySet(property)!.has(character.codePointAt(0)!);
const CLASSES: Readonly<Record<string, (character: string) => boolean>> = {
  punctuation: isPunctuation,
  'white space': isWhiteSpace,
  '\\w': (character) => WORD.has(character.codePointAt(0)!),
  '[[:word:]]': has('word'),
  mark: isMark,
  'nonspacing mark': isNonspacingMark,
  cleaned: (character) => !'\t\n\r'.includes(character) && (isControl(character) || character === '\uFFFD'),
  NFKD: (character) => normalForm(character, 'NFKD') !== character,
  NFD: (character) => normalForm(character, 'NFD') !== character,
};

describe('classes of characters are those of the Rust library, at every code point', () => {
  test.each(Object.entries(golden.classes))('%s', (name, expected) => {
    const property = /^\\p\{(\w+)\}$/.exec(name)?.[1];
    expect(edges(property === undefined ? CLASSES[name]! : has(property))).toBe(expected);
  });
});

/** Differences between successive beginnings and ends of the ranges of a class, in base 36. */
function edges(isMember: (character: string) => boolean): string {
  const found: string[] = [];
  let [inside, last] = [false, 0];
  const turn = (code: number): void => {
    found.push((code - last).toString(36));
    [inside, last] = [!inside, code];
  };
  for (let code = 0; code < 0x110000; code++) {
    if (code === 0xd800) {
      if (inside) turn(code);
      code = 0xe000;
    }
    if (isMember(String.fromCodePoint(code)) !== inside) turn(code);
  }
  if (inside) turn(0x110000);
  return found.join(' ');
}
