import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { balancedSplit, type Sentence } from '../../src/analyses/sentiment/corpus.ts';
import { reproduceSentiment } from '../../src/analyses/sentiment/experiment.ts';
import { PUBLISHED } from '../../src/analyses/sentiment/published.ts';
import type { SentimentResult } from '../../src/analyses/sentiment/result.ts';
import { syntheticSentences } from '../../src/analyses/sentiment/synthetic.ts';
import { sentihoodSentences } from '../../src/formats/sentihood.ts';
import { renderSentimentPage } from '../../src/report/page/sentiment.ts';
import { renderSentiment } from '../../src/report/terminal/sentiment.ts';
import { findings } from '../../src/report/text/sentiment-tables.ts';
import { filesFolder } from '../../src/transformer/checkpoint/files-folder.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { readLens } from '../../src/transformer/lens/lens-file.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { tsBackend, wasmBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';

describe('the synthetic corpus', () => {
  it('is half positive, depends on the seed and the number alone, and mostly says something new', () => {
    const corpus = syntheticSentences(3n, 400);
    expect(corpus.filter(({ label }) => label === 1)).toHaveLength(200);
    expect(syntheticSentences(3n, 10)).toEqual(corpus.slice(0, 10));
    expect(syntheticSentences(4n, 10)).not.toEqual(corpus.slice(0, 10));
    expect(new Set(corpus.map(({ text }) => text)).size).toBeGreaterThan(380);
  });
});

describe('SentiHood', () => {
  const entry = (sentiment: unknown, text: unknown = 'a text') => ({ text, opinions: [{ sentiment }] });

  it('gives the texts with one opinion', () => {
    const two = { text: 'both', opinions: [{ sentiment: 'Positive' }, { sentiment: 'Negative' }] };
    const value = [
      entry('Positive', 'good'),
      two,
      { text: 'none', opinions: [] },
      entry('Negative', 'bad'),
      entry('Negative', ' '),
    ];
    expect(sentihoodSentences(value, 'x.json')).toEqual([
      { text: 'good', label: 1 },
      { text: 'bad', label: 0 },
    ]);
  });

  it.each([
    [{ data: [] }, /the top level in x.json must be an array of texts/],
    [['text'], /entry 0 in x.json must be an object/],
    [[entry('Positive'), { opinions: [] }], /text of entry 1 in x.json must be a string/],
    [[{ text: 'a', opinions: 'Positive' }], /opinions of entry 0 in x.json must be an array/],
    [[{ text: 'a', opinions: ['Positive'] }], /the opinion of entry 0 in x.json must be an object/],
    [[{ text: 'a', opinions: [null] }], /the opinion of entry 0/],
    [[{ text: 'a', opinions: [{}] }], /sentiment of entry 0/],
    [[entry('Neutral')], /must be Positive or Negative, but it is "Neutral"/],
  ])('names what is wrong with %j', (value, message) => {
    expect(() => sentihoodSentences(value, 'x.json')).toThrow(message);
  });
});

describe('the split', () => {
  const some = (negative: number, positive: number): Sentence[] =>
    Array.from({ length: negative + positive }, (_, i) => ({ text: `text ${i}`, label: i < negative ? 0 : 1 }));

  it('is balanced, 80 : 20, without a text on both sides', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 5, max: 60 }),
        fc.bigInt(0n, 99n),
        (a, b, seed) => {
          const { train, test } = balancedSplit(some(a, b), seed);
          const count = Math.min(a, b);
          expect(train.length + test.length).toBe(2 * count);
          expect(test.length).toBe(2 * (count - Math.min(count - 1, Math.round(0.8 * count))));
          for (const side of [train, test])
            expect(side.filter(({ label }) => label === 1)).toHaveLength(side.length / 2);
          expect(new Set([...train, ...test].map(({ text }) => text)).size).toBe(2 * count);
        },
      ),
      { numRuns: 40 },
    );
    const { train, test } = balancedSplit(some(535, 1329), 1n);
    expect([train.length, test.length]).toEqual([856, 214]);
    expect(balancedSplit(some(535, 1329), 2n).test).not.toEqual(test);
  });

  it.each([
    [0, 9, /it has 0 negative and 9 positive/],
    [30, 4, /it has 30 negative and 4 positive/],
    [0, 0, /5 texts of either sentiment/],
  ])('refuses %d negative and %d positive texts', (negative, positive, message) => {
    expect(() => balancedSplit(some(negative, positive), 1n)).toThrow(message);
  });
});

describe('what was published', () => {
  it('breaks sim_U = 2 sim_H − 1 in the paper’s table', () => {
    const { attention, mlp } = PUBLISHED[0]!;
    expectClose(attention.similarityU - (2 * attention.similarityH - 1), 0.0012, 1e-9);
    expectClose(mlp.similarityU - (2 * mlp.similarityH - 1), 0.0011, 1e-9);
  });
});

