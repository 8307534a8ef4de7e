/** All three pictures of models of every wiring: what lies about attention and MLP, in any combination that is not refused. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RealBlock } from '../../src/backend/memory.ts';
import { interventionEffect, scoreAblations } from '../../src/dyson/ablation.ts';
import { blockSteps } from '../../src/dyson/block-operators.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { expandOrders } from '../../src/dyson/order-expansion.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { predictingPart, type StepOperators } from '../../src/dyson/steps.ts';
import { sublayerOperator } from '../../src/dyson/sublayer-operator.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { tangentActivations } from '../../src/dyson/tangent-points.ts';
import { partNorms } from '../../src/dyson/vectors.ts';
import { activationNames } from '../../src/transformer/activations.ts';
import { predictingRow } from '../../src/transformer/config.ts';
import { lensOf } from '../../src/transformer/logit-lens.ts';
import type { Model } from '../../src/transformer/model.ts';
import { Session } from '../../src/transformer/session.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { expectLensGradient } from '../support/lens-gradient.ts';
import { bitsOf, expectClose, maxError, testNumbers } from '../support/numbers.ts';
import { wiredForward } from '../support/wired-forward.ts';
import { arbitraryWiring, WIRINGS, type WiredModel, type Wiring, wiredModel } from '../support/wired-model.ts';

const SETTINGS = { numRuns: 25, seed: 20261201 };
const NAMED = Object.entries(WIRINGS);
const IDS = [7, 0, 3, 12, 3];

eachBackend('models of any wiring', (backend) => {
  /** Every named wiring, then random ones. */
  function everyWiring(law: (wired: WiredModel, ids: readonly number[]) => void): void {
    const run = (wiring: Wiring, ids: readonly number[]) => {
      const before = backend.memory.bytesInUse;
      const wired = wiredModel(backend, wiring);
      law(wired, ids);
      wired.model.release();
      expect(backend.memory.bytesInUse).toBe(before);
    };
    for (const [name, wiring] of NAMED) {
      try {
        run(wiring, IDS);
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    }
    fc.assert(
      fc.property(arbitraryWiring, ({ wiring, ids }) => run(wiring, ids)),
      SETTINGS,
    );
  }

  it('give the textbook’s activations, all of them', () => {
    everyWiring((wired, ids) => {
      const { model } = wired;
      const expected = wiredForward(wired, ids);
      const keep = activationNames(model.config);
      const inside = /\.(attn\.([qkv]|pattern)|mlp\.(pre|pre_linear|post))$/;
      expect([...expected.keys()].sort()).toEqual(keep.filter((name) => !inside.test(name)).sort());
      const [exact, fast] = [traceForward(model, ids, { precision: 'f64', keep }), traceForward(model, ids, { keep })];
      expect([...exact.activations.keys()].sort()).toEqual([...keep].sort());
      for (const [name, values] of expected) {
        const size = Math.max(1, ...values.map(Math.abs));
        expectClose(maxError(activationOf(exact, name).data, values), 0, 1e-12 * size, name);
        expectClose(maxError(activationOf(fast, name).data, values), 0, 1e-3 * size, `${name} in f32`);
      }
    });
  });

  it('read token by token what they read at once', () => {
    everyWiring(({ model }, ids) => {
      if (!model.config.causal) return;
      const keep = new Set(activationNames(model.config).filter((name) => !name.endsWith('pattern')));
      const whole = traceForward(model, ids, { keep });
      const session = new Session(model);
      const parts = ids.map((id) => session.append([id], { keep }).activations);
      for (const name of keep) {
        const cached = parts.flatMap((activations) => [...bitsOf(activations.get(name)!.data)]);
        expect(Uint8Array.from(cached), name).toEqual(bitsOf(activationOf(whole, name).data));
      }
      session.release();
    });
  });

  it('go on from what an intervention leaves', () => {
    everyWiring(({ model }, ids) => {
      const keep = activationNames(model.config);
      const clean = traceForward(model, ids, { precision: 'f64', keep });
      const run = (name: string, data: ArrayLike<number>) =>
        traceForward(model, ids, { precision: 'f64', keep, interventions: [{ kind: 'patch', name, data }] });
      for (const name of keep.slice(0, -1)) {
        const { data } = activationOf(clean, name);
        expectClose(maxError(run(name, data).logits, clean.logits), 0, 1e-11, `${name} as it is`);
      }
      for (const name of keep.filter((one) => /_post\.scale$/.test(one))) {
        const out = name.replace('ln1_post.scale', 'attn.out').replace('ln2_post.scale', 'mlp.out');
        const doubled = run(
          name,
          activationOf(clean, name).data.map((value) => 2 * value),
        );
        const raw = run(
          out.replace('.out', '.raw'),
          activationOf(clean, out.replace('.out', '.raw')).data.map(() => 0),
        );
        // Of N x = γ x̂/σ + β, half of the first part is left, or none of it.
        const halved = Float64Array.from(
          activationOf(clean, out).data,
          (value, i) => (value + activationOf(raw, out).data[i]!) / 2,
        );
        expectClose(maxError(activationOf(doubled, out).data, halved), 0, 1e-12 * 10, name);
      }
    });
  });

  it('have orders that sum to the state, steps to their outputs, paths and attributions to the logit', () => {
    everyWiring(({ model }, ids) => {
      const paths = { count: 3, ...(model.config.residual === 'sequential' ? { heads: true } : {}) };
      const exact = runDyson(model, ids, { precision: 'f64', paths });
      const size = Math.max(1, exact.cancellation) * Math.max(1, Math.abs(exact.top.logit));
      expectClose(exact.residual.relativeToTerms, 0, 1e-12, 'ΣT_k − x');
      expectClose(exact.attributionResidual, 0, 1e-11 * size, 'attribution');
      expectClose(exact.firstAttributionResidual, 0, 1e-11 * size, 'attribution by the first step');
      for (const { name, residual } of exact.sublayers) expectClose(residual, 0, 1e-11 * exact.cancellation, name);
      expectClose(exact.orders.at(-1)!.partialSum.klFinal, 0, 1e-9);
      expectClose(exact.paths!.total, exact.top.logit, 1e-11 * size, 'all paths');
      expectClose(runDyson(model, ids).residual.relativeToTerms, 0, 1e-4, 'ΣT_k − x in f32');
      const { logitCap } = model.config;
      if (logitCap === null) expect(exact).not.toHaveProperty('logitCap');
      else {
        const { cap, uncapped, factor } = exact.logitCap!;
        expect(cap).toBe(logitCap);
        expectClose(cap * Math.tanh(uncapped / cap), exact.top.logit, 1e-12 * size, 'cap');
        expectClose(factor * uncapped, exact.top.logit, 1e-12 * size, 'frozen cap');
        expect(exact.paths!.logitCaps).toEqual({ token: exact.logitCap, against: null });
      }
      for (const { name, direct, ablated } of scoreAblations(model, ids, { precision: 'f64' }).steps) {
        const effect = interventionEffect(model, ids, [{ kind: 'zero', name: `${name}.out` }], { precision: 'f64' });
        expectClose(ablated, -effect.effect, 1e-11 * size, `ablation of ${name}`);
        expect(Number.isFinite(direct)).toBe(true);
      }
    });
  });

  it('have frozen steps with transposes, rows, channels and gains that belong to them', () => {
    everyWiring(({ model }, ids) => {
      const trace = traceForward(model, ids, { precision: 'f64', keep: frozenActivations(model.config) });
      const sublayers = new FrozenOperators(model, trace);
      const { byLastOperator } = expandOrders(sublayers);
      for (const operators of [sublayers, blockSteps(sublayers)]) {
        for (let step = 0; step < operators.S; step++) expectStep(operators, step);
      }
      const channels = new HeadChannels(sublayers);
      const state = Float64Array.from(activationOf(trace, 'embed').data);
      for (const [step, parts] of channels.steps.entries()) {
        const whole = affine(
          sublayers,
          state,
          (x, y) => sublayers.apply(step, x, y, 1),
          (y) => sublayers.bias(step, y),
        );
        const sum = new Float64Array(state.length);
        for (const { map, bias } of parts) {
          const part = affine(sublayers, state, (x, y) => map?.apply(x, y, 1), bias);
          for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
        }
        expectClose(maxError(sum, whole), 0, 1e-12 * parts.length * largest([...whole, 1]), `channels of step ${step}`);
        for (const { name, map } of parts) {
          if (map === null) continue;
          expectTransposed(sublayers, name, {
            apply: (x, y) => map.apply(x, y, 1),
            applyAdjoint: (x, y) => map.applyAdjoint(x, y, 1),
          });
        }
        for (let i = 0; i < state.length; i++) state[i]! += byLastOperator[step]![i]!;
      }
      channels.release();
      sublayers.release();
    });
  });

  it('have tangents that are the derivatives of their steps, and cotangents that are the transposes', () => {
    everyWiring(({ model }, ids) => {
      const trace = traceForward(model, ids, { precision: 'f64', keep: tangentActivations(model.config) });
      const tangent = new TangentOperators(model, trace);
      for (const [step, name] of tangent.names.entries()) {
        const j = sublayerOperator(tangent, step);
        const [x, y] = [testNumbers(j.rows, 1), testNumbers(j.rows, 2)];
        const [jx, jy] = [j.apply(x), j.applyAdjoint(y)];
        const size = length(jx) * length(y) + length(x) * length(jy);
        expectClose(dot(jx, y), dot(x, jy), 1e-12 * size + 1e-14 * length(x) * length(y), `transpose of ${name}`);
        const slope = slopeOf(model, ids, name, x, activationOf(trace, stateBefore(name)).data);
        const error = length(jx.map((value, i) => value - slope[i]!));
        expectClose(error, 0, 1e-6 * Math.max(length(slope), 1e-3), `derivative of ${name}`);
      }
      tangent.release();
    });
  });

  it('are seen by a lens as they are: the last stage gives the logits', () => {
    everyWiring(({ model }, ids) => {
      const last = `blocks.${model.config.L - 1}.resid_post`;
      const trace = traceForward(model, ids, { precision: 'f64', keep: [last] });
      const { D } = model.config;
      const row = predictingRow(model.config, ids.length);
      const stream = activationOf(trace, last).data.slice(row * D, (row + 1) * D);
      expect(bitsOf(lensOf(model, stream))).toEqual(bitsOf(trace.logits));
    });
  });

  it.each(NAMED)('have the gradient of a lens: %s', (_, wiring) => {
    const { model } = wiredModel(backend, wiring);
    expectLensGradient(model);
    model.release();
  });
});

