/** Commands on a GGUF file with its own tokenizer: each way in which they open a model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type CommandOutcome, tmech } from '../support/command-line.ts';
import { ggufBytes } from '../support/gguf-file.ts';
import { ggufParts, tokenizerEntries } from '../support/gguf-model.ts';
import { type TinyOptions, tinyConfig, tinyTensors } from '../support/tiny-checkpoint.ts';

const OPTIONS: TinyOptions = { family: 'llama', D: 32, H: 4, G: 2, F: 32, V: 40 };
let work = '';
let file = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-gguf-'));
  file = join(work, 'tiny.gguf');
  await writeFile(file, bytesOf(1));
  await writeFile(join(work, 'texts.jsonl'), '{"ids": [3, 1, 4, 1, 5]}\n{"ids": [9, 2, 6]}\n{"ids": [5, 3, 5, 8]}\n');
});
afterAll(() => rm(work, { recursive: true, force: true }));

function bytesOf(seed: number): Uint8Array {
  const options = { ...OPTIONS, seed };
  const { entries, tensors } = ggufParts(tinyTensors(options).values(), tinyConfig(options), 'Q8_0');
  return ggufBytes({ entries: [...entries, ...tokenizerEntries(40)], tensors });
}

test('--memory: the same law from weights that are read in the pass, which is said once and stands in the provenance', async () => {
  const deep = { ...OPTIONS, L: 8 };
  const { entries, tensors } = ggufParts(tinyTensors(deep).values(), tinyConfig(deep), 'Q8_0');
  const path = join(work, 'deep.gguf');
  await writeFile(path, ggufBytes({ entries: [...entries, ...tokenizerEntries(40)], tensors }));
  const command = ['next', '--model', path, '--ids', '3,1,4', '--json'];
  const whole = await tmech(...command);
  expect([whole.code, whole.stderr]).toEqual([0, '']);
  const small = await tmech(...command, '--memory', '1KiB');
  expect([small.code, small.stdout]).toEqual([1, '']);
  const [, least] = /openModel: memory must be at least (\d+) bytes for this model, but it is 1024\./.exec(
    small.stderr,
  )!;
  const { provenance: by, ...law } = JSON.parse(whole.stdout);
  expect('streamed' in by).toBe(false);
  const expectStreamed = ({ code, stdout, stderr }: CommandOutcome, why: string) => {
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^note: \d+\.\d MB of weights stay in their files and are read in every sweep over the layers: the others have the \d+\.\d MB [^\n]*\.\n$/,
    );
    expect(stderr).toContain(why);
    const { provenance, ...same } = JSON.parse(stdout);
    expect(same).toEqual(law);
    const { budget, bytesPerSweep, bytesRead } = provenance.streamed;
    expect([budget, bytesRead]).toEqual([Number(least), bytesPerSweep]);
    return bytesPerSweep;
  };
  const read = expectStreamed(await tmech(...command, '--memory', least!), 'that --memory allows');
  const result = JSON.parse((await tmech(...command, '--memory', least!)).stdout);
  result.provenance.streamed.bytesRead *= 3;
  await writeFile(join(work, 'streamed.json'), JSON.stringify(result));
  expect((await tmech('rerun', join(work, 'streamed.json'))).stdout).toContain('identical');
  const free = vi.spyOn(os, 'freemem').mockReturnValue(1);
  try {
    expect(expectStreamed(await tmech(...command), 'of memory that are free; --memory says otherwise')).toBe(read);
    const { budget } = JSON.parse((await tmech('info', path, '--json')).stdout);
    expect(budget).toEqual({ least: Number(least), streamed: { budget: Number(least), bytesPerSweep: read } });
  } finally {
    free.mockRestore();
  }
  const info = await tmech('info', path, '--memory', least!);
  expect(info.stdout).toMatch(
    new RegExp(
      `^budget +\\d+ kB are read in every sweep over the layers under \\d+ kB; opens with --memory ${least}$`,
      'm',
    ),
  );
  expect(JSON.parse((await tmech('info', path, '--json')).stdout).budget).toEqual({
    least: Number(least),
    streamed: null,
  });
  expect((await tmech('info', path, '--memory', '1KiB')).stderr).toContain(`memory must be at least ${least} bytes`);
  const chen = await tmech('chen', '--model', path, '--ids', '3,1,4', '--depth', '2', '--memory', least!, '--json');
  expect(JSON.parse(chen.stdout).provenance.streamed.bytesPerSweep).toBe(read);
  expect((await tmech(...command, '--memory', '3GB')).stderr).toContain('as in 2000000 or 512MiB');
});

test('commands that open models in different ways', async () => {
  const lens = join(work, 'lens.safetensors');
  const model = ['--model', file];
  const prompt = [...model, '--prompt', 'the bank'];
  const texts = ['--texts', join(work, 'texts.jsonl')];
  const results = {
    info: ['info', file],
    next: ['next', ...prompt, '--greedy', '3'],
    'qlens-data-set': ['qlens', ...model, ...texts],
    spectra: ['spectra', ...prompt, '--operator', 'step', '--layer', '1'],
    'lens-train': ['lens', 'train', ...model, ...texts, '--steps', '2', '--batch', '2', '--out', lens],
    'lens-eval': ['lens', 'eval', ...model, ...texts, '--lens', lens],
    trace: ['trace', ...prompt, '--out', join(work, 'trace.npz')],
  };
  for (const [kind, command] of Object.entries(results)) {
    const { code, stdout, stderr } = await tmech(...command, '--json');
    expect([code, stderr], kind).toEqual([0, '']);
    expect(JSON.parse(stdout), kind).toMatchObject({ kind });
  }
});

test('info shows the types, next reads text, and rerun tells the file from another', async () => {
  const info = await tmech('info', '-m', file, '--tensors');
  expect(info.stdout).toMatch(/weights +Q8_0, F32, \d+ tensors, unembedding of its own\n/);
  expect(info.stdout).toContain('model.layers.1.mlp.down_proj.weight  Q8_0 [32, 32]\n');
  expect(info.stdout).toMatch(/sha256 +[0-9a-f]{64} {2}tiny\.gguf\n/);
  const text = await tmech('next', '--model', file, 'the bank', '--json');
  expect(JSON.parse(text.stdout).prompt.tokens).toEqual([...'the bank']);
  const result = join(work, 'next.json');
  await writeFile(result, text.stdout);
  expect((await tmech('rerun', result)).stdout).toContain('identical');
  await writeFile(file, bytesOf(2));
  const other = await tmech('rerun', result);
  expect(other.code).not.toBe(0);
  expect(other.stdout + other.stderr).toContain('tiny.gguf');
});

test('a file that is no model of this kind is one line', async () => {
  const damaged = join(work, 'damaged.gguf');
  await writeFile(damaged, bytesOf(1).subarray(0, 3000));
  const { code, stderr } = await tmech('next', '--model', damaged, 'a');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^(error: )?openCheckpoint: damaged\.gguf must .*\n$/);
});
