import { beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/page/report.ts';
import { printable, tokenLabel } from '../../src/report/text/printable.ts';
import { attributesOf, elementsOf, matches, type ParsedElement, parseHtml } from '../support/parse-markup.ts';
import { HOSTILE, syntheticAnalysis, withNumbers } from '../support/synthetic-analysis.ts';

const ELEMENTS = new Set(
  [
    'html head meta title style body header main footer section div p span small strong code bdi br ol ul li',
    'h1 h2 h3 dl dt dd table caption thead tbody tr th td figure figcaption sub sup',
    'svg g path rect circle line text tspan',
  ].flatMap((names) => names.split(' ')),
);

const hostile = syntheticAnalysis({ words: HOSTILE, T: HOSTILE.length, steps: 4 });
const source = renderReport(hostile);
let root: ParsedElement;

beforeAll(async () => {
  root = await parseHtml(source);
});

describe('a report of hostile text', () => {
  it('has no element and no attribute that could act', () => {
    const elements = elementsOf(root);
    expect(elements.length).toBeGreaterThan(1000);
    expect(new Set(elements.map(({ localName }) => localName).filter((name) => !ELEMENTS.has(name)))).toEqual(
      new Set(),
    );
    for (const [name, value] of elements.flatMap(attributesOf)) {
      expect(name).not.toMatch(/^on|href|src|action|formaction|srcset|data$|ping/);
      if (name === 'style') expect(value).toMatch(/^(--p:[\d.]+|min-width:\d+px;max-width:\d+px)$/);
      expect(value).not.toMatch(/url\(|^\s*javascript:/i);
    }
  });

  it('says how many rows a table leaves out, as its last row', async () => {
    const long = syntheticAnalysis({ L: 12, V: 50257, T: 16 });
    const tables = [...(await parseHtml(renderReport(long))).querySelectorAll('table')];
    const cut = tables.flatMap((table) => {
      const rows = [...table.querySelectorAll('tbody tr')];
      const left = /^… ([\d,]+) more$/.exec(rows.at(-1)?.textContent ?? '')?.[1];
      return left === undefined ? [] : [rows.length - 1 + Number(left.replace(',', ''))];
    });
    // Strings of the joint law; pairs of 24 sublayers.
    expect(cut).toEqual([long.chen.joint.length, (24 * 23) / 2]);
  });

  it('says what was read of weights in files, where some stayed there', () => {
    expect(source).not.toContain('Weights read from files');
    const streamed = { budget: 2 ** 30, bytesPerSweep: 1_590_000_000, bytesRead: 4_770_000_000 };
    const read = renderReport({ ...hostile, provenance: { ...hostile.provenance, streamed } });
    expect(read).toContain('1,590,000,000 bytes a sweep, 4,770,000,000 in all');
    expect(read).toContain('1,073,741,824 bytes');
  });

  it('has one style element, and its text is the style sheet', () => {
    const styles = [...root.querySelectorAll('style')];
    expect(styles).toHaveLength(1);
    expect(styles[0]!.textContent).toMatch(/^:root\{/);
    expect(styles[0]!.textContent).not.toMatch(/url\(|@import|</);
  });

  it('allows nothing to load', () => {
    const policy = [...root.querySelectorAll('meta')].find(
      (meta) => meta.getAttribute('http-equiv') === 'Content-Security-Policy',
    );
    expect(policy?.getAttribute('content')).toBe("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  });

  it('gives the texts back', () => {
    const chips = [...root.querySelectorAll('.chips bdi')].map((chip) => chip.textContent);
    expect(chips).toEqual(hostile.prompt.tokens.map(tokenLabel));
    expect(root.querySelector('h1')?.textContent).toBe(printable(hostile.checkpoint.label));
    const prompt = hostile.prompt.text!.split('\n').map(printable).join('');
    expect(root.querySelector('.prompt bdi')?.textContent).toBe(prompt);
    expect(new Set(hostile.prompt.tokens)).toEqual(new Set(HOSTILE));
    expect(root.querySelector('.warning li')?.textContent).toBe(printable(hostile.checkpoint.warnings[0]!));
    expect(root.querySelector('title')?.textContent).toContain(printable(hostile.checkpoint.label));
    const lens = [...root.querySelectorAll('.lens tbody tr')].map((row) => row.querySelector('bdi')?.textContent);
    expect(lens).toEqual(hostile.qlens.stages.map(({ top }) => tokenLabel(hostile.labels[top[0]!.id]!)));
    expect(root.querySelector('code')?.textContent).toContain(tokenLabel(hostile.provenance.command[1]!));
  });

  it('has no character that acts', () => {
    expect(matches(source.replaceAll('\n', ''), /.{0,20}[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu)).toEqual([]);
  });
});

describe('a report', () => {
  it('names its language, its tables and its figures', () => {
    expect(root.getAttribute('lang')).toBe('en');
    for (const table of root.querySelectorAll('table'))
      expect(table.querySelector('caption')?.textContent).toBeTruthy();
    const figures = [...root.querySelectorAll('svg')];
    expect(figures).toHaveLength(18);
    for (const figure of figures) {
      expect(figure.getAttribute('role')).toBe('img');
      expect(figure.getAttribute('aria-label')!.length).toBeGreaterThan(40);
    }
    const ids = elementsOf(root).flatMap((element) => element.getAttribute('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows what was computed', async () => {
    const page = await parseHtml(renderReport(syntheticAnalysis()));
    const text = page.textContent!;
    for (const words of [
      'Wilson',
      'lower bound',
      'identity on this trace',
      'Theorem 1',
      'speed-limit',
      '2026-01-02 03:04 UTC',
    ]) {
      expect(text).toContain(words);
    }
    expect(page.querySelector('#chen-tree')?.textContent).toContain('the heaviest 40 of 64 strings kept');
  });

  it('says exact only where nothing was dropped', async () => {
    const { chen, ...rest } = syntheticAnalysis();
    const whole = { ...chen, certificate: { kept: 1, discarded: 0, residual: 0 } };
    const text = (await parseHtml(renderReport({ ...rest, chen: whole }))).textContent!;
    expect(text).toContain('every number of this picture is exact');
    expect(text).not.toMatch(/a lower bound|lower bounds|were dropped/);
  });

  it('has the same bytes again, also from JSON', () => {
    const analysis = syntheticAnalysis({ L: 3 });
    const first = renderReport(analysis);
    expect(renderReport(JSON.parse(JSON.stringify(analysis)))).toBe(first);
    expect(renderReport(syntheticAnalysis({ L: 3, seed: 2n }))).not.toBe(first);
  });

  it.each([
    ['61 stages, V = 50,257, 128 tokens', { L: 30, V: 50257, T: 128 }],
    ['a long prompt and many strings', { L: 30, V: 50257, T: 8192, steps: 8, maxStrings: 4000, top: 50 }],
    ['long hostile tokens', { L: 30, V: 50257, T: 1000, words: HOSTILE }],
    ['96 blocks', { L: 96, V: 50257, T: 128 }],
  ])('stays under 3 MB: %s', (_, size) => {
    expect(new TextEncoder().encode(renderReport(syntheticAnalysis(size))).length).toBeLessThan(3e6);
  });

  it('shows the ends of a long prompt', async () => {
    const page = await parseHtml(renderReport(syntheticAnalysis({ T: 8192, V: 50257 })));
    const chips = [...page.querySelectorAll('.chips li')].map((chip) => chip.textContent!);
    expect(chips).toHaveLength(601);
    expect(chips[200]).toBe('7,592 more');
    expect(chips[600]).toMatch(/\d$/);
    expect(page.querySelector('.prompt')!.textContent).toHaveLength(8000);
    expect([...page.querySelectorAll('title')][0]!.textContent!.length).toBeLessThan(120);
  });

  it('renders the smallest analysis, ids without text, and none of what is optional', async () => {
    const tiny = syntheticAnalysis({ L: 1, V: 2, T: 1, steps: 1, branches: 1, top: 1 });
    const bare = {
      ...tiny,
      prompt: { ...tiny.prompt, text: null },
      next: { top: tiny.next.top, greedy: { ids: [], text: null } },
      chen: { ...tiny.chen, trajectories: null },
      labels: {},
    };
    const page = await parseHtml(renderReport(bare));
    expect(page.querySelector('.prompt')).toBeNull();
    expect(page.querySelector('.lens bdi')?.textContent).toMatch(/^⟨id \d+⟩$/);
  });

  it.each([Number.NaN, Infinity, -Infinity, 0, -1, 1e-320, 1e308, null])('survives numbers that are %s', (value) => {
    const page = renderReport(withNumbers(syntheticAnalysis(), value));
    expect(matches(page, / (?!aria-label|content|id|class)[\w-]+="[^"]*(?:NaN|Infinity|undefined|null)/g)).toEqual([]);
    expect(matches(page, />[^<]*(?:NaN|Infinity|undefined)[^<]*</g)).toEqual([]);
  });
});

describe('a report of parallel sublayers', () => {
  it('calls what lies between two stages a block', () => {
    const { qlens, ...rest } = syntheticAnalysis({ L: 2 });
    const name = (stage: string) => stage.replace(/\.resid_(mid|post)$/, '');
    const stages = qlens.stages.map((stage) => ({ ...stage, name: name(stage.name) }));
    const transitions = qlens.transitions.map((step) => ({ ...step, from: name(step.from), to: name(step.to) }));
    const section = (analysis: Parameters<typeof renderReport>[0]) =>
      /<section id="state-vector">.*?<\/section>/s.exec(renderReport(analysis))?.[0];
    expect(section({ ...rest, qlens })).toContain('What each sublayer changes');
    const parallel = section({ ...rest, qlens: { ...qlens, stages, transitions } });
    expect(parallel).toContain('What each block changes');
    expect(parallel).not.toContain('sublayer');
  });
});