describe('the experiment on a small corpus', () => {
  const folders: [string, ReadonlyMap<string, Uint8Array>][] = [];
  const corpus = syntheticSentences(1n, 80);
  const options = { seeds: 2, permutations: 20, epochs: 8 };
  let result: SentimentResult;
  beforeAll(async () => {
    const onModel = async (seed: string, files: ReadonlyMap<string, Uint8Array>) => void folders.push([seed, files]);
    result = await reproduceSentiment(wasmBackend, 'small <corpus>', corpus, { ...options, onModel });
  }, 60_000);

  it('has a row for each seed and every identity of V = 2', () => {
    expect(result.corpus).toEqual({ name: 'small <corpus>', texts: 80, positive: 40, negative: 40 });
    expect(result.runs.map(({ seed, texts }) => [seed, texts.train, texts.test])).toEqual([
      ['1', 64, 16],
      ['2', 64, 16],
    ]);
    for (const { attention, mlp, accuracy } of result.runs) {
      for (const step of [attention, mlp]) {
        expect(step.operators + step.coinciding).toBe(16);
        expectClose(step.similarityU!, 2 * step.similarityH! - 1, 1e-12);
        expect(step.baselines.map(({ baseline }) => baseline)).toEqual(['feasible-arc', 'random-states', 'circle']);
        for (const { p } of step.baselines) expect(p).toBeGreaterThanOrEqual(1 / 21 - 1e-12);
      }
      expect(accuracy.train).toBeGreaterThan(0.6);
    }
    const [a, b] = result.runs.map((run) => run.accuracy.test);
    expectClose(result.accuracy.mean!, (a! + b!) / 2, 1e-12);
    expectClose(result.accuracy.deviation!, Math.abs(a! - b!) / Math.SQRT2, 1e-12);
    expectClose(result.accuracy.least, 0.7944 - 3 * Math.sqrt((0.7944 * 0.2056) / 16), 1e-12);
  });

  it('gives the same numbers on the TypeScript twin', async () => {
    const again = await reproduceSentiment(tsBackend, 'small <corpus>', corpus, { ...options, seeds: 1 });
    expect(again.runs).toEqual(result.runs.slice(0, 1));
    expect(again.first).toEqual({ ...result.first, backend: 'ts' });
  }, 60_000);

  it('hands over folders that open, each with its lens', async () => {
    expect(folders.map(([seed]) => seed)).toEqual(['1', '2']);
    for (const [i, [seed, files]] of folders.entries()) {
      const named = [...files].map(([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name));
      const model = await openModel(filesFolder(seed, named), { backend: wasmBackend });
      const texts = new TextDecoder().decode(files.get('test.jsonl')).trim().split('\n');
      const ids = texts.map((line) => promptOf(model, { text: (JSON.parse(line) as Sentence).text }).ids);
      const { stages } = evaluateLens(model, readLens(files.get('lens.safetensors')!), ids, { precision: 'f64' });
      expect(stages.slice(0, -1).map(({ kl }) => kl)).toEqual(result.runs[i]!.lens.tuned);
      model.release();
    }
  });

  it('starts from one state for all texts: the class token’s', () => {
    const { vectors, lengths } = result.first.steps[0]!;
    const [first, ...others] = vectors!.map(([x, y], i) => [x * lengths[i]!, y * lengths[i]!] as const);
    // ψ_in = ψ_out − Δ has norm 1 for every Δ: with two of them given, all others lie on that circle.
    const centre = circleThrough(first!, others[3]!, others[7]!);
    for (const [x, y] of others) expectClose(Math.hypot(x - centre[0], y - centre[1]), 1, 1e-4);
  });

  it('shows it on a terminal and a page, with every text escaped', () => {
    const text = renderSentiment(result, { width: 100 });
    for (const part of ['paper, table 2', 'notebooks', 'here, mean', 'random-states', '0.7944', '1/1001'])
      expect(text).toContain(part);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const page = renderSentimentPage(result, '0.0.0');
    expect(page).toContain('small &lt;corpus&gt;');
    expect(page.match(/<figure /g)).toHaveLength(6);
  });

  it('says which way the comparison came out', () => {
    const cohesion = (seeds: number, of: number) => findings({ ...result, attentionAbove: { seeds, of } })[1];
    expect(cohesion(2, 2)).toMatch(/attention is above the MLP, as the paper finds/);
    expect(cohesion(0, 2)).toMatch(/attention is NOT above the MLP/);
    expect(cohesion(1, 2)).toMatch(/depends on the seed/);
    expect(cohesion(0, 0)).toMatch(/too few operators/);
    expect(findings({ ...result, accuracy: { ...result.accuracy, passes: false } })[0]).toMatch(/BELOW/);
  });

  it('says so where nothing moves', async () => {
    const still = await reproduceSentiment(wasmBackend, 'small', corpus.slice(0, 10), {
      seeds: 1,
      epochs: 0,
      permutations: 1,
    });
    expect(still.runs[0]!.texts.test).toBe(2);
    expect(renderSentiment(still, { width: 100 })).toContain('Sentiment experiment');
  });
});

type Point = readonly [number, number];

/** Centre of the circle through three points. */
function circleThrough([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): Point {
  const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
  const [a, b, c] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
  return [(a * (by - cy) + b * (cy - ay) + c * (ay - by)) / d, (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / d];
}
