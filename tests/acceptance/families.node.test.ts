/** Every command that takes a language model, on a small random checkpoint of every family. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tmech } from '../support/command-line.ts';
import { LANGUAGE_MODELS, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-families-'));
  await writeFile(join(work, 'texts.jsonl'), '{"ids": [3, 1, 4, 1, 5]}\n{"ids": [9, 2, 6]}\n{"ids": [5, 3, 5, 8]}\n');
});
afterAll(() => rm(work, { recursive: true, force: true }));

it.each(LANGUAGE_MODELS)('%s', async (family) => {
  const folder = join(work, family);
  await writeTinyCheckpoint(folder, { family, window: 2 });
  const lens = join(work, `${family}.safetensors`);
  const model = ['--model', folder];
  const prompt = [...model, '--ids', '3,1,4,1,5'];
  const texts = ['--texts', join(work, 'texts.jsonl')];
  const results = {
    info: ['info', folder],
    next: ['next', ...prompt, '--greedy', '3'],
    analysis: ['analyze', ...prompt, '--out', join(work, `${family}-report`)],
    chen: ['chen', ...prompt, '--depth', '2', '--trajectories', '5'],
    qlens: ['qlens', ...prompt],
    'qlens-data-set': ['qlens', ...model, ...texts],
    dyson: ['dyson', ...prompt, '--paths', '3'],
    spectra: ['spectra', ...prompt, '--operator', 'step', '--layer', '1'],
    'lens-train': ['lens', 'train', ...model, ...texts, '--steps', '2', '--batch', '2', '--out', lens],
    'lens-eval': ['lens', 'eval', ...model, ...texts, '--lens', lens],
    trace: ['trace', ...prompt, '--out', join(work, `${family}.npz`)],
  };
  for (const [kind, command] of Object.entries(results)) {
    const { code, stdout, stderr } = await tmech(...command, '--json');
    expect([code, stderr], kind).toEqual([0, '']);
    expect(JSON.parse(stdout), kind).toMatchObject({ kind });
  }
});
