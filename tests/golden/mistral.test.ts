/** Mistral against transformers in double precision: windows and none, heads of any width, rotary scalings, tied and own unembeddings, in two spellings of config.json. */
import { it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { expectGoldenPass, goldenCheckpoint } from '../support/golden-model.ts';
import golden from './mistral.json' with { type: 'json' };

const IGNORED =
  'layer_types in config.json is ignored, as in transformers: all layers of a Mistral model see the same positions.';
const SPELLINGS = ['as transformers 5 writes it', 'as older files have it'];

eachBackend('Mistral', (backend) => {
  it.each(
    golden.cases.flatMap(({ name, configs, ...pass }) =>
      configs.map((config, i) => [name, SPELLINGS[i], { ...pass, config }] as const),
    ),
  )('%s, %s', async (_name, _spelling, pass) => {
    const warnings = 'layer_types' in pass.config ? [IGNORED] : [];
    await expectGoldenPass(backend, pass, goldenCheckpoint(pass), 'f64', 1e-12, warnings);
    await expectGoldenPass(backend, pass, goldenCheckpoint(pass), 'f32', 1e-4, warnings);
  });
});
