/** Every command on small random encoders: with a head of masked words, and without any. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tmech } from '../support/command-line.ts';
import { storedBytes } from '../support/stored-floats.ts';
import { ENCODERS, safetensorsFile, tinyTensors, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { wordTokenizerFiles } from '../support/word-tokenizer.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-encoders-'));
  await writeFile(
    join(work, 'texts.jsonl'),
    '{"prompt": "the [MASK] sat"}\n{"prompt": "a cat [MASK]"}\n{"prompt": "[MASK] dog"}\n',
  );
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** A checkpoint whose tokenizer puts [CLS] and [SEP] around words. */
async function encoder(
  family: (typeof ENCODERS)[number],
  more: Readonly<Record<string, unknown>> = {},
  { headless = false } = {},
) {
  const folder = join(work, `${family}-${Object.keys(more).join('-')}${headless ? '-bare' : ''}`);
  await writeTinyCheckpoint(folder, { family, V: 12, window: 2 });
  if (headless) {
    const body = [...tinyTensors({ family, V: 12 }).values()].filter(({ name }) => !name.startsWith('cls.'));
    const stored = body.map(({ name, shape, values }) => ({
      name,
      dtype: 'F32',
      shape,
      bytes: storedBytes('F32', values),
    }));
    await writeFile(join(folder, 'model.safetensors'), safetensorsFile(stored));
  }
  for (const [name, content] of Object.entries(wordTokenizerFiles(more)))
    await writeFile(join(folder, name), JSON.stringify(content));
  return folder;
}

describe.each(ENCODERS)('%s', (family) => {
  it('goes through every command that its head allows, at the masked word', async () => {
    const folder = await encoder(family);
    const lens = join(work, `${family}.safetensors`);
    const model = ['--model', folder];
    const prompt = [...model, 'the [MASK] sat'];
    const texts = ['--texts', join(work, 'texts.jsonl')];
    const results = {
      info: ['info', folder],
      next: ['next', ...prompt],
      analysis: ['analyze', ...prompt, '--out', join(work, `${family}-report`)],
      qlens: ['qlens', ...prompt],
      'qlens-data-set': ['qlens', ...model, ...texts],
      dyson: ['dyson', ...prompt, '--paths', '3', '--score'],
      'dyson-rank-collapse': ['dyson', 'rank-collapse', ...prompt],
      'dyson-lyapunov': ['dyson', 'lyapunov', ...prompt],
      'dyson-accelerate': ['dyson', 'accelerate', ...prompt],
      spectra: ['spectra', ...model, '--prompt', 'the cat', '--operator', 'attention', '--layer', '1', '--head', '0'],
      'lens-train': ['lens', 'train', ...model, ...texts, '--steps', '2', '--batch', '2', '--out', lens],
      'lens-eval': ['lens', 'eval', ...model, ...texts, '--lens', lens],
      trace: ['trace', ...prompt, '--out', join(work, `${family}.npz`)],
    };
    for (const [kind, command] of Object.entries(results)) {
      const { code, stdout, stderr } = await tmech(...command, '--json');
      expect([code, stderr], kind).toEqual([0, '']);
      const result = JSON.parse(stdout);
      expect(result, kind).toMatchObject({ kind });
      // [CLS] the [MASK] sat [SEP]
      if (['next', 'analysis', 'qlens', 'dyson'].includes(kind)) {
        expect(result.prompt.ids, kind).toEqual([2, 5, 4, 7, 3]);
        expect(result.parameters.position, kind).toBe(2);
      }
      if (kind === 'dyson') {
        expect(result.row).toBe(2);
        expect(result.attributionResidual).toBeLessThan(1e-4);
      }
      if (kind === 'analysis') expect(result.chen).toBeNull();
      if (kind === 'spectra') {
        expect(result.summary.asymmetry).toBeGreaterThan(0);
        expect(result.summary.asymmetry).toBeLessThan(2);
      }
    }
    expect(await readFile(join(work, `${family}-report`, 'report.html'), 'utf8')).toMatch(
      /Masked word, token 2[\s\S]*at token 2/,
    );
  });
});

