/** `tmech lens` from end to end on the embedded model, and tuned lenses of the trained checkpoints beside the project. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portablePath } from '../../src/cli/portable-paths.ts';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { sampleTexts } from '../../src/transformer/lens/sample-texts.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { tmech } from '../support/command-line.ts';
import { noticeIfAbsent, sharedFolder } from '../support/shared-folder.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-lens-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function result(...args: readonly string[]) {
  const { code, stdout, stderr } = await tmech(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('tmech lens', () => {
  it('trains, evaluates, and is looked through by qlens; every result can be repeated', async () => {
    const lens = join(work, 'lens.safetensors');
    const texts = join(work, 'texts.jsonl');
    const lines = ['"the fisherman sat on the bank"', '{"text": "the banker stood by the bank"}', '{"ids": [3, 1, 4]}'];
    await writeFile(texts, `${lines.join('\n')}\n\n`);
    const trained = await result('lens', 'train', '--out', lens, '--sample', '12', '--length', '16', '--steps', '4');
    expect(trained).toMatchObject({
      kind: 'lens-train',
      file: portablePath(lens),
      steps: 4,
      texts: { trained: 11, held: 1 },
    });
    const evaluated = await result('lens', 'eval', '--lens', lens, '--texts', texts);
    expect(evaluated).toMatchObject({
      kind: 'lens-eval',
      texts: 3,
      logitLens: { tokens: 15 },
      tunedLens: { tokens: 15 },
    });
    expect(evaluated.tunedLens.stages[0].kl).toBeLessThan(evaluated.logitLens.stages[0].kl);
    const prompt = ['--prompt', 'the fisherman sat on the bank'];
    const seen = await result('qlens', ...prompt, '--lens', lens);
    const plain = await result('qlens', ...prompt);
    expect(seen.parameters).toMatchObject({ lens: portablePath(lens), lensKind: 'affine', lensMarks: 'weights' });
    expect(seen.stages[0].klFinal).not.toBe(plain.stages[0].klFinal);
    expect(seen.stages.at(-1)).toEqual(plain.stages.at(-1));
    const before = await readFile(lens);
    const many = await result('qlens', '--texts', texts, '--lens', lens, '--permutations', '9');
    expect(many).toMatchObject({
      kind: 'qlens-data-set',
      parameters: { lens: portablePath(lens), lensKind: 'affine' },
    });
    for (const [i, made] of [trained, evaluated, seen, many].entries()) {
      const path = join(work, `result-${i}.json`);
      await writeFile(path, JSON.stringify(made));
      expect(await result('rerun', path)).toMatchObject({ identical: true, differences: [] });
    }
    expect(await readFile(lens)).toEqual(before);
    const { stdout } = await tmech('lens', 'eval', '--lens', lens, '--texts', texts);
    expect(stdout).toMatch(/^stage +KL +agrees +perplexity +tuned KL/);
    expect(stdout).toContain('15 tokens of 3 texts');
  });

  it('fits a ridge lens, which is looked through like a tuned one and begins training', async () => {
    const lens = join(work, 'ridge.safetensors');
    const some = ['--sample', '30', '--length', '16'];
    const fitted = await result('lens', 'train', '--kind', 'ridge', '--out', lens, ...some);
    expect(fitted).toMatchObject({
      kind: 'lens-ridge',
      file: portablePath(lens),
      parameters: { kind: 'ridge' },
      texts: { trained: 27, held: 3 },
      held: { tokens: 48, rows: 48 },
      stopped: false,
    });
    expect(Object.keys(fitted.parameters)).not.toContain('steps');
    for (const { kl, logitKl } of fitted.stages) expect(kl).toBeLessThan(logitKl);
    const seen = await result('qlens', 'the fisherman sat on the bank', '--lens', lens);
    expect(seen.parameters).toMatchObject({ lensKind: 'ridge', lensMarks: 'weights' });
    const evaluated = await result('lens', 'eval', '--lens', lens, '--sample', '4', '--length', '16', '--seed', '5');
    expect(evaluated.parameters).toMatchObject({ lensKind: 'ridge' });
    expect(evaluated.tunedLens.stages[0].kl).toBeLessThan(evaluated.logitLens.stages[0].kl);
    const train = ['lens', 'train', '--out', join(work, 'from-ridge.safetensors'), '--init', 'ridge', '--steps', '1'];
    const trained = await result(...train, '--rows', '9', ...some);
    expect(trained).toMatchObject({ parameters: { init: 'ridge', rows: 9 }, sampled: { rows: 9, held: 48 } });
    for (const [s, { kl }] of fitted.stages.entries()) expect(trained.checks[1].kl[s]).toBeCloseTo(kl, 10);
    for (const [i, made] of [fitted, trained].entries()) {
      const path = join(work, `ridge-result-${i}.json`);
      await writeFile(path, JSON.stringify(made));
      expect(await result('rerun', path)).toMatchObject({ identical: true, differences: [] });
    }
    const { stdout } = await tmech('lens', 'train', '--kind', 'ridge', '--out', lens, ...some);
    expect(stdout).toMatch(/^stage +KL, logit lens +KL, ridge +closed +penalty +unexplained/);
    expect(stdout).toContain('432 tokens of 27 texts; penalty and unexplained by 48 tokens of 3 texts held back');
  });

  it('says what is wrong in one line', async () => {
    const bad = join(work, 'bad.jsonl');
    await writeFile(bad, '{"id": 3}\n');
    await writeFile(join(work, 'params.pt'), 'x');
    const cases: [number, string, ...string[]][] = [
      [1, 'line 1 of', 'lens', 'eval', '--texts', bad],
      [1, 'none.txt must be a readable file', 'lens', 'eval', '--texts', join(work, 'none.txt')],
      [2, '--lens-unchecked must come with --lens', 'lens', 'eval', '--lens-unchecked'],
      [1, 'it is a pickle', 'lens', 'eval', '--lens', join(work, 'params.pt')],
      [2, '--lens must name a file', 'lens', 'eval', '--lens', ''],
      [2, '', 'lens', 'train'],
      [
        2,
        '--steps must come with --kind affine or bias',
        'lens',
        'train',
        '--out',
        'x',
        '--kind',
        'ridge',
        '--steps',
        '3',
      ],
      [
        2,
        '--init ridge must come with --kind affine',
        'lens',
        'train',
        '--out',
        'x',
        '--kind',
        'bias',
        '--init',
        'ridge',
      ],
      [2, '', 'lens', 'train', '--out', join(work, 'x'), '--rate', '0'],
    ];
    for (const [code, message, ...args] of cases) {
      const outcome = await tmech(...args);
      expect([args, outcome.code]).toEqual([args, code]);
      expect(outcome.stderr).toContain(message);
    }
  });
});

const models = sharedFolder('models');
noticeIfAbsent(models, 'tests of tuned lenses on trained checkpoints');

describe.skipIf(models === null)('tuned lens of trained checkpoints', () => {
  it.each(['shakespeare-gpt2', 'shakespeare-llama'])('%s: closes the gap on fresh texts', async (name) => {
    const model = await openModel(await openNodeFolder(`${models}/${name}`));
    const texts = sampleTexts(model, { count: 24, length: 24 });
    const { lens } = trainLens(model, texts, { steps: 15, batch: 6, rate: 0.01 });
    const fresh = sampleTexts(model, { count: 8, length: 24, seed: 2n });
    const [before, after] = [evaluateLens(model, null, fresh), evaluateLens(model, lens, fresh)];
    for (const [s, { stage, kl }] of before.stages.entries()) {
      expect(after.stages[s]!.kl, stage).toBeLessThanOrEqual(kl);
      if (s < 2) expect(1 - after.stages[s]!.kl / kl, stage).toBeGreaterThan(0.3);
    }
    model.release();
  });
});
