import { expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { interventionEffect, patchesFrom, scoreAblations } from '../../src/dyson/ablation.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { FrozenUnembedding } from '../../src/dyson/order-logits.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { activationNames } from '../../src/transformer/activations.ts';
import type { Intervention } from '../../src/transformer/interventions.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { Session } from '../../src/transformer/session.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const MODELS: TinyOptions[] = [
  { family: 'gpt2', L: 2, seed: 5 },
  { family: 'llama', L: 2, G: 1, attentionBias: true, mlpBias: true, seed: 6 },
  { family: 'gpt_neox', L: 2, seed: 6 },
  { family: 'qwen3', L: 2, G: 1, K: 4, seed: 7 },
  { family: 'gemma2', L: 2, G: 1, K: 4, seed: 7 },
  { family: 'gemma3_text', L: 2, G: 1, K: 4, seed: 7 },
  { family: 'olmo2', L: 2, G: 1, seed: 8 },
];
const [CLEAN, CORRUPTED] = [
  [7, 0, 3],
  [1, 5, 3],
];

eachBackend('interventions', (backend) => {
  it.each(MODELS)('every activation takes a patch, and what follows takes it up: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const names = activationNames(model.config).filter((name) => name !== 'logits');
    const run = (interventions: Intervention[], keep: string[] = []) =>
      traceForward(model, CLEAN, { precision: 'f64', interventions, keep });
    const clean = run([], names);
    for (const name of names) {
      const { data } = activationOf(clean, name);
      const own = run([{ kind: 'patch', name, data }]);
      expectClose(maxError(own.logits, clean.logits), 0, 1e-12, `${name} patched by itself`);
      const moved = run([{ kind: 'patch', name, data: Float64Array.from(data, (x) => 1.5 * x + 0.1) }], [name]);
      expect(activationOf(moved, name).data[0]).toBe(1.5 * data[0]! + 0.1);
      // The last block's keys and queries matter, and so does everything else.
      expect(maxError(moved.logits, clean.logits), name).toBeGreaterThan(1e-9);
    }
    // All the corrupted prompt's embeddings make it the corrupted prompt.
    const patches = patchesFrom(model, CORRUPTED!, CLEAN!, ['embed'], 'f64');
    expect(run(patches).logits).toEqual(traceForward(model, CORRUPTED!, { precision: 'f64' }).logits);
    model.release();
  });

  it('zero, mean, positions and heads change what they name', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2', L: 1, H: 2, D: 4 }), { backend });
    const after = (intervention: Intervention) => {
      const { name } = intervention;
      const trace = traceForward(model, CLEAN!, { precision: 'f64', interventions: [intervention], keep: [name] });
      return [...activationOf(trace, name).data];
    };
    const before = (name: string) => [
      ...activationOf(traceForward(model, CLEAN!, { precision: 'f64', keep: [name] }), name).data,
    ];
    const out = before('blocks.0.attn.out');
    expect(after({ kind: 'zero', name: 'blocks.0.attn.out', positions: [1] })).toEqual(
      out.map((x, i) => (Math.floor(i / 4) === 1 ? 0 : x)),
    );
    const mean = [0, 1, 2, 3].map((c) => out[c]! / 3 + out[4 + c]! / 3 + out[8 + c]! / 3);
    expectClose(maxError(after({ kind: 'mean', name: 'blocks.0.attn.out' }), [...mean, ...mean, ...mean]), 0, 1e-15);
    const v = before('blocks.0.attn.v');
    expect(after({ kind: 'zero', name: 'blocks.0.attn.v', head: 1 })).toEqual(
      v.map((x, i) => (Math.floor(i / 2) % 2 === 1 ? 0 : x)),
    );
    const uniform = [1, 0, 0, 1 / 2, 1 / 2, 0, 1 / 3, 1 / 3, 1 / 3];
    expect(after({ kind: 'mean', name: 'blocks.0.attn.pattern', head: 0 })).toEqual([
      ...uniform,
      ...before('blocks.0.attn.pattern').slice(9),
    ]);
    model.release();
  });

  it('the mean of a pattern is even over the tokens that are seen: all of them, or those of a window', async () => {
    const third = 1 / 3;
    for (const [options, layer, rows] of [
      [{ family: 'post_norm_encoder', L: 1 }, 0, [third, third, third, third, third, third, third, third, third]],
      [{ family: 'gpt_neo', L: 2, window: 2 }, 1, [1, 0, 0, 1 / 2, 1 / 2, 0, 0, 1 / 2, 1 / 2]],
    ] as const) {
      const model = await openModel(tinyCheckpoint(options), { backend });
      const name = `blocks.${layer}.attn.pattern`;
      const trace = traceForward(model, CLEAN!, {
        interventions: [{ kind: 'mean', name }],
        keep: [name],
        precision: 'f64',
      });
      expect([...activationOf(trace, name).data.slice(0, 9)], options.family).toEqual(rows);
      model.release();
    }
  });

  it.each(MODELS)('ablations beside attributions: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const { token, steps, correlation } = scoreAblations(model, CLEAN!, { precision: 'f64' });
    const { top, sublayers } = runDyson(model, CLEAN!, { precision: 'f64' });
    expect(token).toBe(top.id);
    for (const { name, topLogit } of sublayers) {
      // Both sublayers of a block where they are parallel.
      const own = steps.filter((step) => step.name === name || step.name.startsWith(`${name}.`));
      const direct = own.reduce((sum, step) => sum + step.direct, 0);
      expectClose(direct, topLogit, 1e-11, `direct attribution of ${name}`);
    }
    expect(steps.map(({ name }) => name)).toEqual(
      Array.from({ length: model.config.L }, (_, i) => [`blocks.${i}.attn`, `blocks.${i}.mlp`]).flat(),
    );
    for (const { name, ablated } of steps) {
      const { effect } = interventionEffect(model, CLEAN!, [{ kind: 'zero', name: `${name}.out` }], {
        precision: 'f64',
        token,
      });
      expectClose(ablated, -effect, 1e-12, `ablation of ${name}`);
    }
    // Nothing comes after the last sublayer but the final norm: all its paths end in it.
    expectClose(steps.at(-1)!.direct, steps.at(-1)!.total, 1e-12, 'last sublayer');
    expect(Math.abs(correlation.total!)).toBeLessThanOrEqual(1 + 1e-12);
    model.release();
  });

  it.each(MODELS)('mean ablations beside what they take away: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const [zero, mean] = (['zero', 'mean'] as const).map((kind) =>
      scoreAblations(model, CLEAN!, { precision: 'f64', token: 4, kind }),
    );
    const keep = [...frozenActivations(model.config), 'blocks.*.attn.out', 'blocks.*.mlp.out'];
    const operators = new FrozenOperators(model, traceForward(model, CLEAN!, { precision: 'f64', keep }));
    const w = new FrozenUnembedding(operators).functional(4);
    for (const [k, { name, direct }] of mean!.steps.entries()) {
      const { data } = activationOf(operators.trace, `${name}.out`);
      const average = Array.from(w, (_, c) => [0, 1, 2].reduce((sum, t) => sum + data[t * w.length + c]! / 3, 0));
      const ofMean = average.reduce((sum, value, c) => sum + w[c]! * value, 0);
      expectClose(direct, zero!.steps[k]!.direct - ofMean, 1e-12, name);
    }
    // A single token is its own mean: nothing is taken away.
    for (const { direct, total, ablated } of scoreAblations(model, [7], { precision: 'f64', kind: 'mean' }).steps) {
      for (const value of [direct, total, ablated]) expectClose(value, 0, 1e-12);
    }
    operators.release();
    model.release();
  });

  it('refuses what is not there', async () => {
    const model = await openModel(tinyCheckpoint(), { backend });
    const run = (intervention: Intervention) => () => traceForward(model, [1, 2], { interventions: [intervention] });
    expect(run({ kind: 'zero', name: 'blocks.9.attn.out' })).toThrow(DomainError);
    expect(run({ kind: 'median', name: 'embed' } as unknown as Intervention)).toThrow(
      /kind must be zero, mean or patch, but it is median/,
    );
    expect(run({ kind: 'zero', name: 'logits' })).toThrow(/something follows/);
    expect(run({ kind: 'zero', name: 'blocks.0.ln1.scale' })).toThrow(
      'intervention: blocks.0.ln1.scale divides the stream and must stay positive, but zero puts 0 or less in its place.',
    );
    expect(run({ kind: 'patch', name: 'final_norm.scale', data: [1, -1] })).toThrow(/but patch puts 0 or less/);
    expect(run({ kind: 'mean', name: 'blocks.*.ln2.scale' })).not.toThrow();
    expect(run({ kind: 'zero', name: '*' })().logits).toEqual(run({ kind: 'zero', name: 'final_norm' })().logits);
    expect(run({ kind: 'zero', name: 'embed', positions: [2] })).toThrow(/position must be an integer from 0 to 1/);
    expect(run({ kind: 'zero', name: 'embed', head: 0 })).toThrow(/head must go with/);
    expect(run({ kind: 'zero', name: 'blocks.0.attn.q', head: 99 })).toThrow(DomainError);
    expect(run({ kind: 'patch', name: 'embed', data: [1] })).toThrow(ShapeError);
    expect(run({ kind: 'patch', name: 'embed', data: [Number.NaN] })).toThrow(NonFiniteError);
    expect(() => patchesFrom(model, [1], [1, 2], ['embed'])).toThrow(DomainError);
    expect(patchesFrom(model, [1, 3], [1, 2], ['*']).map(({ name }) => name)).not.toContain('logits');
    const session = new Session(model);
    session.append([1]);
    expect(() => session.append([2], { interventions: [{ kind: 'zero', name: 'embed' }] })).toThrow(/Rewind/);
    session.release();
    model.release();
  });
});
