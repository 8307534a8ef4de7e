import { describe, expect, it } from 'vitest';
import type { RealBlock } from '../../src/backend/memory.ts';
import { logProbabilities, probabilities } from '../../src/transformer/law.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { tunedLens } from '../../src/transformer/lens/look.ts';
import { sampleTexts } from '../../src/transformer/lens/sample-texts.ts';
import { cutTexts } from '../../src/transformer/lens/texts.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import { residentTranslator } from '../../src/transformer/lens/translate.ts';
import { type TunedLens, zeroLens } from '../../src/transformer/lens/tuned-lens.ts';
import { lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { embeddedModel } from '../support/embedded-model.ts';
import { expectLensGradient } from '../support/lens-gradient.ts';
import { bitsOf, expectClose, testNumbers } from '../support/numbers.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const FAMILIES: TinyOptions[] = [
  { family: 'gpt2', D: 6, H: 2, V: 13 },
  { family: 'gpt_neo', D: 6, H: 2, V: 13, tied: false },
  { family: 'llama', D: 6, H: 2, G: 1, K: 4, V: 13 },
  { family: 'qwen2', D: 6, H: 2, G: 1, K: 4, V: 13, window: 2 },
  { family: 'gpt_neox', D: 8, H: 2, V: 13 },
];

/** Texts of random tokens. */
const randomTexts = (count: number, length: number, V: number): number[][] =>
  Array.from({ length: count }, (_, k) =>
    Array.from(testNumbers(length, k + 50), (u) => Math.floor(((u + 1) / 2) * V)),
  );

/** A lens with random translators. */
function randomLens(start: TunedLens, size: number): TunedLens {
  const translators = [...start.translators].map(([stage, { weight, bias }], s) => {
    const random = (length: number, seed: number) => Float32Array.from(testNumbers(length, seed), (v) => size * v);
    const map = { weight: weight === null ? null : random(weight.length, s + 1), bias: random(bias.length, s + 90) };
    return [stage, map] as const;
  });
  return { ...start, translators: new Map(translators) };
}

eachBackend('tuned lens', (backend) => {
  it.each(FAMILIES)('has the gradient of its loss, by central differences: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    expectLensGradient(model);
    model.release();
  });

  it('is the logit lens, to the last bit, before it is trained', async () => {
    const model = await openModel(tinyCheckpoint(FAMILIES[0]), { backend });
    const texts = randomTexts(3, 9, 13);
    const stages = lensStages(model.config);
    const logit = evaluateLens(model, null, texts);
    for (const kind of ['affine', 'bias'] as const) {
      expect(evaluateLens(model, zeroLens(model, kind), texts)).toEqual(logit);
      for (const precision of ['f32', 'f64'] as const) {
        const trace = traceForward(model, texts[0]!, { precision, keep: stages });
        for (const stage of stages)
          expect(tunedLens(model, zeroLens(model, kind), trace, stage)).toEqual(logitLens(model, trace, stage));
      }
      const { checks } = trainLens(model, texts, { kind, steps: 0 });
      expect(checks).toHaveLength(1);
    }
    model.release();
  });

  it('is evaluated as its definition says', async () => {
    const model = await openModel(tinyCheckpoint({ ...FAMILIES[2]!, seed: 8 }), { backend });
    const texts = [[3, 1, 4, 1, 5], [9], [2, 6]];
    const lens = randomLens(zeroLens(model, 'affine'), 0.3);
    const { tokens, stages } = evaluateLens(model, lens, texts, { precision: 'f64' });
    expect(tokens).toBe(8);
    const names = lensStages(model.config);
    const sums = names.map(() => ({ kl: 0, agreed: 0, surprise: 0 }));
    for (const text of texts) {
      for (let t = 1; t <= text.length; t++) {
        const trace = traceForward(model, text.slice(0, t), { precision: 'f64', keep: names });
        const p = probabilities(backend, trace.logits as Float64Array);
        const logP = logProbabilities(backend, trace.logits as Float64Array);
        for (const [s, name] of names.entries()) {
          const logQ = logProbabilities(backend, tunedLens(model, lens, trace, name));
          sums[s]!.kl += p.reduce((sum, value, i) => sum + value * (logP[i]! - logQ[i]!), 0);
          if (logQ.indexOf(Math.max(...logQ)) === logP.indexOf(Math.max(...logP))) sums[s]!.agreed++;
          if (t < text.length) sums[s]!.surprise -= logQ[text[t]!]!;
        }
      }
    }
    for (const [s, { kl, agreed, surprise }] of sums.entries()) {
      expectClose(stages[s]!.kl, kl / 8, 1e-12, names[s]);
      expect(stages[s]!.agreement).toBe(agreed / 8);
      expectClose(stages[s]!.perplexity! / Math.exp(surprise / 5), 1, 1e-12, names[s]);
    }
    expect(stages.at(-1)).toMatchObject({ kl: 0, agreement: 1 });
    expect(evaluateLens(model, null, [[3]]).stages[0]!.perplexity).toBeNull();
    model.release();
  });

  it('gives all its memory back, also after an error', async () => {
    const model = await openModel(tinyCheckpoint(FAMILIES[0]), { backend });
    const before = backend.memory.bytesInUse;
    const texts = randomTexts(3, 5, 13);
    trainLens(model, texts, { steps: 2 });
    evaluateLens(model, zeroLens(model, 'bias'), texts);
    sampleTexts(model, { count: 2, length: 4 });
    expect(() => trainLens(model, texts, { steps: 40, rate: 1e60 })).toThrow('Lower the rate');
    expect(backend.memory.bytesInUse).toBe(before);
    model.release();
  });
});

