/** The post-norm encoder against NumPy and PyTorch's TransformerEncoderLayer, on weights that both sides make from the same generator. */
import { expect, it } from 'vitest';
import { activationOf } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { goldenEncoder } from '../support/golden-encoder.ts';
import { expectGoldenPass } from '../support/golden-model.ts';
import golden from './encoder.json' with { type: 'json' };

eachBackend('post-norm encoder', (backend) => {
  it.each([
    ['f64', 1e-11],
    ['f32', 1e-5],
  ] as const)('is the reference pass in %s within %d', async (precision, tolerance) => {
    const trace = await expectGoldenPass(backend, golden, goldenEncoder(), precision, tolerance);
    expect(trace.logits).toEqual(activationOf(trace, 'logits').data.slice(0, 3));
  });
});