it.each(NAMED)('wiring of %s: the same bits from both backends', (_, wiring) => {
  for (const precision of ['f32', 'f64'] as const) {
    const [ts, wasm] = [tsBackend, wasmBackend].map((backend) => {
      const { model } = wiredModel(backend, wiring);
      const trace = traceForward(model, IDS, { precision, keep: activationNames(model.config) });
      const { terms } = expandOrders(new FrozenOperators(model, trace));
      model.release();
      return [...[...trace.activations.values()].map(({ data }) => data), ...terms];
    });
    for (const [i, data] of ts!.entries()) expect(bitsOf(wasm![i]!)).toEqual(bitsOf(data));
  }
});

/** A step's transpose, the row that predicts, and its gain. */
function expectStep(operators: StepOperators, step: number): void {
  const { memory } = operators.model.backend;
  const name = operators.names[step]!;
  const v = sublayerOperator(operators, step);
  const x = testNumbers(v.rows, 1);
  expectTransposed(operators, name, {
    apply: (from, to) => operators.apply(step, from, to, 1),
    applyAdjoint: (from, to) => operators.applyAdjoint(step, from, to, 1),
  });
  const vx = v.apply(x);
  memory.scope(() => {
    const from = memory.allocate('f64', x.length);
    from.view().set(x);
    const row = memory.allocate('f64', operators.model.config.D);
    operators.applyToPredicting(step, from, row, 1);
    expect(bitsOf(row.view())).toEqual(bitsOf(predictingPart(operators, vx)));
  });
  const gain = operators.gain(step);
  const T = operators.T;
  const [read, written] = [partNorms(x, T), partNorms(vx, T)];
  for (let t = 0; t < T; t++) {
    const bound = read.reduce((sum, size, s) => sum + gain[t * T + s]! * size, 0);
    expect(written[t]!, `gain of ${name}`).toBeLessThanOrEqual(bound * (1 + 1e-12));
  }
}

