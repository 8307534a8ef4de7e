import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/philox.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { countRows, drawRows, splitOfTexts } from '../../src/transformer/lens/held-back.ts';
import { estimateSeconds, ridgeFlop, trainingFlop } from '../../src/transformer/lens/lens-cost.ts';
import { lensBytes, readLens } from '../../src/transformer/lens/lens-file.ts';
import { trainRidgeLens, trainRidgeLensInTurns } from '../../src/transformer/lens/ridge-lens.ts';
import { sampleTexts } from '../../src/transformer/lens/sample-texts.ts';
import { lensTrainingPlan, trainLens, trainLensInTurns } from '../../src/transformer/lens/train-lens.ts';
import { zeroLens } from '../../src/transformer/lens/tuned-lens.ts';
import { lensStages } from '../../src/transformer/logit-lens.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { embeddedModel } from '../support/embedded-model.ts';
import { bitsOf, expectClose, testNumbers } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const TINY = { family: 'llama', D: 6, H: 2, G: 1, K: 4, V: 13 } as const;

const randomTexts = (count: number, length: number, V = 13): number[][] =>
  Array.from({ length: count }, (_, k) =>
    Array.from(testNumbers(length, k + 50), (u) => Math.floor(((u + 1) / 2) * V)),
  );

eachBackend('a ridge lens', (backend) => {
  it('is where the gradient of its own objective is zero, for every stage', async () => {
    const model = await openModel(tinyCheckpoint(TINY), { backend });
    const texts = randomTexts(20, 9);
    const penalty = 0.01;
    const { lens, stages, held } = trainRidgeLens(model, texts, { precision: 'f64', penalties: [penalty] });
    expect(held).toEqual({ tokens: 18, rows: 18 });
    expect(stages.map(({ stage }) => stage)).toEqual(lensStages(model.config).slice(0, -1));
    const { D } = model.config;
    const names = lensStages(model.config);
    const heldTexts = heldOf(texts);
    const traces = texts
      .filter((text) => !heldTexts.includes(text))
      .map((ids) => traceForward(model, ids, { precision: 'f64', keep: names }));
    for (const { stage, tokens } of stages) {
      expect(tokens).toBe(18 * 9);
      const rows = (name: string) =>
        traces.flatMap((trace) => {
          const { data } = activationOf(trace, name);
          return Array.from({ length: data.length / D }, (_, r) => Array.from(data.subarray(r * D, (r + 1) * D)));
        });
      const [xs, ys] = [rows(stage), rows(names.at(-1)!)];
      const mean = Array.from({ length: D }, (_, j) => xs.reduce((sum, x) => sum + x[j]!, 0) / xs.length);
      const { weight, bias } = lens.translators.get(stage)!;
      for (let o = 0; o < D; o++) {
        const residuals = xs.map((x, r) => {
          const moved = x.reduce((sum, value, j) => sum + weight![o * D + j]! * value, x[o]! + bias[o]!);
          return ys[r]![o]! - moved;
        });
        const scale = Math.sqrt(ys.reduce((sum, y) => sum + y[o]! ** 2, 0) * xs.length);
        expectClose(
          residuals.reduce((sum, value) => sum + value, 0),
          0,
          1e-6 * scale,
        );
        for (let j = 0; j < D; j++) {
          const spread = xs.reduce((sum, x) => sum + (x[j]! - mean[j]!) ** 2, 0);
          const slope = residuals.reduce((sum, value, r) => sum + value * (xs[r]![j]! - mean[j]!), 0);
          expectClose(
            slope,
            penalty * spread * weight![o * D + j]!,
            1e-6 * scale * Math.sqrt(spread),
            `${stage} ${o} ${j}`,
          );
        }
      }
    }
    model.release();
  });

  it('gives its memory back, and ends in order when it is told to', async () => {
    const model = await openModel(tinyCheckpoint(TINY), { backend });
    const texts = randomTexts(20, 9);
    const before = backend.memory.bytesInUse;
    const stop = new AbortController();
    let read = 0;
    const onWork = ({ phase }: { phase: string }) => {
      if (phase === 'read' && ++read === 8) stop.abort();
    };
    const { stages, stopped } = await trainRidgeLensInTurns(model, texts, { signal: stop.signal, onWork });
    expect(stopped).toBe(true);
    // Two texts held back, and six of those to be fitted.
    expect(stages.map(({ tokens }) => tokens)).toEqual(stages.map(() => 54));
    expect(backend.memory.bytesInUse).toBe(before);
    const fail = () =>
      trainRidgeLens(model, texts, {
        onWork: () => {
          throw new Error('enough');
        },
      });
    expect(fail).toThrow('enough');
    expect(backend.memory.bytesInUse).toBe(before);
    model.release();
  });
});

/** The texts that both trainings hold back: those of the first tenth in the order of the seed. */
function heldOf(texts: readonly (readonly number[])[]) {
  const random = new RandomStream(1n);
  const order = [...texts];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, splitOfTexts(texts.length).held);
}

