import { describe, expect, test } from 'vitest';
import { wholeText } from '../../src/transformer/tokenizer/piece.ts';
import { Fuel } from '../../src/transformer/tokenizer/regex/fuel.ts';
import { Regex } from '../../src/transformer/tokenizer/regex/regex.ts';
import { splitAt } from '../../src/transformer/tokenizer/split.ts';

const matches = (source: string, text: string): string[] =>
  new Regex(source, new Fuel()).matches(text).map(([from, to]) => text.slice(from, to));

describe('means what Oniguruma means', () => {
  test.each([
    ['(?i:k)', 'kK\u212a', ['k', 'K', '\u212a']],
    ['(?i)[a-c]+', 'aBCd', ['aBC']],
    ['a++a|b', 'aab', ['b']],
    ['a{1,2}+', 'aaa', ['aaa']],
    ['a{,2}b', 'aaab', ['aab']],
    ['a{2', 'aa{2', ['a{2']],
    ['^.', 'ab\ncd\n', ['a', 'c']],
    ['^', 'a\nb\n', ['', '']],
    ['^|x', '\n', ['']],
    ['.$', 'ab\ncd\n', ['b', 'd']],
    ['\\n\\Z|c\\Z', 'bc\n', ['c', '\n']],
    ['\\w', 'é²٣_\u0301-', ['é', '²', '٣', '_', '\u0301']],
    ['[\\w]', '²½٣', ['٣']],
    ['\\s', '\u0085\u00a0\ufeff\u200b', ['\u0085', '\u00a0']],
    ['[^\\p{L}\\s]', 'a1 𝒳𝟙', ['1', '𝟙']],
    ['[a-z&&[^aeiou]]+', 'abcde', ['bcd']],
    ['[[:^alpha:]]', 'a1', ['1']],
    ['\\p{^lowercase letter}', 'aB', ['B']],
    ['(?<=a|bc)d', 'ad bcd cd', ['d', 'd']],
    ['(?<![ab])c', 'ac xc', ['c']],
    ['(?m:a.)', 'a\n', ['a\n']],
    ['\\R', '\r\n\u2028', ['\r\n', '\u2028']],
    ['\\h', 'g1F', ['1', 'F']],
    ['x*', 'axb', ['', 'x', '']],
    ['(?=b)', 'abab', ['', '']],
    ['.', '𝒳', ['𝒳']],
    ['\\b', 'ab 𝒳', ['', '', '', '']],
  ])('%s', (source, text, found) => {
    expect(matches(source, text)).toEqual(found);
  });
});

describe('refuses by name', () => {
  test.each([
    ['(a)\\1', /\\1/],
    ['(?:a|b*)*', /repetition of what may be empty/],
    ['(?:a?){2}', /repetition of what may be empty/],
    ['a{3}?', /\{n\}\?/],
    ['\\p{Klingon}', /\\p\{Klingon\}/],
    ['(?i:ße)', /ß/],
    ['(?i:ss)', /ss/],
    ['(?i:[ß])', /equals several/],
    ['a(?i)b', /options in the middle/],
    ['(?(1)a)', /group of an unknown kind/],
    ['\\Kx', /\\K/],
    ['\\X', /\\X/],
    ['(?<=a+)b', /look behind without a bound/],
    ['(?<=\\R)b', /\\R in a look behind/],
    ['[z-a]', /range/],
    ['[a', /end too early/],
    ['(a', /without its \)/],
    ['a)', /unmatched \)/],
    ['*a', /repetition of nothing/],
    ['\\xE9', /\\x/],
    ['(((a{1000}){1000}){1000})', /steps/],
    ['('.repeat(5000), /nested/],
    ['['.repeat(5000), /nested/],
  ])('%s', (source, reason) => {
    expect(() => new Regex(source, new Fuel())).toThrow(reason);
  });
});

describe('comes to an end', () => {
  test.each([
    ['(a+)+$', `${'a'.repeat(40)}!`],
    ['(?:a|aa)+b', 'a'.repeat(60)],
    ['(?:\\w+\\s?)+$', `${'word '.repeat(20)}!`],
    ['(?=(?:a+)+b)a', 'a'.repeat(40)],
    ['(?:x+x+)+y', 'x'.repeat(50)],
  ])('%s', (source, text) => {
    expect(() => matches(source, text)).toThrow(expect.objectContaining({ name: 'CapacityError' }));
  });

  test('on long runs, for what real models use', () => {
    const pattern = String.raw`(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
    const length = 100_000;
    const regex = new Regex(pattern, new Fuel());
    for (const [run, parts] of [
      ['a', 1],
      ['.', 1],
      ['漢', 1],
      ['\n', 1],
    ] as const)
      expect(regex.matches(run.repeat(length))).toHaveLength(parts);
    expect(regex.matches(`${' '.repeat(length)}x`)).toEqual([
      [0, length - 1],
      [length - 1, length + 1],
    ]);
  });
});

describe('the five behaviours', () => {
  const spaces = (text: string) => new Regex(' ', new Fuel()).matches(text);
  test.each([
    ['Removed', ['a', 'b', 'c'], [' ', ' ', ' ']],
    ['Isolated', ['a', ' ', 'b', ' ', ' ', 'c'], ['a', ' ', 'b', ' ', ' ', 'c']],
    ['MergedWithPrevious', ['a ', 'b ', ' ', 'c'], ['a', ' b', ' ', ' c']],
    ['MergedWithNext', ['a', ' b', ' ', ' c'], ['a ', 'b ', ' ', 'c']],
    ['Contiguous', ['a', ' ', 'b', '  ', 'c'], ['a', ' ', 'b', '  ', 'c']],
  ] as const)('%s', (behavior, pieces, inverted) => {
    const text = 'a b  c';
    expect(splitAt(wholeText(text), spaces(text), behavior).map((piece) => piece.text)).toEqual(pieces);
    expect(splitAt(wholeText(text), spaces(text), behavior, true).map((piece) => piece.text)).toEqual(inverted);
  });
});
