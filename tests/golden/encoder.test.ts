/** The post-norm encoder against NumPy and PyTorch's TransformerEncoderLayer, on weights that both sides make from the same generator. */
import { expect, it } from 'vitest';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { goldenEncoder } from '../support/golden-encoder.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import golden from './encoder.json' with { type: 'json' };

eachBackend('post-norm encoder', (backend) => {
  it.each([
    ['f64', 1e-11],
    ['f32', 1e-5],
  ] as const)('is the reference pass in %s within %d', async (precision, tolerance) => {
    const model = await openModel(goldenEncoder(), { backend });
    expect(model.warnings).toEqual([]);
    const keep = [...Object.keys(golden.stream), 'blocks.*.attn.pattern', 'logits'];
    const trace = traceForward(model, golden.ids, { precision, keep });
    for (const [name, values] of Object.entries(golden.stream))
      expectClose(maxError(activationOf(trace, name).data, values), 0, tolerance, name);
    golden.patterns.forEach((values, i) => {
      const { data } = activationOf(trace, `blocks.${i}.attn.pattern`);
      expectClose(maxError(data, values), 0, tolerance, `pattern ${i}`);
    });
    expectClose(maxError(activationOf(trace, 'logits').data, golden.logits), 0, tolerance, 'logits');
    expect(trace.logits).toEqual(activationOf(trace, 'logits').data.slice(0, 3));
    expect(traceForward(model, golden.ids, { precision }).logits).toEqual(trace.logits);
    model.release();
  });
});
