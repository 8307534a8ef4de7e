/** GGUF files of the package gguf against transformers in double precision over the same numbers. */
import { it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { fromBase64 } from '../support/base64.ts';
import { expectGoldenPass } from '../support/golden-model.ts';
import { memoryFolder } from '../support/tiny-checkpoint.ts';
import golden from './gguf.json' with { type: 'json' };

eachBackend('a GGUF file', (backend) => {
  it.each(golden.cases.map(({ name, ...pass }) => [name, pass] as const))('%s', async (_name, { file, ...pass }) => {
    const folder = memoryFolder(new Map([['model.gguf', fromBase64(file)]]));
    await expectGoldenPass(backend, pass, folder, 'f64', 1e-12);
    await expectGoldenPass(backend, pass, folder, 'f32', 1e-4);
  });
});