describe('training', () => {
  it('gives the same bits from both backends, and depends on the seed alone', async () => {
    for (const options of [FAMILIES[0]!, FAMILIES[2]!]) {
      const run = async (backend: typeof tsBackend, seed: bigint) => {
        const model = await openModel(tinyCheckpoint(options), { backend });
        const trained = trainLens(model, randomTexts(12, 7, 13), { steps: 6, batch: 3, every: 3, seed });
        model.release();
        return trained;
      };
      const [a, b, again] = [await run(tsBackend, 5n), await run(wasmBackend, 5n), await run(wasmBackend, 6n)];
      expect(b.checks).toEqual(a.checks);
      for (const [stage, { weight, bias }] of a.lens.translators) {
        expect(bitsOf(b.lens.translators.get(stage)!.weight!)).toEqual(bitsOf(weight!));
        expect(bitsOf(b.lens.translators.get(stage)!.bias)).toEqual(bitsOf(bias));
      }
      expect(again.checks).not.toEqual(a.checks);
    }
  });

  it('stops when no stage gains, and keeps for each stage what did best on the texts held back', async () => {
    const model = await openModel(tinyCheckpoint(FAMILIES[0]), { backend: wasmBackend });
    const texts = randomTexts(10, 6, 13);
    const idle = trainLens(model, texts, { steps: 400, batch: 9, every: 3, patience: 2, rate: 1e-9 });
    expect([idle.steps, idle.checks.map(({ step }) => step)]).toEqual([6, [0, 3, 6]]);
    expect(idle.texts).toEqual({ trained: 9, held: 1 });
    const { lens, checks, best } = trainLens(model, texts, { steps: 12, batch: 9, every: 1, patience: 12, rate: 2 });
    expect(new Set(best).size).toBeGreaterThan(1);
    const stages = [...lens.translators.keys()];
    for (const [s, stage] of stages.entries()) {
      const lowest = Math.min(...checks.map(({ kl }) => kl[s]!));
      expect(checks[best[s]!]!.kl[s]).toBe(lowest);
      if (best[s] === 0) expect(lens.translators.get(stage)!.bias.every((value) => value === 0)).toBe(true);
    }
    model.release();
  });

  it.each([
    ['affine', 0.3],
    ['bias', 0],
  ] as const)('closes the gap on the embedded model: %s', async (kind, least) => {
    const model = await openModel(await embeddedModel(), { backend: wasmBackend });
    const texts = sampleTexts(model, { count: 20, length: 24 });
    const { lens } = trainLens(model, texts, { kind, steps: 15, batch: 4, every: 5, rate: 0.02 });
    const fresh = sampleTexts(model, { count: 8, length: 24, seed: 2n });
    const [before, after] = [evaluateLens(model, null, fresh), evaluateLens(model, lens, fresh)];
    for (const [s, { kl }] of before.stages.entries()) {
      expect(after.stages[s]!.kl, before.stages[s]!.stage).toBeLessThanOrEqual(kl);
      if (s < 2) expect(1 - after.stages[s]!.kl / kl).toBeGreaterThan(least);
    }
    model.release();
  });

  it('refuses texts, options and lenses that do not fit', async () => {
    const model = await openModel(tinyCheckpoint(FAMILIES[0]), { backend: wasmBackend });
    const other = await openModel(tinyCheckpoint({ ...FAMILIES[0]!, seed: 2 }), { backend: wasmBackend });
    const wide = await openModel(tinyCheckpoint({ ...FAMILIES[0]!, D: 8 }), { backend: wasmBackend });
    const deep = await openModel(tinyCheckpoint({ ...FAMILIES[0]!, L: 3 }), { backend: wasmBackend });
    const texts = [[1, 2], [3]];
    expect(() => trainLens(model, [[1, 2]])).toThrow('texts must hold at least 2 texts, but it has 1');
    expect(() => trainLens(model, [[1], []])).toThrow('texts[1]: ids must hold at least one token');
    expect(() => trainLens(model, [[1], [13]])).toThrow('texts[1]: ids must lie in [0, 13)');
    expect(() => trainLens(model, [[1], new Array<number>(17).fill(1)])).toThrow(
      'texts[1] has 17. Cut it with cutTexts',
    );
    for (const rate of [0, -1, Number.NaN, Infinity])
      expect(() => trainLens(model, texts, { rate })).toThrow('rate must be positive');
    expect(() => trainLens(model, texts, { batch: 0 })).toThrow('batch must be an integer of at least 1');
    expect(() => trainLens(model, texts, { patience: 0 })).toThrow('patience must be');
    expect(() => evaluateLens(model, zeroLens(wide, 'bias'), texts)).toThrow("the model's width 6, but it has 8");
    expect(() => evaluateLens(model, zeroLens(deep, 'bias'), texts)).toThrow(
      "but 'blocks.1.resid_post' is none of the 4 stages 'embed', ",
    );
    expect(() => evaluateLens(model, zeroLens(other, 'bias'), texts)).toThrow('trained on the weights of tiny-gpt2');
    expect(() => cutTexts(texts, 0)).toThrow('length must be');
    for (const opened of [model, other, wide, deep]) opened.release();
  });
});

