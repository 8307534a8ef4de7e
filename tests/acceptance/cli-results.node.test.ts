import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import { npyBytes, npzBytes, openNpz, safetensorsBytes } from '../../src/formats/index.ts';
import { tmech } from '../support/command-line.ts';
import { expectClose } from '../support/numbers.ts';

const PROMPT = ['--prompt', 'the fisherman sat on the bank'];
const root = fileURLToPath(new URL('../..', import.meta.url));

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function result(...args: readonly string[]) {
  const { code, stdout, stderr } = await tmech(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('results', () => {
  it('analyze writes the report, the data and the figures, and rerun finds the same numbers', async () => {
    const out = join(work, 'report');
    const { code, stdout } = await tmech('analyze', ...PROMPT, '--depth', '2', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain(join(out, 'report.html'));
    expect((await readdir(out)).sort()).toEqual(['figures', 'report.html', 'report.json']);
    expect((await readdir(join(out, 'figures'))).every((name) => name.endsWith('.svg'))).toBe(true);
    const html = await readFile(join(out, 'report.html'), 'utf8');
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    const analysis = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
    expect(analysis.provenance).toMatchObject({
      version: VERSION,
      backend: 'wasm',
      precision: 'f32',
      command: ['analyze', ...PROMPT, '--depth', '2', '--out', out],
    });
    expect(analysis.parameters.depth).toBe(2);
    const written = statSync(join(out, 'report.json')).mtimeMs;
    expect(await result('rerun', join(out, 'report.json'))).toMatchObject({ identical: true, differences: [] });
    expect(statSync(join(out, 'report.json')).mtimeMs).toBe(written);
  });

  it('qlens --texts writes its data, figures and vectors, and rerun finds the same numbers', async () => {
    const [out, texts] = [join(work, 'texts'), join(root, 'examples', 'qlens-texts.txt')];
    const args = ['qlens', '--texts', texts, '--limit', '6', '--permutations', '19', '--steps', 'blocks.3.resid_post'];
    const { code, stdout, stderr } = await tmech(...args, '--out', out, '--save-vectors');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('6 predictions, V = 512, 1 steps; p is at least 0.0500');
    const names = [
      'blocks.3.resid_post.npy',
      'qlens-01-pca-change.svg',
      'qlens-01-pca-v.svg',
      'qlens-01-similarity.svg',
    ];
    expect((await readdir(out)).sort()).toEqual([...names, 'qlens-01-umap.svg', 'qlens-data-set.json']);
    const data = JSON.parse(await readFile(join(out, 'qlens-data-set.json'), 'utf8'));
    expect(data).toMatchObject({ kind: 'qlens-data-set', texts: 6, V: 512, permutations: 19 });
    expect(data.steps[0].operators).toBe(6);
    expect((await readFile(join(out, names[0]!))).length).toBe(128 + 4 * 6 * 512);
    expect(await result('rerun', join(out, 'qlens-data-set.json'))).toMatchObject({ identical: true });
  });

  it('qlens --laws reads what other programs wrote: .npz of hidden states, .npy, .safetensors, lines of JSON', async () => {
    const { writeFile } = await import('node:fs/promises');
    const trace = join(work, 'hidden.npz');
    await result('trace', ...PROMPT, '--out', trace, '--keep', 'blocks.3.resid_post');
    const { ids } = (await result('qlens', ...PROMPT)).prompt;
    const hidden = openNpz(await readFile(trace)).read('blocks.3.resid_post');
    const last = (hidden.data as Float32Array).slice(64 * (ids.length - 1));
    const stages = ['a', 'b'].map((name, i) => ({ name, shape: [64], data: last.map((x) => x * (i + 1)) }));
    await writeFile(join(work, 'lens.npz'), npzBytes(stages));
    const model = join(root, 'models', 'bank');
    const lens = await result('qlens', '--laws', join(work, 'lens.npz'), '--rows', 'hidden', '--model', model);
    const straight = await result('qlens', ...PROMPT);
    expect(lens.stages.map((stage: { name: string }) => stage.name)).toEqual(['a', 'b']);
    expect(lens.stages[0].entropy).toBe(straight.stages.at(-1).entropy);

    const array = {
      name: 'p',
      shape: [4, 3, 2],
      data: Float64Array.from({ length: 24 }, (_, i) => ((i >> 1) % 5) / 8 + (i % 2) * (1 - ((i >> 1) % 5) / 4)),
    };
    await writeFile(join(work, 'laws.npy'), npyBytes(array));
    await writeFile(join(work, 'laws.safetensors'), safetensorsBytes([array]));
    const row = (i: number) => Array.from(array.data.subarray(2 * i, 2 * i + 2));
    const lines = [0, 1, 2, 3].map((i) => JSON.stringify([row(3 * i), row(3 * i + 1), row(3 * i + 2)]));
    await writeFile(join(work, 'laws.jsonl'), lines.join('\n'));
    const found = [];
    for (const file of ['laws.npy', 'laws.safetensors', 'laws.jsonl']) {
      const read = await result('qlens', '--laws', join(work, file), '--rows', 'probabilities', '--permutations', '9');
      expect([read.kind, read.texts, read.V]).toEqual(['qlens-data-set', 4, 2]);
      found.push(read.steps);
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  it('qlens says what is wrong with a data set', async () => {
    const { writeFile } = await import('node:fs/promises');
    const failing = async (...args: string[]) => {
      const { code, stderr } = await tmech('qlens', ...args);
      return [code, stderr] as const;
    };
    expect((await failing('--texts', 'x', '--laws', 'y'))[0]).toBe(2);
    expect((await failing('--texts', 'x', ...PROMPT))[0]).toBe(2);
    expect((await failing('--limit', '3', ...PROMPT))[1]).toContain('--limit must come with --texts or --laws');
    expect((await failing('--texts', 'x', '--save-vectors'))[0]).toBe(2);
    expect((await failing('--texts', join(work, 'absent.txt')))[1]).toContain('must be a readable file');
    expect((await failing('--laws', join(work, 'absent.csv')))[1]).toContain('--laws must end in');
    await writeFile(join(work, 'broken.jsonl'), '{"text": "the bank"}\n{"text": 3}\n');
    expect((await failing('--texts', join(work, 'broken.jsonl')))[1]).toContain('line 2 of');
    await writeFile(join(work, 'bad.jsonl'), '{"a": [0.5, 0.6], "b": [0.5, 0.5]}\n');
    const bad = await failing('--laws', join(work, 'bad.jsonl'), '--rows', 'probabilities');
    expect(bad[1]).toContain('must sum to 1 within 0.000001, but it sums to 1.1');
  });

  it('rerun says which numbers differ, and runs nothing that writes', async () => {
    const { writeFile } = await import('node:fs/promises');
    const next = await result('next', ...PROMPT, '-k', '2');
    next.top[1].logProb += 1e-12;
    const path = join(work, 'changed.json');
    await writeFile(path, JSON.stringify(next));
    const { code, stdout, stderr } = await tmech('rerun', path);
    expect(code).toBe(1);
    expect(stdout).toContain('top.1.logProb');
    expect(stderr).toContain('1 fields differ');
    next.provenance.command = ['trace', ...PROMPT, '--out', join(work, 'x.npz')];
    await writeFile(path, JSON.stringify(next));
    expect((await tmech('rerun', path)).stderr).toContain("it is 'trace'");
    expect(existsSync(join(work, 'x.npz'))).toBe(false);
  });

  it('next: ids, likeliest tokens, greedy continuation, the same from both backends', async () => {
    const [wasm, ts] = [
      await result('next', ...PROMPT, '--greedy', '3', '-k', '5'),
      await result('next', ...PROMPT, '--greedy', '3', '-k', '5', '--backend', 'ts'),
    ];
    expect(wasm.ids).toHaveLength(6);
    expect(wasm.top).toHaveLength(5);
    expect(wasm.greedy.ids).toHaveLength(3);
    expect(wasm.greedy.text).toMatch(/^ (of|and|was) /);
    expect(ts.top).toEqual(wasm.top);
    expect(wasm.checkpoint.fingerprint['model.safetensors']).toMatch(/^[0-9a-f]{64}$/);
  });

  it("chen: the paper's example", async () => {
    const { joint } = await result('chen', join(root, 'examples/chen-two-blocks.json'));
    const e = Math.E;
    const expected: Record<string, number> = {
      'x0 x0': 2 / ((e + 2) * (3 * e + 1)),
      'x0 x1': (6 * e) / ((e + 2) * (3 * e + 1)),
      'x1 x0': (e * e) / ((e + 2) * (e + 1)),
      'x1 x1': e / ((e + 2) * (e + 1)),
    };
    expect(joint).toHaveLength(4);
    for (const { labels, probability } of joint) expectClose(probability, expected[labels.join(' ')]!, 1e-12);
    expect((await tmech('chen', join(root, 'examples/chen-two-blocks.json'), '--depth', '3')).code).toBe(2);
  });

  it('chen --lump: exact numbers, its files, the same again', async () => {
    const description = join(root, 'examples/chen-200-steps.json');
    const out = join(work, 'lumped');
    const lumped = await result('chen', description, '--lump', '--out', out);
    expect(lumped).toMatchObject({ kind: 'chen-lumped', V: 2, steps: 200 });
    expectClose(lumped.table[199].entropy, 115.444417122038, 1e-10);
    expectClose(lumped.mostProbable.logProbability, -58.9421989811, 1e-10);
    expect(lumped.mostProbable.labels).toHaveLength(200);
    expectClose(lumped.counts[0].mean + lumped.counts[1].mean, 203, 1e-9);
    expect(lumped.counts[0].law.length).toBeLessThanOrEqual(204);
    expect((await readdir(out)).sort()).toEqual(['chen-lumped-entropy.svg', 'chen-lumped.json']);
    expect(await readFile(join(out, 'chen-lumped-entropy.svg'), 'utf8')).toContain('Rényi 2');
    const written = JSON.parse(await readFile(join(out, 'chen-lumped.json'), 'utf8'));
    expect(written.table).toEqual(lumped.table);
    expect(await result('rerun', join(out, 'chen-lumped.json'))).toMatchObject({ identical: true });
    expect((await result('chen', description, '--lump', '--backend', 'ts')).table).toEqual(lumped.table);
    const { stdout } = await tmech('chen', description, '--lump');
    expect(stdout).toContain('200 steps, 400 lumped states');
    for (const [args, message] of [
      [['--prompt', 'the', '--lump'], '--lump must come with a description'],
      [[description, '--lump', '--max-strings', '3'], '--max-strings must not come with --lump'],
      [[description, '--out', out], '--out must come with --lump'],
    ] as const) {
      const { code, stderr } = await tmech('chen', ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it('chen, qlens and dyson on the embedded model: certificates and residuals', async () => {
    const chen = await result('chen', ...PROMPT, '--depth', '2', '--trajectories', '50');
    expectClose(chen.certificate.kept + chen.certificate.discarded, 1, 1e-12);
    expect(chen.trajectories.count).toBe(50);
    const nucleus = await result('chen', ...PROMPT, '--depth', '2', '--top-k', '3', '--top-p', '0.9');
    expect(nucleus.parameters).toMatchObject({ topK: 3, topP: 0.9 });
    expect(nucleus.joint.length).toBeLessThanOrEqual(9);
    expectClose(nucleus.certificate.kept, 1, 1e-12);
    const qlens = await result('qlens', ...PROMPT);
    expect(qlens.stages).toHaveLength(9);
    for (const { residuals } of qlens.transitions) expectClose(residuals.theorem1, 0, 1e-12);
    expectClose((await result('dyson', ...PROMPT)).residual.relativeToState, 0, 1e-4);
    expectClose((await result('dyson', ...PROMPT, '--precision', 'f64')).residual.relativeToState, 0, 1e-10);
  });

  it('info and trace', async () => {
    const info = await result('info');
    expect(info).toMatchObject({ family: 'gpt2', sizes: { L: 4, D: 64 }, tokenizer: true });
    for (const name of ['x.npz', 'x.safetensors']) {
      const trace = await result(
        'trace',
        ...PROMPT,
        '--out',
        join(work, name),
        '--keep',
        'embed',
        'blocks.*.attn.pattern',
      );
      expect(trace.arrays.map((array: { name: string }) => array.name)).toEqual([
        'ids',
        'embed',
        ...[0, 1, 2, 3].map((i) => `blocks.${i}.attn.pattern`),
      ]);
      expect(trace.arrays[0].dtype).toBe('int64');
      expect(statSync(join(work, name)).size).toBeGreaterThan(1000);
    }
  });

  it('text output begins with the prompt as the model reads it', async () => {
    for (const command of ['next', 'chen', 'qlens', 'dyson']) {
      const { stdout } = await tmech(command, ...PROMPT, '--bos', 'on');
      expect(stdout).toMatch(/^7 tokens, beginning-of-text token on\n/);
    }
  });
});

describe('the built package', () => {
  it('runs as `npx tmech`, with nothing but JSON on stdout', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'tmech', 'next', ...PROMPT, '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).kind).toBe('next');
  });

  it('can be imported by its name', () => {
    const code =
      "import('transformer-mechanics').then(({ VERSION, transformer }) => console.log(VERSION, typeof transformer.openModel))";
    const { stdout } = spawnSync(process.execPath, ['-e', code], { cwd: root, encoding: 'utf8' });
    expect(stdout).toBe(`${VERSION} function\n`);
  });

  it('has the version of package.json', async () => {
    expect(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version).toBe(VERSION);
  });
});
