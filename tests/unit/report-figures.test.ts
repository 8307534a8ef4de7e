import type { ScaleOptions } from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { renderSvgFigures } from '../../src/report/figures/files.ts';
import { lines } from '../../src/report/figures/lines.ts';
import { outlineWithin } from '../../src/report/figures/plane.ts';
import { logAxis } from '../../src/report/svg/axes.ts';
import { DARK, LIGHT } from '../../src/report/svg/palette.ts';
import { SVG_DOCUMENT, type SvgElement, serialise, svg } from '../../src/report/svg/tree.ts';
import { tokenLabel } from '../../src/report/text/printable.ts';
import { attributesOf, elementsOf, matches, parseSvg } from '../support/parse-markup.ts';
import { HOSTILE, syntheticAnalysis, withNumbers } from '../support/synthetic-analysis.ts';

describe('figure files', () => {
  const analysis = syntheticAnalysis({ L: 30, V: 50257 });
  const files = renderSvgFigures(analysis);

  it('has one file for each figure', () => {
    expect([...files.keys()]).toEqual([
      'next-token.svg',
      'chen-tree.svg',
      'chen-entropy.svg',
      'chen-trajectories.svg',
      'qlens-entropy.svg',
      'qlens-divergence.svg',
      'qlens-rank.svg',
      'qlens-angle.svg',
      'dyson-spectrum.svg',
      'dyson-order-logits.svg',
      'dyson-partial-error.svg',
      'dyson-partial-divergence.svg',
      'dyson-second-order.svg',
      'dyson-paths.svg',
      'dyson-attribution.svg',
      'dyson-update.svg',
      'dyson-scale.svg',
      'dyson-norm.svg',
    ]);
  });

  it.each([...files])('%s stands by itself', async (_, source) => {
    const root = await parseSvg(source);
    expect(source).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
    expect(root.localName).toBe('svg');
    expect(root.getAttribute('role')).toBe('img');
    expect(root.getAttribute('aria-label')).toBeTruthy();
    expect(root.querySelector('title')?.textContent).toBeTruthy();
    expect(matches(source, /var\(|<style|<script|href|NaN|Infinity|undefined/g)).toEqual([]);
    expect(source.length).toBeLessThan(300_000);
  });

  it('draws every pair of the second order, with its number', async () => {
    const root = await parseSvg(files.get('dyson-second-order.svg')!);
    const titles = [...root.querySelectorAll('rect title')].map((title) => title.textContent);
    expect(titles).toHaveLength((60 * 59) / 2);
    expect(titles[0]).toMatch(/^0 attn → 0 mlp: \d/);
  });

  it('leaves the numbers of single pairs out where there are too many', async () => {
    const source = renderSvgFigures(syntheticAnalysis({ L: 96 })).get('dyson-second-order.svg')!;
    expect([...(await parseSvg(source)).querySelectorAll('rect title')]).toEqual([]);
    expect(source.length).toBeLessThan(1.5e6);
  });

  it('keeps coordinates short', () => {
    for (const source of files.values())
      expect(matches(source, / (?:d|x|y|cx|cy|transform)="[^"]*\d\.\d{3}/g)).toEqual([]);
  });

  it('keeps at most about 16 labels on a long axis', async () => {
    const root = await parseSvg(files.get('dyson-update.svg')!);
    const labels = [...root.querySelectorAll('text')].filter((text) => /^\d+$/.test(text.textContent ?? ''));
    expect(labels.length).toBeGreaterThan(8);
    expect(labels.length).toBeLessThan(24);
  });

  it('escapes hostile labels', async () => {
    const hostile = syntheticAnalysis({ words: HOSTILE, steps: 2 });
    for (const source of renderSvgFigures(hostile).values()) {
      const elements = elementsOf(await parseSvg(source));
      expect(
        elements.filter(({ localName }) => !/^(svg|g|path|rect|circle|line|text|tspan|title)$/.test(localName)),
      ).toEqual([]);
      expect(elements.flatMap(attributesOf).filter(([name]) => /^on|href|style/.test(name))).toEqual([]);
    }
    const tree = await parseSvg(renderSvgFigures(hostile).get('chen-tree.svg')!);
    const shown = [...tree.querySelectorAll('text')].map((text) => text.textContent!).join('\n');
    expect(shown).toContain(tokenLabel(HOSTILE[0]!).slice(0, 8));
  });

  it.each([Number.NaN, Infinity, 0, -1, 1e-320, 1e308])('survives numbers that are %s', (value) => {
    for (const [name, source] of renderSvgFigures(withNumbers(syntheticAnalysis(), value))) {
      expect(matches(source, / (?!aria-label)[\w-]+="[^"]*(?:NaN|Infinity|undefined|null)/g), name).toEqual([]);
    }
  });

  it('is the same again', () => {
    expect([...renderSvgFigures(analysis)]).toEqual([...files]);
  });
});

