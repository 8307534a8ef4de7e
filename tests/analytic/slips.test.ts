/** What docs/chen.md and docs/dyson.md say of the papers, shown. */
import { describe, expect, it } from 'vitest';
import description from '../../examples/chen-two-blocks.json' with { type: 'json' };
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { expandOrders } from '../../src/dyson/order-expansion.ts';
import { FrozenUnembedding } from '../../src/dyson/order-logits.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { predictingPart, realBlock } from '../../src/dyson/steps.ts';
import { AttentionBlock, CutoffError, modelOfDescription, propagate, TokenSpace } from '../../src/fock/index.ts';
import { lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { tsBackend as backend } from '../support/backends.ts';
import { embeddedModel } from '../support/embedded-model.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

describe('Chen', () => {
  it('the appendix needs strings of up to n + L − 1 tokens, and M = n + L', () => {
    const { laws, start } = modelOfDescription(description);
    const [n, L] = [start.longest, laws.length];
    const { steps } = propagate(laws, start, L);
    const stepped = [start, ...steps.slice(0, -1).map(({ state }) => state)].map((state) => state.longest);
    expect([n, L, ...stepped]).toEqual([3, 2, 3, 4]);
    expect(Math.max(...stepped)).toBe(n + L - 1);
    expect(() => propagate(laws, start, L, { cutoff: n + L - 1 })).toThrow(CutoffError);
    expect(propagate(laws, start, L, { cutoff: n + L }).steps.length).toBe(L);
  });

  it('FFN(W_V x) must be a token, W_V x need not', () => {
    const tokens = new TokenSpace(
      ['x0', 'x1'],
      [
        [1, 0],
        [0, 1],
      ],
    );
    const one = [
      [1, 0],
      [0, 1],
    ];
    const WV = [
      [0, 3],
      [3, 0],
    ];
    const back = one.map((row) => row.map((value) => value / 3));
    const block = new AttentionBlock(tokens, { WQ: one, WK: one, WV, ffn: { kind: 'linear', W: back } });
    expect([...block.tokenMap]).toEqual([1, 0]);
    expect(() => new AttentionBlock(tokens, { WQ: one, WK: one, WV })).toThrow('the nearest token');
  });
});

describe('Chang', () => {
  const ids = [4, 8, 2, 1];

  it('the product of eq. 6 holds with later layers on the left only', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2', L: 2 }), { backend });
    const trace = traceForward(model, ids, { precision: 'f64', keep: frozenActivations(model.config) });
    const operators = new FrozenOperators(model, trace);
    const length = ids.length * model.config.D;
    const through = (order: readonly number[]) =>
      backend.memory.scope(() => {
        const [x, y] = [realBlock(operators, length), realBlock(operators, length)];
        x.view().set(activationOf(trace, 'embed').data);
        for (const step of order) {
          operators.apply(step, x, y, 1);
          const update = y.view().slice();
          operators.bias(step, y);
          const shift = y.view().slice();
          const state = x.view();
          for (let i = 0; i < length; i++) state[i]! += update[i]! + shift[i]!;
        }
        return x.view().slice();
      });
    const final = activationOf(trace, 'blocks.1.resid_post').data;
    const scale = Math.max(...final.map(Math.abs));
    expectClose(maxError(through([0, 1, 2, 3]), final) / scale, 0, 1e-13);
    expect(maxError(through([3, 2, 1, 0]), final) / scale).toBeGreaterThan(1e-3);
    operators.release();
    model.release();
  });

  it('a pre-norm stream does not stay at unit variance', async () => {
    const model = await openModel(await embeddedModel(), { backend });
    const scales = runDyson(model, [5, 9, 2, 7], { precision: 'f64' }).sublayers.map(({ scale }) => scale);
    expect(Math.max(...scales) / Math.min(...scales)).toBeGreaterThan(3);
    model.release();
  });

  it('order 0 keeps the scale of the whole pass, where the logit lens takes that of the embedding', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2', L: 2 }), { backend });
    const keep = [...frozenActivations(model.config), ...lensStages(model.config)];
    const trace = traceForward(model, ids, { precision: 'f64', keep });
    const operators = new FrozenOperators(model, trace);
    const unembedding = new FrozenUnembedding(operators);
    const { terms } = expandOrders(operators);
    const x0 = predictingPart(operators, terms[0]!);
    const [zeroth, offset] = [unembedding.linear([x0])[0]!, unembedding.offset()];
    const lens = Float64Array.from(logitLens(model, trace, 'embed'));
    const scaleOf = (x: ArrayLike<number>) => {
      const values = Array.from(x);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length + model.config.norm.eps,
      );
    };
    const final = activationOf(trace, 'blocks.1.resid_post').data.slice(-model.config.D);
    const ratio = scaleOf(final) / scaleOf(x0);
    expect(ratio).toBeGreaterThan(1.01);
    const rescaled = zeroth.map((value, u) => value * ratio + offset[u]!);
    expectClose(maxError(rescaled, lens), 0, 1e-11);
    expect(
      maxError(
        zeroth.map((value, u) => value + offset[u]!),
        lens,
      ),
    ).toBeGreaterThan(1e-4);
    operators.release();
    model.release();
  });
});
