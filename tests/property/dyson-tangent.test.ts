import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { sublayerOperator } from '../../src/dyson/sublayer-operator.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { tangentActivations } from '../../src/dyson/tangent-points.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';
import { arbitraryPass, FAMILIES, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const SETTINGS = { numRuns: 20, seed: 20261122 };

const cases = arbitraryPass(FAMILIES, 5);

eachBackend('tangent operators', (backend) => {
  it('are the derivatives of the real sublayers, and their transposes are transposes, on random models', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ options, ids }) => {
        const model = await openModel(tinyCheckpoint(options), { backend });
        const before = backend.memory.bytesInUse;
        const trace = traceForward(model, ids, { precision: 'f64', keep: tangentActivations(model.config) });
        const tangent = new TangentOperators(model, trace);
        for (const [step, name] of tangent.names.entries()) {
          const block = /^blocks\.\d+$/.test(name);
          const state = block ? `${name}.resid_pre` : name.replace(/attn$/, 'resid_pre').replace(/mlp$/, 'resid_mid');
          const { data } = activationOf(trace, state);
          const j = sublayerOperator(tangent, step);
          const [x, y] = [testNumbers(j.rows, 1), testNumbers(j.rows, 2)];
          const [jx, jy] = [j.apply(x), j.applyAdjoint(y)];
          const size = length(jx) * length(y) + length(x) * length(jy);
          expectClose(dot(jx, y), dot(x, jy), 1e-12 * size + 1e-14 * length(x) * length(y), `transpose of ${name}`);
          // Narrow where a unit of ReLU could cross its kink.
          const h = options.activation === 'relu' ? 1e-6 : 1e-4;
          // What the step adds to the stream: the sublayer's output, or with the norm after it the change of the stream.
          const follows = block || model.config.normPlacement === 'post';
          const after = block ? `${name}.resid_post` : name.replace(/attn$/, 'resid_mid').replace(/mlp$/, 'resid_post');
          const read = follows ? after : `${name}.out`;
          const at = (width: number) => {
            const moved = Float64Array.from(data, (value, i) => value + width * x[i]!);
            const changed = traceForward(model, ids, {
              precision: 'f64',
              keep: [read],
              interventions: [{ kind: 'patch', name: state, data: moved }],
            });
            const result = activationOf(changed, read).data;
            return follows ? Float64Array.from(result, (value, i) => value - moved[i]!) : result;
          };
          const [d1, d2] = [difference(at(h), at(-h), 2 * h), difference(at(2 * h), at(-2 * h), 4 * h)];
          // Central differences of two widths, extrapolated.
          const slope = d1.map((value, i) => (4 * value - d2[i]!) / 3);
          const error = length(jx.map((value, i) => value - slope[i]!));
          expectClose(error, 0, 1e-6 * Math.max(length(slope), 1e-3), `derivative of ${name}`);
        }
        tangent.release();
        expect(backend.memory.bytesInUse).toBe(before);
        model.release();
      }),
      SETTINGS,
    );
  });

  it('want f64 and what they are made of', async () => {
    const model = await openModel(tinyCheckpoint(), { backend });
    const keep = tangentActivations(model.config);
    expect(() => new TangentOperators(model, traceForward(model, [1, 2], { keep }))).toThrow(DomainError);
    const bare = traceForward(model, [1, 2], { precision: 'f64' });
    expect(() => new TangentOperators(model, bare)).toThrow(DomainError);
    model.release();
  });
});

function difference(a: ArrayLike<number>, b: ArrayLike<number>, width: number): Float64Array {
  return Float64Array.from(a, (value, i) => (value - b[i]!) / width);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}

function length(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
