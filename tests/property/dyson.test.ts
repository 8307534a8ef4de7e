import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Precision, RealBlock } from '../../src/backend/memory.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { expandOrders } from '../../src/dyson/order-expansion.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { predictingPart } from '../../src/dyson/steps.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import { arbitraryPass, FAMILIES, type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const SETTINGS = { numRuns: 15, seed: 20261121 };

const cases = arbitraryPass(FAMILIES, 7);

eachBackend('Dyson series', (backend) => {
  it('orders sum to the state, last operators to the sublayers and to the logit, on random models', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ options, ids }) => {
        const model = await openModel(tinyCheckpoint(options), { backend });
        const exact = runDyson(model, ids, { precision: 'f64' });
        expectClose(exact.residual.relativeToTerms, 0, 1e-12, 'ΣT_k − x');
        expectClose(exact.attributionResidual, 0, 1e-9 * Math.max(1, exact.cancellation), 'attribution');
        for (const { name, residual } of exact.sublayers) expectClose(residual, 0, 1e-10 * exact.cancellation, name);
        expectClose(exact.orders.at(-1)!.partialSum.klFinal, 0, 1e-9);
        expect(exact.orders.at(-1)!.partialSum.rankOfTop).toBe(1);
        const fast = runDyson(model, ids);
        expectClose(fast.residual.relativeToTerms, 0, 1e-4, 'ΣT_k − x in f32');
        model.release();
      }),
      SETTINGS,
    );
  });

  it.each([
    { family: 'gpt2', L: 2, seed: 5 },
    { family: 'gpt_neo', L: 2, window: 2, seed: 5 },
    { family: 'llama', L: 2, G: 1, attentionBias: true, mlpBias: true, seed: 6 },
    { family: 'qwen2', L: 2, G: 1, window: 2, seed: 6 },
    { family: 'post_norm_encoder', L: 2, H: 4, seed: 7 },
    { family: 'gpt_neox', L: 4, rotary: 4, seed: 8 },
  ] as TinyOptions[])('the recursion is the sum over all paths: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const trace = traceForward(model, [7, 0, 3], { precision: 'f64', keep: frozenActivations(model.config) });
    const operators = new FrozenOperators(model, trace);
    const { terms, secondOrder, byLastOperator } = expandOrders(operators);
    const embed = Float64Array.from(activationOf(trace, 'embed').data);
    const [zero, size] = [() => new Float64Array(embed.length), embed.length];
    const expected = terms.map(zero);
    const byLast = byLastOperator.map(zero);
    // Every subset of the sublayers is one ordered path.
    for (let path = 0; path < 1 << operators.S; path++) {
      const layers = Array.from({ length: operators.S }, (_, l) => l).filter((l) => path & (1 << l));
      let state = embed;
      layers.forEach((l, position) => {
        state = applied(backend, operators, l, state, position === 0, 'f64');
      });
      for (let i = 0; i < size; i++) expected[layers.length]![i]! += state[i]!;
      const last = layers.at(-1);
      if (last !== undefined) for (let i = 0; i < size; i++) byLast[last]![i]! += state[i]!;
      if (layers.length === 2)
        expectClose(secondOrder[layers[0]!]![layers[1]!]!, Math.hypot(...predictingPart(operators, state)), 1e-12);
    }
    for (const [k, term] of terms.entries()) expectClose(maxError(term, expected[k]!), 0, 1e-11, `T_${k}`);
    for (const [l, term] of byLastOperator.entries())
      expectClose(maxError(term, byLast[l]!), 0, 1e-11, `paths that end in ${l}`);
    operators.release();
    model.release();
  });

  it.each(['llama', 'post_norm_encoder', 'gpt_neox'] as const)(
    'applies an operator to many stacked states as to each alone, %s',
    async (family) => {
      const model = await openModel(tinyCheckpoint({ family, D: 6, H: 3 }), { backend });
      const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9];
      const operators = new FrozenOperators(
        model,
        traceForward(model, ids, { precision: 'f64', keep: frozenActivations(model.config) }),
      );
      const size = ids.length * model.config.D;
      const states = 40;
      const numbers = Float64Array.from({ length: states * size }, (_, i) => Math.sin(i));
      for (let l = 0; l < operators.S; l++) {
        const together = applied(backend, operators, l, numbers, false, 'f64');
        const alone = applied(backend, operators, l, numbers.slice(size * 33, size * 34), false, 'f64');
        expect(together.slice(size * 33, size * 34)).toEqual(alone);
      }
      operators.release();
      model.release();
    },
  );
});

/** V x, plus B where `affine`; x holds whole states. */
function applied(
  backend: Backend,
  operators: FrozenOperators,
  step: number,
  x: Float64Array,
  affine: boolean,
  precision: Precision,
): Float64Array<ArrayBuffer> {
  const { memory } = backend;
  return memory.scope(() => {
    const [from, to, bias] = [0, 1, 2].map(() => memory.allocate(precision, x.length) as RealBlock) as [
      RealBlock,
      RealBlock,
      RealBlock,
    ];
    from.view().set(x);
    operators.apply(step, from, to, x.length / (operators.T * operators.model.config.D));
    const result = Float64Array.from(to.view());
    if (affine) {
      operators.bias(step, bias);
      for (let i = 0; i < result.length; i++) result[i]! += bias.view()[i]!;
    }
    return result;
  });
}
