import { describe, expect, it } from 'vitest';
import { escapeMarkup, html } from '../../src/report/text/html.ts';
import { count, countOfDigits, numeral, percent, signedNumeral } from '../../src/report/text/numerals.ts';
import {
  clipEnd,
  clipStart,
  printable,
  printableJson,
  printableLines,
  quoted,
  tokenLabel,
} from '../../src/report/text/printable.ts';
import { prose } from '../../src/report/text/prose.ts';
import { blockOf, stageKind, stageLabel } from '../../src/report/text/stage-names.ts';
import { fitEnd, fitStart, textWidth } from '../../src/report/text/width.ts';
import { ACTING_CHARACTERS, actingIn } from '../support/acting.ts';
import { HOSTILE } from '../support/synthetic-analysis.ts';

describe('printable', () => {
  it('spells out what acts on a screen', () => {
    expect(printable('a\nb\r\tc')).toBe('a\\nb\\r\\tc');
    expect(printable('\u0000\u001b[2J\u009b\u007f')).toBe('⟨U+0000⟩⟨U+001B⟩[2J⟨U+009B⟩⟨U+007F⟩');
    expect(printable('\u202Eabc\u2066\u200B\uFEFF\u00AD')).toBe('⟨U+202E⟩abc⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩⟨U+00AD⟩');
    expect(printable('\ud800x\udc00')).toBe('⟨U+D800⟩x⟨U+DC00⟩');
    expect(printable('\u2028\u2029\uFFFF\u{E0041}\u{10FFFF}\u00A0')).toBe(
      '⟨U+2028⟩⟨U+2029⟩⟨U+FFFF⟩⟨U+E0041⟩⟨U+10FFFF⟩⟨U+00A0⟩',
    );
  });

  it('leaves ordinary text of any script alone', () => {
    const text = 'Ordinary <text> & “quotes”, naïve café, 日本語 עברית 👍 x²';
    expect(printable(text)).toBe(text);
  });

  it.each(ACTING_CHARACTERS)('spells out a %s', (_what, character) => {
    expect(actingIn(`a${character}`)).not.toBeNull();
    expect(actingIn(printable(`a${character}b`))).toBeNull();
    expect(actingIn(printableLines(`a${character}b\n`, true))).toBeNull();
  });

  it('of lines keeps newlines, and colours where they are wanted', () => {
    const text = 'a\u202eb\n\u001b[1mbold\u001b[22m\r\n';
    expect(printableLines(text, false)).toBe('a⟨U+202E⟩b\n⟨U+001B⟩[1mbold⟨U+001B⟩[22m\\r\n');
    expect(printableLines(text, true)).toBe('a⟨U+202E⟩b\n\u001b[1mbold\u001b[22m\\r\n');
    for (const other of ['\u001b[2J', '\u001b[8m', '\u001b[1;8m', '\u001b]0;title\u0007', '\u001b[7m', '\u009b1m']) {
      expect(actingIn(printableLines(other, true))).toBeNull();
    }
  });

  it('of JSON is the same value', () => {
    const value = { '\u202e\u{e0041}': ['\ufeff', '\u009b\u0007\n', 'naïve 👍', '\ud800'] };
    const json = JSON.stringify(value, null, 1);
    expect(JSON.parse(printableJson(json))).toEqual(value);
    expect(actingIn(printableJson(json))).toBeNull();
    expect(printableJson(json)).toContain('"\\u202e\\udb40\\udc41"');
  });

  it('leaves nothing that acts', () => {
    for (const text of HOSTILE) expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});

describe('tokenLabel', () => {
  it('shows the spaces at the ends', () => {
    expect(tokenLabel('  a b ')).toBe('␣␣a b␣');
    expect(tokenLabel('   ')).toBe('␣␣␣');
    expect(tokenLabel('')).toBe('⟨empty⟩');
    expect(quoted(' light')).toBe('“␣light”');
  });
});

describe('clipping', () => {
  it('counts characters, not UTF-16 units', () => {
    expect(clipEnd('👍👍👍', 3)).toBe('👍👍👍');
    expect(clipEnd('👍👍👍👍', 3)).toBe('👍👍…');
    expect(clipStart('abcdef', 4)).toBe('…def');
  });

  it('fits a width', () => {
    expect(fitEnd('short', 10)).toBe('short');
    for (const text of ['W'.repeat(50), '日本語'.repeat(20), 'i'.repeat(50)]) {
      expect(textWidth(fitEnd(text, 8))).toBeLessThanOrEqual(8);
      expect(textWidth(fitEnd(text, 8))).toBeGreaterThan(6);
      expect(textWidth(fitStart(text, 8))).toBeLessThanOrEqual(8);
    }
    expect(fitStart('abcdefghijklmnopqrstuvwxyz', 3)).toMatch(/^….+z$/);
  });
});

describe('numerals', () => {
  it('keeps the digits and the sign', () => {
    expect(numeral(0.423883)).toBe('0.4239');
    expect(numeral(12.5)).toBe('12.50');
    expect(numeral(123456.7)).toBe('123,457');
    expect(numeral(12345678)).toBe('1.235×10⁷');
    expect(numeral(-0.00001234, 3)).toBe('−1.23×10⁻⁵');
    expect(numeral(0.9999999)).toBe('1.000');
    expect(numeral(9999.96)).toBe('10,000');
    expect(signedNumeral(2)).toBe('+2.00');
    expect(signedNumeral(-2)).toBe('−2.00');
  });

  it('has words for what is no number', () => {
    expect([numeral(null), numeral(Number.NaN), numeral(0), numeral(-0)]).toEqual(['–', '–', '0', '0']);
    expect([numeral(Infinity), numeral(-Infinity)]).toEqual(['∞', '−∞']);
  });

  it('writes probabilities', () => {
    expect([1, 0.99999, 0.424, 0.0424, 0.00042, 0.00001, 0].map(percent)).toEqual([
      '100 %',
      '100.0 %',
      '42.4 %',
      '4.24 %',
      '0.04 %',
      '<0.01 %',
      '0 %',
    ]);
    expect(percent(Number.NaN)).toBe('–');
  });

  it('groups digits', () => {
    expect(count(50257)).toBe('50,257');
    expect(count(-1234)).toBe('−1,234');
    expect(countOfDigits('127')).toBe('127');
    expect(countOfDigits('1234567')).toBe('1,234,567');
    expect(countOfDigits('1'.padEnd(40, '6'))).toBe('≈ 1.66×10³⁹');
    expect(countOfDigits('<b>')).toBe('<b>');
  });
});

describe('html', () => {
  it('escapes every string, and markup once only', () => {
    const inner = html`<b>${`<'"&>`}</b>`;
    expect(inner.source).toBe('<b>&lt;&#39;&quot;&amp;&gt;</b>');
    expect(html`${[inner, null, false, 'x\n']}`.source).toBe(`${inner.source}x\\n`);
    expect(escapeMarkup('&lt;')).toBe('&amp;lt;');
  });
});

describe('prose', () => {
  it('sets the literals and not the values', () => {
    expect(prose`T_k, x_{l+1}, V^(l₂) & ${'a_b^(c)<'}`.source).toBe(
      'T<sub>k</sub>, x<sub>l+1</sub>, V<sup>(l₂)</sup> &amp; a_b^(c)&lt;',
    );
  });
});

describe('stage names', () => {
  it('shortens the grammar of activations', () => {
    expect(
      ['embed', 'blocks.3.attn', 'blocks.3.resid_mid', 'blocks.11.resid_post', 'blocks.0.mlp', 'blocks.4'].map(
        stageLabel,
      ),
    ).toEqual(['embed', '3 attn', '3 attn', '11 mlp', '0 mlp', '4 block']);
    expect(stageKind('blocks.0.resid_post')).toBe('mlp');
    expect(['after layer 3', 'blocks.3'].map(stageKind)).toEqual(['other', 'other']);
    expect([blockOf('blocks.7.attn'), blockOf('blocks.7'), blockOf('embed')]).toEqual([7, 7, null]);
  });
});
