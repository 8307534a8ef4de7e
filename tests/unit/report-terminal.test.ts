import { describe, expect, it } from 'vitest';
import { renderChen, renderDyson, renderQLens } from '../../src/report/terminal/pictures.ts';
import { renderSummary } from '../../src/report/terminal/summary.ts';
import { bar, someRows, spacedRows } from '../../src/report/terminal/terminal-text.ts';
import { HOSTILE, syntheticAnalysis, withNumbers } from '../support/synthetic-analysis.ts';

const ordinary = syntheticAnalysis({ L: 30, V: 50257, T: 128 });
const hostile = syntheticAnalysis({ words: HOSTILE, T: 60 });

/** Everything that the terminal gets, of one analysis. */
function outputs(analysis: typeof ordinary, options: Parameters<typeof renderSummary>[1]): string[] {
  return [
    renderSummary(analysis, options),
    renderChen(analysis.chen, options),
    renderQLens(analysis.qlens, analysis.labels, options),
    renderDyson(analysis.dyson, options),
  ];
}

describe('text for a terminal', () => {
  it('has no control character but line feeds', () => {
    for (const text of outputs(hostile, { width: 80 })) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });

  it('with colour has only the sequences of this package', () => {
    for (const text of outputs(hostile, { width: 80, colour: true })) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that are allowed
      const rest = text.replace(/\u001b\[(?:1|2|22|33|36|39)m/g, '');
      expect(rest.length).toBeLessThan(text.length);
      expect(rest.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });

  it('clips long tokens rather than leaving them out', () => {
    const text = renderQLens(hostile.qlens, hostile.labels, { width: 80 });
    expect(text).toContain('likeliest tokens');
    expect(text).toContain('⟨U+');
    expect(renderSummary(hostile, { width: 80 })).toMatch(/[^\n]…\n/);
  });

  it.each([60, 80, 120])('keeps to a width of %i', (width) => {
    for (const text of [...outputs(ordinary, { width }), ...outputs(hostile, { width })]) {
      for (const line of text.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(width);
    }
  });

  it.each([60, 80])('breaks sentences at a width of %i instead of clipping them', (width) => {
    const flat = (text: string) => text.replace(/\s+/g, ' ');
    const narrow = flat(outputs(ordinary, { width }).join(''));
    const sentences = outputs(ordinary, { width: 400 }).flatMap((text) => text.match(/^ {2}[A-Z].*\.$/gm) ?? []);
    expect(sentences.length).toBeGreaterThan(5);
    for (const sentence of sentences) expect(narrow).toContain(flat(sentence));
  });

  it('counts wide characters twice', () => {
    const wide = syntheticAnalysis({ words: ['日本語日本語日本語', '中文中文中文中文'], T: 40 });
    for (const text of outputs(wide, { width: 80 })) {
      for (const line of text.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
    }
  });

  it('stays short, and ends with a line feed', () => {
    const lines = renderSummary(ordinary, { width: 100 }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(65);
    expect(lines.length).toBeGreaterThan(40);
    for (const text of outputs(ordinary, {})) expect(text).toMatch(/[^\n]\n$/);
  });

  it('shows the numbers', () => {
    const text = renderSummary(ordinary, { width: 100 });
    for (const words of ['124,439,808 parameters', '␣of', '5.400 ± 0.12 nats', 'not a prediction']) {
      expect(text).toContain(words);
    }
  });

  it('says in place how many rows it leaves out: shown and left add up in every table', () => {
    for (const L of [3, 4, 5, 8, 30]) {
      const analysis = syntheticAnalysis({ L, V: 50257, T: 16 });
      const lines = renderSummary(analysis, { width: 120 }).split('\n');
      const rowsOf = (head: RegExp): number => {
        const from = lines.findIndex((line) => head.test(line)) + 1;
        expect(from, `${head}`).toBeGreaterThan(0);
        const to = lines.findIndex((line, i) => i >= from && !/^ +\S/.test(line));
        const body = lines.slice(from, to).filter((line) => !/^ {2}(?:[A-Z][a-z]+[ :]|\d+ trajectories)/.test(line));
        return body.reduce(
          (sum, line) => sum + Number((/^ {2}… ([\d,]+) more$/.exec(line)?.[1] ?? '1').replace(',', '')),
          0,
        );
      };
      expect(rowsOf(/^ +token +id/)).toBe(50257);
      expect(rowsOf(/^ +probability +outcomes/)).toBe(analysis.chen.joint.length);
      expect(rowsOf(/^ +stage +entropy/)).toBe(2 * L + 1);
      expect(rowsOf(/^ +order /)).toBe(2 * L + 1);
      expect(rowsOf(/^ +sublayer +adds/)).toBe(2 * L + 1);
    }
  });

  it('says how many columns and warnings it leaves out', () => {
    expect(renderSummary(ordinary, { width: 60 })).toMatch(/\n {2}… \d more columns: the terminal is narrow\n/);
    expect(renderSummary(ordinary, { width: 120 })).not.toContain('more columns');
    const warned = { ...ordinary, checkpoint: { ...ordinary.checkpoint, warnings: ['a', 'b', 'c', 'd', 'e'] } };
    expect(renderSummary(warned)).toMatch(/ {2}Warning: c\n… 2 more warnings\n/);
  });

  it('colours nothing unless asked', () => {
    expect(renderSummary(ordinary)).not.toContain('\u001b');
    expect(renderSummary(ordinary)).toBe(renderSummary(syntheticAnalysis({ L: 30, V: 50257, T: 128 })));
  });

  it.each([Number.NaN, Infinity, 0, -1, null])('survives numbers that are %s', (value) => {
    for (const text of outputs(withNumbers(ordinary, value), {})) expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('bar', () => {
  it('has eighths', () => {
    expect([bar(0, 4), bar(1, 4), bar(0.5, 4), bar(1 / 32, 4), bar(2, 4), bar(Number.NaN, 4)]).toEqual([
      '',
      '████',
      '██',
      '▏',
      '████',
      '',
    ]);
  });
});

describe('someRows', () => {
  const rows = (n: number, most: number) =>
    someRows(
      Array.from({ length: n }, (_, i) => i),
      most,
      (i) => [String(i)],
    ).map(String);

  it('shows the ends of a list that is a little too long, spaced rows of a longer one', () => {
    expect(rows(9, 9)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(rows(10, 9)).toEqual(['0', '1', '2', '3', '… 2 more', '6', '7', '8', '9']);
    expect(rows(5, 4)).toEqual(['0', '1', '… 2 more', '4']);
    expect(rows(25, 9)).toEqual(['0', '… 5 more', '6', '… 5 more', '12', '… 5 more', '18', '… 5 more', '24']);
    expect(rows(0, 4)).toEqual([]);
  });
});

describe('spacedRows', () => {
  it('keeps the first and the last', () => {
    expect(spacedRows(4, 9)).toEqual([0, 1, 2, 3]);
    expect(spacedRows(61, 5)).toEqual([0, 15, 30, 45, 60]);
  });
});

/** Columns of a terminal, told without the code under test: two for what is not Latin, Greek, Cyrillic, Hebrew, Arabic or a sign. */
function columnsOf(line: string): number {
  return line.replace(/\p{M}/gu, '').replace(/[\p{Script=Han}\p{Emoji_Presentation}]/gu, 'ww').length;
}