describe('an encoder without a head', () => {
  it('goes through the commands that need none, and is refused by name elsewhere', async () => {
    const folder = await encoder('bert', {}, { headless: true });
    const prompt = ['--model', folder, 'the cat'];
    const results = {
      info: ['info', folder],
      'dyson-rank-collapse': ['dyson', 'rank-collapse', ...prompt],
      'dyson-lyapunov': ['dyson', 'lyapunov', ...prompt],
      spectra: ['spectra', '--model', folder, '--operator', 'qk', '--layer', '1', '--head', '0'],
      trace: ['trace', ...prompt, '--out', join(work, 'headless.npz')],
    };
    for (const [kind, command] of Object.entries(results)) {
      const { code, stdout, stderr } = await tmech(...command, '--json');
      expect([code, stderr], kind).toEqual([0, '']);
      expect(JSON.parse(stdout), kind).toMatchObject({ kind });
    }
    for (const name of ['next', 'qlens', 'dyson', 'analyze', 'dyson accelerate']) {
      const { code, stderr } = await tmech(...name.split(' '), ...prompt);
      expect(stderr, name).toMatch(/without a head|it has no head/);
      expect(code, name).not.toBe(0);
    }
  });
});

describe('what an encoder does not have is said', () => {
  const faults: (readonly [what: string, command: readonly string[], message: RegExp])[] = [
    ['texts of its own', ['lens', 'eval'], /--texts must be given for a model of masked words/],
    [
      'no masked word',
      ['next', 'the cat'],
      /masked word, but there is none\. Put \[MASK\] for a word, or give a position/,
    ],
    ['no masked word', ['qlens', 'the cat'], /masked word, but there is none/],
    ['no masked word', ['dyson', 'the cat'], /masked word, but there is none/],
    ['no masked word', ['analyze', 'the cat', '--json'], /masked word, but there is none/],
    [
      'a continuation',
      ['next', 'the [MASK]', '--greedy', '2'],
      /--greedy must go with a model that predicts what follows/,
    ],
    [
      'a position beyond',
      ['next', 'the [MASK]', '--position', '9'],
      /position must be an integer from 0 to 3, but it is 9/,
    ],
    [
      'the law of the next token',
      ['chen', '--prompt', 'the [MASK]'],
      /every token sees the whole text, and it predicts masked words/,
    ],
    [
      'random causal attention',
      ['spectra', '--prompt', 'the [MASK]', '--operator', 'attention', '--layer', '0', '--head', '0', '--random'],
      /--random needs causal attention/,
    ],
  ];
  it.each(faults)('%s: %j', async (_, [name, ...rest], message) => {
    const folder = await encoder('bert');
    const own = name === 'lens' ? [name, ...rest, '--model', folder] : [name!, '--model', folder, ...rest];
    const { code, stderr } = await tmech(...own);
    expect(stderr).toMatch(message);
    expect(code).not.toBe(0);
  });

  it('takes a position where nothing is masked', async () => {
    const { stdout } = await tmech('next', '--model', await encoder('bert'), 'the cat', '--position', '1', '--json');
    expect(JSON.parse(stdout).parameters.position).toBe(1);
  });

  it('cuts no text and fills none up, and says that tokenizer.json would', async () => {
    const folder = await encoder('bert', {
      truncation: { max_length: 3, strategy: 'LongestFirst', stride: 0 },
      padding: { strategy: { Fixed: 8 }, direction: 'Right', pad_id: 0, pad_type_id: 0, pad_token: '[PAD]' },
    });
    const { stdout, stderr } = await tmech('next', '--model', folder, 'the [MASK] sat', '--json');
    expect(JSON.parse(stdout).prompt.ids).toEqual([2, 5, 4, 7, 3]);
    expect(stderr).toContain(
      'tokenizer.json cuts texts after 3 tokens and fills up short ones; texts are read as they are.',
    );
  });
});