it('reads what the logit lens does not, is a file of its kind, and training goes on from it', async () => {
  const model = await openModel(await embeddedModel(), { backend: wasmBackend });
  const texts = sampleTexts(model, { count: 120, length: 24 });
  const { lens, stages } = trainRidgeLens(model, texts);
  const fresh = sampleTexts(model, { count: 8, length: 24, seed: 2n });
  const [logit, ridge] = [evaluateLens(model, null, fresh), evaluateLens(model, lens, fresh)];
  for (const [s, { stage, logitKl, kl }] of stages.entries()) {
    expect(kl, stage).toBeLessThan(logitKl);
    expect(ridge.stages[s]!.kl, stage).toBeLessThan(logit.stages[s]!.kl);
  }
  const again = readLens(lensBytes(lens));
  expect(again.kind).toBe('ridge');
  for (const [stage, { weight }] of lens.translators)
    expect(bitsOf(again.translators.get(stage)!.weight!)).toEqual(bitsOf(weight!));
  expect(evaluateLens(model, again, fresh)).toEqual(ridge);

  const trained = trainLens(model, texts, { start: lens, steps: 4, every: 2, rate: 0.001 });
  expect(trained.checks.map(({ step }) => step)).toEqual([0, 0, 2, 4]);
  expect(trained.checks[0]!.kl).toEqual(trainLens(model, texts, { steps: 0 }).checks[0]!.kl);
  for (const [s, { kl }] of stages.entries()) {
    expectClose(trained.checks[1]!.kl[s]!, kl, 1e-12);
    expect(trained.checks[trained.best[s]!]!.kl[s]).toBeLessThanOrEqual(kl);
  }
  expect(trained.lens.kind).toBe('affine');
  expect(() => trainLens(model, texts, { start: lens, kind: 'bias' })).toThrow('start must have no matrices');
  expect(() => trainRidgeLens(model, texts, { penalties: [1, 2] })).toThrow(
    'penalties must be positive, finite and from the largest on, but they are 1, 2',
  );
  model.release();
});

it('training draws rows and stages where it is bounded, each as often, and is bounded by rows in its looks', async () => {
  const model = await openModel(tinyCheckpoint(TINY), { backend: wasmBackend });
  const texts = randomTexts(20, 9);
  const counts = new Map<string, number>();
  const random = new RandomStream(3n);
  for (let k = 0; k < 4000; k++) {
    const drawn = drawRows(model, [[1, 2, 3], [4], [5, 6]], 2, random);
    expect(countRows(drawn)).toBe(2);
    for (const { ids, tokens } of drawn)
      for (const t of tokens) counts.set(`${ids}:${t}`, (counts.get(`${ids}:${t}`) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expectClose(count / 4000, 1 / 3, 4 * Math.sqrt(2 / 9 / 4000));

  const options = { rows: 5, heldRows: 7, steps: 6, every: 2, batch: 4 };
  const a = trainLens(model, texts, options);
  expect(a.sampled).toEqual({ rows: 5, stages: 4, held: 7 });
  expect(trainLens(model, texts, options).checks).toEqual(a.checks);
  expect(trainLens(model, texts, { ...options, rows: 36 }).sampled.rows).toBe(36);
  expect(trainLens(model, texts, { ...options, rows: 900 }).sampled.rows).toBe(36);
  expect(trainLens(model, texts, { ...options, rows: 36 }).checks).toEqual(
    trainLens(model, texts, { ...options, rows: 900 }).checks,
  );
  const { lens } = trainLens(model, texts, { ...options, steps: 0 });
  expect(lens.translators).toEqual(zeroLens(model, 'affine').translators);
  model.release();
});

it('training of real sizes is bounded and its cost is known', async () => {
  const model = await openModel(tinyCheckpoint({ ...TINY, D: 64, K: 8, V: 3000, L: 2 }), { backend: wasmBackend });
  const texts = randomTexts(20, 16);
  const plan = lensTrainingPlan(model, texts);
  // 8 texts of 16 tokens at 4 stages, which are fewer than the bound: 4·D·V + 6·D² for a row and a stage with its gradient.
  expect(plan).toMatchObject({ texts: 8, rows: 128, stages: 4, heldRows: 32 });
  expect(plan.stepFlop).toBe(128 * 4 * (4 * 64 * 3000 + 6 * 64 * 64));
  const whole = trainingFlop(plan, { steps: 50, every: 25 });
  expect(whole.lenses).toBe(50 * plan.stepFlop + 3 * plan.lookFlop);
  const { sums } = ridgeFlop(model, texts, plan, [1]);
  expect(sums).toBe(4 * (3 * 64 * 64 * 320 + (13 * 64 ** 3) / 3));
  expect(estimateSeconds(model, 'f32', { passes: 0, lenses: 0, sums: 0 })).toBe(0);
  const huge = { ...model.config, D: 8192, V: 256_000 };
  const bounded = lensTrainingPlan(
    { config: huge, weights: model.weights, maskId: model.maskId } as typeof model,
    texts,
  );
  expect(bounded).toMatchObject({ rows: 8, stages: 1, heldRows: 32 });
  model.release();
});

it('training ends with the best lens so far when it is told to', async () => {
  const model = await openModel(tinyCheckpoint(TINY), { backend: wasmBackend });
  const stop = new AbortController();
  const trained = await trainLensInTurns(model, randomTexts(20, 9), {
    steps: 1000,
    rate: 0.01,
    signal: stop.signal,
    onProgress: (done) => {
      if (done === 7) stop.abort();
    },
  });
  expect([trained.stopped, trained.steps, trained.checks.map(({ step }) => step)]).toEqual([true, 7, [0, 7]]);
  expect(trained.best.some((check) => check === 1)).toBe(true);
  model.release();
});