type Map = (x: RealBlock, y: RealBlock, states: number) => void;

function expectTransposed(
  { model, T }: StepOperators,
  name: string,
  map: { readonly apply: Map; readonly applyAdjoint: Map },
): void {
  const n = T * model.config.D;
  const [x, y] = [testNumbers(n, 1), testNumbers(n, 2)];
  const run = (f: Map, from: Float64Array) =>
    model.backend.memory.scope(() => {
      const [a, b] = [model.backend.memory.allocate('f64', n), model.backend.memory.allocate('f64', n)];
      a.view().set(from);
      f(a, b, 1);
      return b.view().slice();
    });
  const [vx, vy] = [run(map.apply, x), run(map.applyAdjoint, y)];
  expectClose(
    dot(vx, y),
    dot(x, vy),
    1e-12 * (length(vx) * length(y) + length(x) * length(vy)),
    `transpose of ${name}`,
  );
}

/** V x + B. */
function affine(
  { model }: StepOperators,
  x: Float64Array,
  apply: (x: RealBlock, y: RealBlock) => void,
  bias: (y: RealBlock) => void,
): Float64Array {
  const { memory, kernels } = model.backend;
  return memory.scope(() => {
    const [from, to, constant] = [0, 1, 2].map(() => memory.allocate('f64', x.length)) as [
      RealBlock,
      RealBlock,
      RealBlock,
    ];
    from.view().set(x);
    apply(from, to);
    bias(constant);
    kernels.add({ x: constant, y: to, n: x.length });
    return Float64Array.from(to.view());
  });
}

