import { expect, it } from 'vitest';
import { CapacityError, DomainError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import {
  attentionMatrix,
  densePropagator,
  keyQueryProduct,
  outputValueProduct,
  TangentOperators,
  tangentActivations,
} from '../../src/dyson/index.ts';
import { eig, Matrix, singularValues, smallestSingularValues } from '../../src/linalg/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';
import { tinyCheckpoint, tinyTensors } from '../support/tiny-checkpoint.ts';

/** Four query heads, two key/value heads of width 2. */
const GROUPED = { family: 'llama', D: 8, H: 4, G: 2, K: 2, L: 2, seed: 9 } as const;

eachBackend('operators of a model', (backend) => {
  /** Resolvent and singular values of a small matrix are those of the dense D×D one. */
  function expectSame(compressed: Matrix, dense: Matrix): void {
    const points = testNumbers(12, 3);
    const [a, b] = [dense, compressed].map((one) => smallestSingularValues(backend, one, points).values);
    for (let k = 0; k < 6; k++) expectClose(b![k]!, a![k]!, 1e-7 * a![k]!);
    const [s, t] = [singularValues(backend, dense), singularValues(backend, compressed)];
    for (let k = 0; k < compressed.rows; k++) expectClose(t[k]!, s[k]!, 1e-13);
  }

  const dense = (element: (i: number, j: number) => number): Matrix =>
    Matrix.fromRows(Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_, j) => element(i, j))));

  it.each([0, 1, 2, 3])('W_V W_O of grouped head %i', async (head) => {
    const model = await openModel(tinyCheckpoint(GROUPED), { backend });
    const tensors = tinyTensors(GROUPED);
    const [v, o, gamma] = ['self_attn.v_proj', 'self_attn.o_proj', 'input_layernorm'].map(
      (name) => tensors.get(`model.layers.1.${name}.weight`)!.values,
    );
    const group = head < 2 ? 0 : 1;
    const product = (fold: boolean) =>
      dense((i, j) => {
        let sum = 0;
        for (let k = 0; k < 2; k++) sum += v![(2 * group + k) * 8 + i]! * o![j * 8 + 2 * head + k]!;
        return sum * (fold ? gamma![i]! : 1);
      });
    const plain = outputValueProduct(model, 1, head);
    expect([plain.core.rows, plain.compressed.rows, plain.zeros]).toEqual([2, 4, 4]);
    expectSame(plain.compressed, product(false));
    expectSame(outputValueProduct(model, 1, head, { foldNorm: true }).compressed, product(true));
    const whole = eig(backend, product(false)).values;
    const [trace, core] = [whole, plain.core.data].map((x, which) =>
      which === 0 ? x.reduce((a, b, k) => a + (k % 2 ? 0 : b), 0) : x[0]! + x[3]!,
    );
    expectClose(core!, trace!, 1e-12);
    model.release();
  });

  it.each([0, 3, -2])('W_Q R W_Kᵀ at offset %i', async (offset) => {
    const model = await openModel(tinyCheckpoint(GROUPED), { backend });
    const tensors = tinyTensors(GROUPED);
    const [q, k] = ['q', 'k'].map((name) => tensors.get(`model.layers.0.self_attn.${name}_proj.weight`)!.values);
    // One pair of width 2 turns by offset·1 radian.
    const [c, s] = [Math.cos(offset), Math.sin(offset)];
    const head = 2;
    const expected = dense((i, j) => {
      const [x, y] = [q![2 * head * 8 + i]!, q![(2 * head + 1) * 8 + i]!];
      return (x * c - y * s) * k![2 * 8 + j]! + (y * c + x * s) * k![3 * 8 + j]!;
    });
    expectSame(keyQueryProduct(model, 0, head, { offset }).compressed, expected);
    model.release();
  });

  it('refuses what is not there', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2' }), { backend });
    expect(() => outputValueProduct(model, 2, 0)).toThrow(DomainError);
    expect(() => keyQueryProduct(model, 0, 2)).toThrow(DomainError);
    expect(() => keyQueryProduct(model, 0, 0, { offset: 1 })).toThrow(/offset must be 0 where nothing turns/);
    model.release();
  });

  it('reads attention patterns, whose eigenvalues are the diagonal', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2' }), { backend });
    const trace = traceForward(model, [3, 1, 4, 1, 5], { precision: 'f64', keep: ['blocks.1.attn.pattern'] });
    const { matrix, reversed, eigenvalues } = attentionMatrix(model, trace, 1, 1);
    for (const row of matrix.toRows())
      expectClose(
        row.reduce((a, b) => a + b, 0),
        1,
        1e-12,
      );
    expect(matrix.at(0, 0)).toBe(1);
    expect(matrix.at(0, 1)).toBe(0);
    const found = eig(backend, reversed).values.filter((_, k) => k % 2 === 0);
    expect([...found].sort()).toEqual([...eigenvalues!].sort());
    expect(() => attentionMatrix(model, trace, 0, 1)).toThrow(DomainError);
    expect(() => attentionMatrix(model, trace, 1, 2)).toThrow(DomainError);
    model.release();
  });

  it('makes a step dense: 1 + V maps the stream as the sublayer does', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2' }), { backend });
    const trace = traceForward(model, [3, 1, 4], { precision: 'f64', keep: frozenActivations(model.config) });
    const operators = new FrozenOperators(model, trace);
    const n = 3 * model.config.D;
    const matrix = densePropagator(operators, 0, 1);
    const before = activationOf(trace, 'embed').data;
    const bias = backend.memory.allocate('f64', n);
    operators.bias(0, bias);
    const out = activationOf(trace, 'blocks.0.attn.out').data;
    for (let i = 0; i < n; i++) {
      let sum = bias.view()[i]!;
      for (let j = 0; j < n; j++) sum += matrix.data[i * n + j]! * before[j]!;
      expectClose(sum, before[i]! + out[i]!, 1e-12);
    }
    backend.memory.release(bias);
    expect(() => densePropagator(operators, 0, 5)).toThrow(DomainError);
    expect(() => densePropagator(operators, 0, 1, { token: 3 })).toThrow(/token must be an integer from 0 to 2/);
    operators.release();
    model.release();
    const large = { T: 300, S: 4, trace, model: { backend, config: { D: 8 } } } as unknown as FrozenOperators;
    expect(() => densePropagator(large, 0, 1)).toThrow(CapacityError);
    const wide = { T: 1, S: 4, trace, model: { backend, config: { D: 4096 } } } as unknown as FrozenOperators;
    expect(() => densePropagator(wide, 0, 1, { token: 0 })).toThrow(/the width is 4096/);
  });

  it.each(['gpt2', 'llama'] as const)(
    'makes the Jacobian of a block dense: central differences, %s',
    async (family) => {
      const model = await openModel(tinyCheckpoint({ family }), { backend });
      const ids = [3, 1, 4, 1];
      const trace = traceForward(model, ids, { precision: 'f64', keep: tangentActivations(model.config) });
      const tangent = new TangentOperators(model, trace);
      const jacobian = densePropagator(tangent, 2, 4);
      const n = jacobian.rows;
      expect(n).toBe(4 * model.config.D);
      const { data } = activationOf(trace, 'blocks.1.resid_pre');
      const after = (j: number, change: number) => {
        const moved = Float64Array.from(data);
        moved[j]! += change;
        const keep = ['blocks.1.resid_post'];
        const patched = [{ kind: 'patch', name: 'blocks.1.resid_pre', data: moved }] as const;
        const changed = traceForward(model, ids, { precision: 'f64', keep, interventions: patched });
        return activationOf(changed, 'blocks.1.resid_post').data;
      };
      const h = 1e-5;
      for (let j = 0; j < n; j++) {
        const [up, down] = [after(j, h), after(j, -h)];
        for (let i = 0; i < n; i++) expectClose(jacobian.at(i, j), (up[i]! - down[i]!) / (2 * h), 1e-7, `(${i}, ${j})`);
      }
      // Causal: the spectrum is that of the tokens' own blocks.
      const D = model.config.D;
      const own = [0, 1, 2, 3].map((token) => densePropagator(tangent, 2, 4, { token }));
      for (const [token, block] of own.entries()) {
        expect([block.rows, block.columns]).toEqual([D, D]);
        for (let i = 0; i < D; i++)
          for (let j = 0; j < D; j++) expectClose(block.at(i, j), jacobian.at(token * D + i, token * D + j), 1e-14);
      }
      const sizes = (values: Float64Array) =>
        Array.from({ length: values.length / 2 }, (_, k) => Math.hypot(values[2 * k]!, values[2 * k + 1]!));
      const whole = sizes(eig(backend, jacobian).values).sort((x, y) => x - y);
      const parts = own.flatMap((block) => sizes(eig(backend, block).values)).sort((x, y) => x - y);
      whole.forEach((size, k) => {
        expectClose(size, parts[k]!, 1e-6);
      });
      tangent.release();
      model.release();
    },
  );
});
