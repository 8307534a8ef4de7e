import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openBackend } from '../../src/backend/open.ts';
import { modelOfDescription, quantum, runChen, runEnumerated, runLumped, runStatistics } from '../../src/fock/index.ts';
import { type ChenRun, renderChenFigures } from '../../src/report/figures/files.ts';
import { marginalsFigure } from '../../src/report/figures/marginals.ts';
import { renderChenPage } from '../../src/report/page/report.ts';
import { serialise } from '../../src/report/svg/tree.ts';
import { renderEnumerated } from '../../src/report/terminal/enumerated.ts';
import { renderLumped } from '../../src/report/terminal/lumped.ts';
import { renderChen } from '../../src/report/terminal/pictures.ts';
import { renderQuantum } from '../../src/report/terminal/quantum.ts';
import { renderStatistics } from '../../src/report/terminal/statistics.ts';
import { numeral } from '../../src/report/text/numerals.ts';
import { expectClose } from '../support/numbers.ts';
import { attributesOf, elementsOf, parseSvg } from '../support/parse-markup.ts';
import { HOSTILE } from '../support/synthetic-analysis.ts';

const names = [...new Set(HOSTILE)].filter((name) => name !== '').slice(0, 6);
const model = modelOfDescription({
  name: HOSTILE[0],
  tokens: names.map((name) => ({ name })),
  blocks: [{ scores: names.map((_, q) => names.map((_, k) => (q * k) % 3)), map: [...names.slice(1), names[0]] }],
  text: names.slice(0, 3),
  steps: 3,
});

let backend: Backend;
let results: ChenRun[];
let texts: string[];
beforeAll(async () => {
  backend = await openBackend({ kind: 'ts' });
  const lumped = await runLumped(backend, model, { alphas: [0.5, Infinity] });
  const enumerated = runEnumerated(backend, model);
  const statistics = await runStatistics(backend, model, { trajectories: 100, seed: 1n });
  results = [runChen(model, { trajectories: 10 }), lumped, enumerated, statistics];
  texts = [
    renderLumped(lumped),
    renderEnumerated(enumerated),
    renderStatistics(statistics),
    renderQuantum(quantum.runQuantum(backend, model, { sectors: 1 })),
  ];
});

it('bounds of a truncated tree say so in figure, table and terminal, with estimates beside them; exact numbers do not', async () => {
  const cut = runChen(model, { maxStrings: 2, trajectories: 50 });
  const whole = runChen(model, { trajectories: 50 });
  const one = runChen(model, { maxStrings: 2, trajectories: 1 });
  const [inCut, inWhole] = await Promise.all(
    [cut, whole].map(async (result) => {
      const svg = renderChenFigures(result).get('chen-entropy.svg')!;
      const marks = elementsOf(await parseSvg(svg)).filter(({ localName }) => localName === 'circle');
      return { svg, circles: marks.length, page: renderChenPage(result, '1'), terminal: renderChen(result) };
    }),
  );
  for (const place of ['entropy ≥', 'conditional entropy ≥', 'at least ']) {
    expect(inCut!.svg).toContain(place);
    expect(inWhole!.svg).not.toContain(place);
  }
  // A dot of the bound and one of the estimate for each step.
  expect([inCut!.circles, inWhole!.circles]).toEqual([2 * 3 + 1, 2 * 3 + 1]);
  expect(inCut!.page.match(/<td[^>]*>≥ /g)).toHaveLength(3 + 2 + 3);
  expect(inWhole!.page).not.toMatch(/<td[^>]*>≥ /);
  expect(inCut!.terminal).toMatch(/step +entropy ≥ +estimated +conditional ≥ +purity ≥/);
  expect(inWhole!.terminal).toMatch(/step +entropy +conditional +purity/);
  const { estimate, low, high } = cut.trajectories!.entropies![2]!;
  const interval = [estimate, low, high].map((value) => numeral(value, 3));
  for (const text of [inCut!.terminal, inCut!.page])
    expect(text).toContain(`${interval[0]} [${interval[1]}, ${interval[2]}]`);
  expect(renderChen(one)).toMatch(/step +entropy ≥ +conditional ≥/);
});

