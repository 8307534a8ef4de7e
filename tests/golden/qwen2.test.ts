/** Qwen2 against transformers in double precision: grouped heads, rotary scalings, windows, tied and own unembeddings, in two spellings of config.json. */
import { it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { expectGoldenPass, goldenCheckpoint } from '../support/golden-model.ts';
import golden from './qwen2.json' with { type: 'json' };

const SPELLINGS = ['as transformers 5 writes it', 'as older files have it'];

eachBackend('Qwen2', (backend) => {
  it.each(
    golden.cases.flatMap(({ name, configs, ...pass }) =>
      configs.map((config, i) => [name, SPELLINGS[i], { ...pass, config }] as const),
    ),
  )('%s, %s', async (_name, _spelling, pass) => {
    await expectGoldenPass(backend, pass, goldenCheckpoint(pass), 'f64', 1e-12);
    await expectGoldenPass(backend, pass, goldenCheckpoint(pass), 'f32', 1e-4);
  });
});
