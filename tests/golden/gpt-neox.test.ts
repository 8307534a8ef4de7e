/** GPT-NeoX, attention and MLP in parallel, against NumPy, on weights that both sides make from the same generator. */
import { it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { expectGoldenPass, goldenCheckpoint } from '../support/golden-model.ts';
import golden from './gpt-neox.json' with { type: 'json' };

eachBackend('GPT-NeoX', (backend) => {
  it.each([
    ['f64', 1e-11],
    ['f32', 1e-4],
  ] as const)('is the reference pass in %s within %d', async (precision, tolerance) => {
    await expectGoldenPass(backend, golden, goldenCheckpoint(golden), precision, tolerance);
  });
});
