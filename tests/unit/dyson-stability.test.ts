import { expect, it } from 'vitest';
import { CapacityError, DomainError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { lyapunovExponents } from '../../src/dyson/lyapunov.ts';
import { rankActivations, rankCollapse } from '../../src/dyson/rank-collapse.ts';
import { runLyapunov, runRankCollapse } from '../../src/dyson/run-stability.ts';
import { propagator } from '../../src/dyson/sublayer-operator.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { tangentActivations } from '../../src/dyson/tangent-points.ts';
import { determinant, qr as qrOf, toMatrix } from '../../src/linalg/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const MODELS: TinyOptions[] = [
  { family: 'gpt2', L: 2, seed: 5 },
  { family: 'llama', L: 2, G: 1, seed: 6 },
  { family: 'gpt_neox', L: 4, seed: 7 },
];

eachBackend('stability of a pass', (backend) => {
  it.each(MODELS)('either list of exponents sums to log |det P|: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const ids = [7, 0];
    const keep = [...frozenActivations(model.config), ...tangentActivations(model.config)];
    const trace = traceForward(model, ids, { precision: 'f64', keep });
    const frozen = new FrozenOperators(model, trace);
    const tangent = new TangentOperators(model, trace);
    for (const operators of [frozen, tangent]) {
      const { qr, singular, logDeterminant, residual, steps } = lyapunovExponents(operators);
      const { S } = operators;
      expect(steps).toBe(S);
      expectClose(residual.qr, 0, 1e-11, 'QR');
      expectClose(residual.singular, 0, 1e-9, 'singular values');
      const { value } = determinant(backend, toMatrix(propagator(operators, 0, S)));
      expectClose(logDeterminant, Math.log(Math.abs(value.re)) / S, 1e-9, 'determinant of the product');
      // P = Q R_S … R_1: the exponents are those of the R of P itself.
      const { r } = qrOf(backend, toMatrix(propagator(operators, 0, S)));
      const direct = Array.from(qr, (_, i) => Math.log(Math.abs(r.data[i * (qr.length + 1)]!)) / S).sort(
        (a, b) => b - a,
      );
      expectClose(maxError(qr, direct), 0, 1e-9, 'QR exponents');
      expect([...qr].every((x, i) => i === 0 || x <= qr[i - 1]!)).toBe(true);
      expect(singular.length).toBe(qr.length);
    }
    expect(() => lyapunovExponents(frozen, { maxBytes: 100 })).toThrow(CapacityError);
    frozen.release();
    tangent.release();
    model.release();
  });

  it('rank measures of states that are known', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'llama', L: 1 }), { backend });
    const { D } = model.config;
    const alike = Float64Array.from({ length: 3 * D }, (_, i) => (i % D) + 1);
    // Three orthogonal tokens of lengths 2, 1 and 1.
    const apart = new Float64Array(3 * D);
    for (const [t, size] of [2, 1, 1].entries()) apart[t * D + t] = size;
    const stage = (data: Float64Array) =>
      rankCollapse(
        model,
        traceForward(model, [1, 2, 3], {
          precision: 'f64',
          keep: rankActivations(model.config),
          interventions: [
            { kind: 'patch', name: 'embed', data },
            { kind: 'mean', name: 'blocks.0.attn.pattern' },
          ],
        }),
      );
    const [same] = stage(alike);
    expectClose(same!.deviation, 0, 1e-15, 'deviation');
    expectClose(same!.stableRank, 1, 1e-14, 'stable rank');
    expectClose(same!.effectiveRank, 1, 1e-12, 'effective rank');
    const [orthogonal, middle] = stage(apart);
    expectClose(orthogonal!.stableRank, 6 / 4, 1e-14, 'stable rank');
    expectClose(orthogonal!.effectiveRank, Math.sqrt(8), 1e-13, 'exp(½ ln 2 + 2·¼ ln 4)');
    expectClose(orthogonal!.deviation, Math.sqrt(4 / 6), 1e-14, '1 − |x̄|²·T/‖X‖²');
    for (const gap of middle!.attentionGaps!) expectClose(gap!, 1 / 2, 1e-15, 'second token of uniform attention');
    const single = traceForward(model, [1], { keep: rankActivations(model.config) });
    expect(rankCollapse(model, single)[1]!.attentionGaps!.every((gap) => gap === null)).toBe(true);
    expect(() => rankCollapse(model, traceForward(model, [1]))).toThrow(DomainError);
    model.release();
  });

  it('run from a prompt, say how far they are, and stop when they are told to', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2', L: 2, seed: 5 }), { backend });
    const ids = [7, 0];
    const used = backend.memory.bytesInUse;
    const progress = (run: (onProgress: (done: number, total: number) => void) => unknown) => {
      const seen: [number, number][] = [];
      run((done, total) => seen.push([done, total]));
      return seen;
    };
    const steps = Array.from({ length: 5 }, (_, i) => [i + 1, 5]);
    expect(progress((onProgress) => runLyapunov(model, ids, { onProgress }))).toEqual(steps);
    expect(progress((onProgress) => runRankCollapse(model, ids, { onProgress }))).toEqual(steps);
    const { qr, at, dimension } = runLyapunov(model, ids, { operators: 'frozen', precision: 'f32' });
    expect([at, dimension, qr.length]).toEqual(['frozen', 2 * model.config.D, 2 * model.config.D]);
    expect(() => runLyapunov(model, ids, { precision: 'f32' })).toThrow('tangents must be in f64');
    for (const run of [runLyapunov, runRankCollapse]) {
      const controller = new AbortController();
      let parts = 0;
      const onProgress = () => {
        parts++;
        controller.abort(new Error('enough'));
      };
      expect(() => run(model, ids, { onProgress, signal: controller.signal })).toThrow('enough');
      expect(parts).toBe(1);
    }
    expect(backend.memory.bytesInUse).toBe(used);
    model.release();
  });
});
