/** The post-norm encoder and its Dyson series against NumPy, and the encoder against PyTorch's TransformerEncoderLayer, on weights that both sides make from the same generator. */
import { expect, it } from 'vitest';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { goldenEncoder } from '../support/golden-encoder.ts';
import { expectGoldenPass } from '../support/golden-model.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './encoder.json' with { type: 'json' };

eachBackend('post-norm encoder', (backend) => {
  it.each([
    ['f64', 1e-11],
    ['f32', 1e-5],
  ] as const)('is the reference pass in %s within %d', async (precision, tolerance) => {
    const trace = await expectGoldenPass(backend, golden, goldenEncoder(), precision, tolerance);
    expect(trace.logits).toEqual(activationOf(trace, 'logits').data.slice(0, 3));
  });

  it.each([
    ['f64', 1e-10],
    ['f32', 1e-4],
  ] as const)(
    'has the Dyson series of dense frozen matrices, path by path, in %s within %d',
    async (precision, tolerance) => {
      const model = await openModel(goldenEncoder(), { backend });
      const { orders, sublayers, secondOrder, top, residual } = runDyson(model, golden.ids, { precision });
      const { normAll, normFirstToken, orders: logits, byLast, byFirst, secondOrder: pairs } = golden.dyson;
      const final = golden.logits.slice(0, 3);
      const biases = final.map((logit, c) => logit - logits.reduce((sum, row) => sum + row[c]!, 0));
      const bias = biases[top.id]!;
      const law = (row: readonly number[]) => {
        const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
        return row.map((logit) => Math.exp(logit) / sum);
      };
      expectClose(residual.relativeToState, 0, tolerance, 'ΣT_k − x');
      orders.forEach(({ order, ...found }) => {
        const q = law(biases.map((b, c) => logits.slice(0, order + 1).reduce((sum, row) => sum + row[c]!, b)));
        const kl = law(final).reduce((sum, p, c) => sum + p * Math.log(p / q[c]!), 0);
        expectClose(found.partialSum.klFinal, kl, tolerance * 10 * (1 + kl), `KL(final ‖ S_${order})`);
        expectClose(found.normAll, normAll[order]!, tolerance * normAll[order]!, `‖T_${order}‖`);
        expectClose(
          found.normLast,
          normFirstToken[order]!,
          tolerance * normAll[order]!,
          `‖T_${order}‖ at the first token`,
        );
        expectClose(found.topLogit, logits[order]![top.id]! + (order === 0 ? bias : 0), tolerance * normAll[order]!);
      });
      sublayers.forEach(({ name, topLogit, firstTopLogit, scale, residual: distance }, l) => {
        expectClose(topLogit, byLast[l]![top.id]!, tolerance * Math.max(...normAll), `${name} last`);
        expectClose(firstTopLogit, byFirst[l]![top.id]!, tolerance * Math.max(...normAll), `${name} first`);
        const norm = name.replace('attn', 'ln1').replace('mlp', 'ln2') as 'blocks.0.ln1';
        expectClose(scale, golden.stream[`${norm}.scale`][0]!, tolerance * 10, `${name} σ`);
        expectClose(distance, 0, tolerance * 10, `${name} against the pass`);
        secondOrder[l]!.forEach((size, m) => {
          expectClose(size, pairs[l]![m]!, tolerance * Math.max(...normAll), `${l} → ${m}`);
        });
      });
      model.release();
    },
  );
});