function stateBefore(step: string): string {
  if (/^blocks\.\d+$/.test(step)) return `${step}.resid_pre`;
  return step.replace(/attn$/, 'resid_pre').replace(/mlp$/, 'resid_mid');
}

/** Central differences of two widths, extrapolated, of what a step adds to the stream. */
function slopeOf(
  model: Model,
  ids: readonly number[],
  step: string,
  x: Float64Array,
  state: ArrayLike<number>,
): Float64Array {
  const block = /^blocks\.\d+$/.test(step);
  const follows = block || model.config.normPlacement === 'post';
  const after = block ? `${step}.resid_post` : step.replace(/attn$/, 'resid_mid').replace(/mlp$/, 'resid_post');
  const read = follows ? after : `${step}.out`;
  const at = (width: number) => {
    const data = Float64Array.from(state, (value, i) => value + width * x[i]!);
    const interventions = [{ kind: 'patch', name: stateBefore(step), data }] as const;
    const result = activationOf(traceForward(model, ids, { precision: 'f64', keep: [read], interventions }), read).data;
    return follows ? Float64Array.from(result, (value, i) => value - data[i]!) : result;
  };
  // Narrow where a unit of ReLU could cross its kink.
  const h = model.config.activation === 'relu' ? 1e-6 : 1e-4;
  const difference = (width: number) => {
    const [up, down] = [at(width), at(-width)];
    return Float64Array.from(up, (value, i) => (value - down[i]!) / (2 * width));
  };
  const [narrow, wide] = [difference(h), difference(2 * h)];
  return narrow.map((value, i) => (4 * value - wide[i]!) / 3);
}

function largest(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}

function length(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
