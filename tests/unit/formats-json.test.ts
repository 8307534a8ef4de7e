import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonObject, quoteName } from '../../src/formats/json.ts';
import { scanJson } from '../../src/formats/json-scan.ts';

const parse = (text: string, uniqueKeys = false) =>
  parseJsonObject(new TextEncoder().encode(text), { where: 'f', source: 'a.json', uniqueKeys });

describe('scanJson', () => {
  test('agrees with JSON.parse on what JSON is', () => {
    const nearlyJson = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', ':', '\\', '\n', '\u0001', '1', '-', '.', 'e', 'null', ' '),
      )
      .map(
        ([text, at, piece]) =>
          text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + (at % 2)),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), nearlyJson, fc.string()), (text) => {
        const fault = scanJson(text, false);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(fault === null).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"a": 1, "b" 2}', 13, 'instead of a colon'],
    ['{"a": 1,}', 8, 'instead of a key in double quotes'],
    ['[1, 2', 5, 'the end of the text instead of a comma or ]'],
    ['{"a": "x\ny"}', 8, 'a control character inside a string'],
    ['{"a": "\\q"}', 8, 'instead of an escape'],
    ['{"a": "\\u12G4"}', 9, 'instead of four hexadecimal digits'],
    ['{"a": tru}', 6, 'instead of a value'],
    ['{} x', 3, 'more text after the end'],
    ['', 0, 'the end of the text instead of a value'],
    ['{"a": {"b": 1, "\\u0062": 2}}', 15, 'the key "\\u0062" a second time'],
  ])('finds the fault in %j', (text, position, what) => {
    const fault = scanJson(text, true);
    expect(fault?.position).toBe(position);
    expect(fault?.what).toContain(what);
  });

  test('does not fall over deep nesting', () => {
    expect(scanJson('['.repeat(300_000) + ']'.repeat(300_000), true)).toBeNull();
    expect(scanJson('{"a":'.repeat(100_000), true)?.position).toBe(500_000);
  });
});

describe('parseJsonObject', () => {
  test('names file, line, column and byte offset', () => {
    expect(() => parse('{\n  "é": 1\n  "b": 2}')).toThrow(
      expect.objectContaining({
        name: 'FormatError',
        message: 'f: a.json must be valid JSON, but line 3, column 3 has "\\"" instead of a comma or }.',
        source: 'a.json',
        offset: 14,
      }),
    );
  });

  test('refuses bytes that are not UTF-8, and values that are no object', () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    expect(() => parseJsonObject(bytes, { where: 'f', source: 'a.json' })).toThrow(/must hold UTF-8 text/);
    expect(() => parse('[1]')).toThrow('f: a.json must hold a JSON object, but it holds [1].');
    expect(() => parse('null')).toThrow('but it holds null.');
  });

  test('repeated keys: refused where the format forbids them, the last counts elsewhere', () => {
    expect(parse('{"a": 1, "a": 2}').get('a')).toBe(2);
    expect(() => parse('{"a": 1, "a": 2}', true)).toThrow('line 1, column 10 has the key "a" a second time.');
  });

  test('__proto__ is a key like any other', () => {
    const entries = parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    expect([...entries.keys()]).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test('quoteName keeps messages on one line', () => {
  expect(quoteName('h.0.attn-x')).toBe('h.0.attn-x');
  expect(quoteName('a\nb')).toBe('"a\\nb"');
  expect(quoteName('x'.repeat(200))).toHaveLength(58);
});