describe('texts', () => {
  it('are drawn from the law of the model: frequencies of the second token', async () => {
    const model = await openModel(tinyCheckpoint({ ...FAMILIES[0]!, V: 5 }), { backend: wasmBackend });
    const count = 2000;
    const texts = sampleTexts(model, { count, length: 2, seed: 3n });
    const law = probabilities(wasmBackend, traceForward(model, [model.config.bosId!]).logits);
    for (const [id, p] of law.entries()) {
      const share = texts.filter((text) => text[1] === id).length / count;
      expectClose(share, p, 4 * Math.sqrt((p * (1 - p)) / count), `token ${id}`);
    }
    expect(texts.every(([first]) => first === model.config.bosId)).toBe(true);
    expect(sampleTexts(model, { count: 3, length: 2, seed: 3n })).toEqual(texts.slice(0, 3));
    model.release();
  });

  it('are cut in order', () => {
    expect(cutTexts([[1, 2, 3, 4, 5], [6]], 2)).toEqual([[1, 2], [3, 4], [5], [6]]);
  });
});

describe('adamStep', () => {
  it('first moves every parameter by the rate, against the sign of its gradient', () => {
    for (const { memory, kernels } of [tsBackend, wasmBackend]) {
      memory.scope(() => {
        const put = (values: number[]) => {
          const block = memory.allocate('f64', values.length);
          block.view().set(values);
          return block as RealBlock;
        };
        const [x, m, v, g] = [put([1, 2, 3]), put([0, 0, 0]), put([0, 0, 0]), put([4, -0.5, 1e-3])];
        const corrections = { correction1: 1 - 0.9, correction2: 1 - 0.999 };
        kernels.adamStep({ x, m, v, g, n: 3, rate: 0.25, beta1: 0.9, beta2: 0.999, eps: 0, ...corrections });
        for (const [i, value] of [0.75, 2.25, 2.75].entries()) expectClose(x.view()[i]!, value, 1e-14);
        for (const [i, value] of [0.4, -0.05, 1e-4].entries()) expectClose(m.view()[i]!, value, 1e-15);
        for (const [i, value] of [0.016, 2.5e-4, 1e-9].entries()) expectClose(v.view()[i]!, value, 1e-15);
      });
    }
  });
});

it('residentTranslator widens what f32 holds', () => {
  tsBackend.memory.scope(() => {
    const { weight, bias } = residentTranslator(tsBackend, { weight: null, bias: Float32Array.of(0.1) }, 'f64');
    expect(weight).toBeNull();
    expect(bias.view()[0]).toBe(Math.fround(0.1));
  });
});
