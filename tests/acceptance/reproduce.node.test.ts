/** `tmech reproduce qlens-sentiment` from end to end on tiny corpora, and the folders it writes in the hands of other commands. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portablePath } from '../../src/cli/portable-paths.ts';
import { sentihoodSentences } from '../../src/formats/sentihood.ts';
import { tmech } from '../support/command-line.ts';
import { noticeIfAbsent, sharedFolder } from '../support/shared-folder.ts';
import { tinyFiles } from '../support/tiny-checkpoint.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-reproduce-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

const TINY = ['--seeds', '1', '--epochs', '2', '--permutations', '10'];
const command = (...args: readonly string[]) => tmech('reproduce', 'qlens-sentiment', ...TINY, ...args);

async function sentihood(name: string, entries: unknown): Promise<string> {
  const folder = join(work, name);
  await mkdir(folder);
  await writeFile(join(folder, 'part.json'), typeof entries === 'string' ? entries : JSON.stringify(entries));
  return folder;
}

const opinion = (sentiment: string, i: number) => ({ text: `it is ${sentiment} ${i}`, opinions: [{ sentiment }] });

describe('tmech reproduce qlens-sentiment', () => {
  it('writes a report, figures and folders that other commands open, and can be repeated', async () => {
    const out = join(work, 'out');
    const { code, stdout } = await command('--texts', '40', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('synthetic corpus: 40 texts, 20 positive and 20 negative; balanced, 32 to train and 8 to');
    expect((await readdir(out)).sort()).toEqual(['figures', 'report.html', 'report.json', 'seed-1']);
    expect(await readdir(join(out, 'figures'))).toHaveLength(6);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Sentiment experiment of QLens');
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
    expect(report).toMatchObject({
      kind: 'qlens-sentiment',
      provenance: { precision: 'f64' },
      parameters: { texts: 40, seeds: 1, seed: '1', epochs: 2, permutations: 10 },
      corpus: { texts: 40 },
      first: { V: 2, texts: 8 },
    });
    const again = await tmech('rerun', join(out, 'report.json'), '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ identical: true });

    const model = join(out, 'seed-1');
    const info = JSON.parse((await tmech('info', model, '--json')).stdout);
    expect(info).toMatchObject({ family: 'post_norm_encoder', classes: ['negative', 'positive'], warnings: [] });
    const lens = ['--lens', join(model, 'lens.safetensors'), '--precision', 'f64'];
    const texts = await tmech(
      'qlens',
      '-m',
      model,
      ...lens,
      '--texts',
      join(model, 'test.jsonl'),
      '--permutations',
      '10',
      '--json',
    );
    const dataSet = JSON.parse(texts.stdout);
    expect(dataSet.labels).toEqual({ 0: 'negative', 1: 'positive' });
    expect(dataSet.steps.map(({ lengths }: { lengths: number[] }) => lengths)).toEqual(
      report.first.steps.map(({ lengths }: { lengths: number[] }) => lengths),
    );
    const prompt = ['-m', model, '--prompt', 'the park is not safe'];
    const state = JSON.parse((await tmech('qlens', ...prompt, ...lens, '--json')).stdout);
    expect(state).toMatchObject({
      V: 2,
      prompt: { bos: true, tokens: expect.arrayContaining(['[CLS]']) },
    });
    expect(state.stages.map(({ name }: { name: string }) => name)).toEqual([
      'embed',
      'blocks.0.resid_mid',
      'blocks.0.resid_post',
    ]);
    expect((await tmech('trace', ...prompt, '--out', join(work, 'trace.npz'))).code).toBe(0);
    for (const refused of ['next', 'chen', 'analyze']) {
      const outcome = await tmech(refused, ...prompt);
      expect([refused, outcome.code]).toEqual([refused, 1]);
      expect(outcome.stderr).toMatch(/^error: .*must predict tokens.*\n$/);
    }
    const series = ['dyson', ...prompt, '--paths', '5', '--heads', '--score', '--ablate', 'blocks.0.attn.out'];
    const dyson = JSON.parse((await tmech(...series, '--precision', 'f64', '--json')).stdout);
    expect(dyson.top.token).toMatch(/^(negative|positive)$/);
    expect(dyson.residual.relativeToState).toBeLessThan(1e-10);
    expect(dyson.attributionResidual).toBeLessThan(1e-10);
    expect(dyson.paths).toMatchObject({ search: 'enumeration', allPaths: 12 });
    expect(dyson.ablations.steps).toHaveLength(2);
    const shown = await tmech(...series, '--steps', 'sublayer');
    expect(shown.stdout).toMatch(/adds to the logit of .?(negative|positive)/);
    expect(shown.stdout).toMatch(/top token .?(negative|positive)/);
    const curves = await tmech('dyson', 'accelerate', ...prompt, '--json');
    expect(JSON.parse(curves.stdout)).toMatchObject({ S: 2, terms: [1, 2] });
    for (const operator of ['attention', 'step', 'jacobian']) {
      const spectrum = await tmech('spectra', '-m', model, '--prompt', 'the park', '--operator', operator, '--json');
      expect([operator, spectrum.code, spectrum.stderr]).toEqual([operator, 0, '']);
    }
    const random = await tmech('spectra', ...prompt, '--operator', 'attention', '--random');
    expect(random.stderr).toContain('--random needs causal attention');
  }, 120_000);

  it('reads SentiHood from a folder, and writes nothing with --json alone', async () => {
    const entries = Array.from({ length: 30 }, (_, i) => opinion(i % 3 === 0 ? 'Negative' : 'Positive', i));
    const folder = await sentihood('good', [...entries, { text: 'two', opinions: [{}, {}] }]);
    const before = await readdir(work);
    const { code, stdout, stderr } = await command('--sentihood', folder, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      parameters: { sentihood: portablePath(folder) },
      corpus: { name: 'SentiHood in good', texts: 30, positive: 20, negative: 10 },
      runs: [{ texts: { train: 16, test: 4 } }],
    });
    expect(await readdir(work)).toEqual(before);
  }, 60_000);

  it('starts from the embeddings of a checkpoint, and saves their tokenizer with a class token', async () => {
    const start = join(work, 'gpt2');
    await mkdir(start);
    for (const [name, bytes] of tinyFiles({ V: 60 })) await writeFile(join(start, name), bytes);
    const out = join(work, 'from-gpt2');
    const { code, stdout, stderr } = await command('--texts', '40', '--embeddings', start, '--out', out);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/embeddings and tokenizer from .*gpt2, \d+ → 12\./);
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
    expect(report.parameters).toMatchObject({ embeddings: portablePath(start), batch: 16 });
    expect(report.parameters).not.toHaveProperty('wordDropout');
    expect(report.embeddings.fingerprint).toHaveProperty('model.safetensors');
    expect(report.runs[0].vocabulary).toBe(61);
    const model = join(out, 'seed-1');
    const lens = ['--lens', join(model, 'lens.safetensors'), '--precision', 'f64'];
    const state = JSON.parse((await tmech('qlens', '-m', model, ...lens, '--prompt', 'the park', '--json')).stdout);
    expect(state).toMatchObject({ V: 2, prompt: { bos: true, ids: expect.any(Array) } });
    expect(state.prompt.tokens).toEqual(['[CLS]', ...'the park']);
  }, 60_000);

  it('says what is wrong in one line', async () => {
    const empty = join(work, 'empty');
    await mkdir(empty);
    const positive = Array.from({ length: 12 }, (_, i) => opinion('Positive', i));
    const cases: [number, string, ...string[]][] = [
      [1, 'none', '--sentihood', join(work, 'none')],
      [1, 'must hold the JSON files of SentiHood', '--sentihood', empty],
      [1, 'must hold JSON', '--sentihood', await sentihood('broken', '[{"text": ')],
      [1, 'must be an array of texts', '--sentihood', await sentihood('object', {})],
      [
        1,
        'opinions of entry 0 in part.json must be an array',
        '--sentihood',
        await sentihood('shape', [{ text: 'a' }]),
      ],
      [1, 'it has 0 negative and 12 positive', '--sentihood', await sentihood('one-class', positive)],
      [1, 'it has 0 negative and 0 positive', '--sentihood', await sentihood('nothing', [])],
      [2, '--sentihood must name a folder', '--sentihood', ''],
      [2, '--embeddings must name a folder', '--embeddings', ''],
      [1, 'must contain config.json', '--embeddings', empty],
      [2, '--texts must come without --sentihood', '--sentihood', empty, '--texts', '50'],
      [2, 'whole number', '--texts', '3'],
      [2, 'whole number', '--seeds', '0'],
    ];
    for (const [code, message, ...args] of cases) {
      const outcome = await command(...args);
      expect([args, outcome.code]).toEqual([args, code]);
      expect(outcome.stderr).toContain(message);
    }
    expect((await tmech('qlens', '--laws', 'x.npy', '--lens', 'y')).stderr).toContain(
      '--lens must come with --texts or a prompt',
    );
  });
});

const data = sharedFolder('data/sentihood');
noticeIfAbsent(data, 'tests on the SentiHood corpus');

describe.skipIf(data === null)('SentiHood itself', () => {
  it('has 1,329 positive and 535 negative texts with one opinion', async () => {
    const names = (await readdir(data!)).filter((name) => name.endsWith('.json')).sort();
    const parts = await Promise.all(names.map((name) => readFile(join(data!, name), 'utf8')));
    const sentences = parts.flatMap((part, i) => sentihoodSentences(JSON.parse(part), names[i]!));
    expect(sentences.filter(({ label }) => label === 1)).toHaveLength(1329);
    expect(sentences.filter(({ label }) => label === 0)).toHaveLength(535);
  });
});