it('trajectories of a mixture say which text they go on from', async () => {
  const mixture = modelOfDescription({
    name: 'mixture',
    tokens: [{ name: 'a' }, { name: 'b' }],
    blocks: [
      {
        scores: [
          [0, 0],
          [0, 0],
        ],
        map: ['a', 'a'],
      },
    ],
    mixture: [
      { text: ['a'], weight: 0.5 },
      { text: ['b'], weight: 0.5 },
    ],
    steps: 2,
  });
  const files = renderChenFigures(runChen(mixture, { trajectories: 50 }));
  const labels = elementsOf(await parseSvg(files.get('chen-trajectories.svg')!)).map(({ textContent }) => textContent);
  for (const label of ['a · a (0)', 'a · a (1)']) expect(labels).toContain(label);
});

it('why there is no coherent state is said to its end, however narrow the terminal', () => {
  const result = quantum.runQuantum(backend, model, { sectors: 1 });
  const coherentRefused = 'the state must have at most 4096 strings, but it has 8192 after step 13. Take fewer steps.';
  const text = renderQuantum({ ...result, coherent: null, coherentRefused }, { width: 50 });
  expect(text.replace(/\s+/g, ' ')).toContain(`No coherent state: ${coherentRefused}`);
});

describe('results of hostile descriptions', () => {
  it('reach a terminal without control characters', () => {
    for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it('have figures of plain shapes', async () => {
    for (const result of results) {
      const files = renderChenFigures(result);
      expect(files.has('chen-marginals.svg')).toBe(true);
      for (const source of files.values()) {
        const elements = elementsOf(await parseSvg(source));
        const odd = elements.filter(
          ({ localName }) => !/^(svg|g|path|rect|circle|line|text|tspan|title)$/.test(localName),
        );
        expect(odd).toEqual([]);
        expect(elements.flatMap(attributesOf).filter(([name]) => /^on|href|style/.test(name))).toEqual([]);
      }
    }
  });

  it('have a page without scripts', () => {
    const page = renderChenPage(runChen(model), '1.2.3');
    expect(/<script|<img/i.test(page)).toBe(false);
    expect(page).toContain('id="chen-marginals"');
  });
});

describe('marginalsFigure', () => {
  it('stacks the likeliest tokens of all steps up to what the result lists', () => {
    const marginal = [0.3, 0.2, 0.15, 0.1, 0.05].map((probability, token) => ({
      token,
      label: `t${token}`,
      probability,
    }));
    const figure = marginalsFigure([{ step: 1, marginal }], 'five');
    const fills = figure.content
      .map((element) => serialise(element))
      .join('')
      .match(/<rect[^>]* fill="[^"]*"/g)!;
    for (const name of ['blue', 'vermilion', 'teal', 'purple', 'rule'])
      expect(fills.filter((rect) => rect.includes(`var(--${name})`))).toHaveLength(2);
    const heights = ['blue', 'vermilion', 'rule'].map((name) => {
      const bar = fills.find((rect) => rect.includes(`var(--${name})`) && !rect.includes('width="11"'))!;
      return Number(/height="([\d.]+)"/.exec(bar)![1]);
    });
    expectClose(heights[1]! / heights[0]!, 2 / 3, 0.01);
    expectClose(heights[2]! / heights[0]!, 1 / 6, 0.01);
  });

  it('draws no more than 240 steps, and nothing of none', () => {
    const steps = Array.from({ length: 1000 }, (_, l) => ({
      step: l + 1,
      marginal: [{ token: 0, label: 'a', probability: 1 }],
    }));
    const { content } = marginalsFigure(steps, 'long');
    const bars = content
      .map((element) => serialise(element))
      .join('')
      .match(/<rect/g)!;
    expect(bars.length).toBeLessThanOrEqual(2 * 240 + 2);
    expect(marginalsFigure([], 'empty').description).toContain('empty');
  });
});