describe('an outline in a window', () => {
  const window = { x: [0, 2], y: [0, 1] } as const;
  const square = (low: number, high: number) => [
    { x: low, y: low },
    { x: high, y: low },
    { x: high, y: high },
    { x: low, y: high },
  ];

  it('is whole within, absent outside or around, and cut at the edges into pieces', () => {
    const whole = outlineWithin(window, square(0.25, 0.75));
    expect(whole).toHaveLength(5);
    expect(new Set(whole.map(({ piece }) => piece))).toEqual(new Set([0]));
    expect(outlineWithin(window, square(3, 4))).toEqual([]);
    expect(outlineWithin(window, square(-5, 5))).toEqual([]);
    // Its sides cross the window's lines beyond the corner.
    const beside = [
      { x: 2.5, y: 0.9 },
      { x: 1.9, y: 1.5 },
      { x: 3, y: 2 },
    ];
    expect(outlineWithin(window, beside)).toEqual([]);
    // A square about the window's right half leaves it once; a diamond across cuts all four sides.
    expect(outlineWithin(window, square(0.5, 5)).map(({ x, y, piece }) => [x, y, piece])).toEqual([
      [0.5, 0.5, 0],
      [2, 0.5, 0],
      [0.5, 1, 1],
      [0.5, 0.5, 1],
    ]);
    const diamond = [
      { x: 1, y: -0.25 },
      { x: 2.25, y: 0.5 },
      { x: 1, y: 1.25 },
      { x: -0.25, y: 0.5 },
    ];
    const pieces = outlineWithin(window, diamond);
    expect(pieces).toHaveLength(8);
    expect(pieces.map(({ piece }) => piece)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    for (const { x, y } of pieces) expect(x >= 0 && x <= 2 && y >= 0 && y <= 1).toBe(true);
  });
});

describe('a logarithmic axis', () => {
  const of = (...values: number[]) => {
    const { domain, ticks } = logAxis('size', values);
    return { domain, ticks };
  };

  it('has ticks at 1, 2 and 5 within a decade, at 1 and 3 within two, else at decades', () => {
    expect(of(1.3, 1)).toEqual({ domain: [1, 2], ticks: [1, 2] });
    expect(of(0.7, 30)).toEqual({ domain: [0.3, 30], ticks: [0.3, 1, 3, 10, 30] });
    expect(of(0.7, 300)).toEqual({ domain: [0.1, 1000], ticks: [0.1, 1, 10, 100, 1000] });
    expect(of(10, 100)).toEqual({ domain: [10, 100], ticks: [10, 20, 50, 100] });
    expect(of(2, 2)).toEqual({ domain: [2, 5], ticks: [2, 5] });
    expect(of()).toEqual({ domain: [0.1, 1], ticks: [0.1, 0.2, 0.5, 1] });
    expect(of(0, -1, Number.NaN, 5e-324)).toMatchObject({ domain: [1e-300, 1e-299] });
    expect(of(1.7e308)).toMatchObject({ domain: [5e307, 1e308] });
    expect(of(1, 1.7e308).domain).toEqual([1, 1e308]);
    const format = logAxis('size', [1]).tickFormat as (value: number) => string;
    expect([0.02, 0.5, 20, 5e4, 2e-7, 1e-7].map(format)).toEqual(['0.02', '0.5', '20', '5×10⁴', '2×10⁻⁷', '10⁻⁷']);
  });
});

describe('lines', () => {
  it('draw what can be drawn', () => {
    const circlesOf = (values: number[], y: ScaleOptions) => {
      const { content } = lines([{ values }], { domain: [0, 5] }, y);
      const source = content.map(serialise).join('');
      return Array.from(source.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g), ([, x, cy]) => [
        Number(x),
        Number(cy),
      ]);
    };
    const linear = circlesOf([1, Number.POSITIVE_INFINITY, Number.NaN, 3, 2], {});
    expect(linear).toHaveLength(3);
    expect(linear[1]![1]).toBeLessThan(linear[2]![1]!);
    expect(circlesOf([1, 0, -1, 3, 2], { type: 'log' })).toHaveLength(3);
    expect(circlesOf([1, 0, -1, 3, 2], {})).toHaveLength(5);
  });
});

describe('the tree of SVG elements', () => {
  it('does what d3-selection asks of a document', () => {
    const parent = SVG_DOCUMENT.createElementNS('', 'g') as unknown as SvgElement;
    const first = svg('path', { d: 'M1.23456,2e-9' });
    parent.appendChild(first);
    parent.insertBefore(svg('rect', { x: 1 / 3, 'fill-opacity': 0.12345, height: null }), first);
    expect(serialise(parent)).toBe('<g><rect x="0.33" fill-opacity="0.123"/><path d="M1.23,0"/></g>');
    expect([first.parentNode, first.hasAttribute('d'), first.getAttribute('x')]).toEqual([parent, true, null]);
    first.removeAttribute('d');
    first.textContent = 'a<b';
    expect(serialise(first)).toBe('<path>a&lt;b</path>');
    expect(parent.textContent).toBe('a<b');
  });
});

describe('colours', () => {
  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ])('contrast with the page, %s', (_, palette) => {
    for (const name of ['ink', 'soft'] as const) expect(contrast(palette[name], palette.paper)).toBeGreaterThan(4.5);
    for (const name of ['ink', 'soft'] as const) expect(contrast(palette[name], palette.panel)).toBeGreaterThan(4.5);
    for (const name of ['blue', 'vermilion', 'teal', 'purple', 'heat'] as const) {
      expect(contrast(palette[name], palette.paper)).toBeGreaterThan(4.5);
    }
  });
});

/** Contrast of two colours. @source WCAG 2.2, definition of contrast ratio and relative luminance. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
