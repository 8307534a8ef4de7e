import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
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

  it('dyson accelerate: scores, baselines, its files, the same again from both backends', async () => {
    const { writeFile } = await import('node:fs/promises');
    const prompts = join(work, 'prompts.txt');
    await writeFile(prompts, 'the fisherman sat on the\n\nthe current was\r\n');
    const out = join(work, 'accelerate');
    const args = ['dyson', 'accelerate', '--prompts', prompts, '--steps', '3'];
    const found = await result(...args, '--out', out);
    expect(found).toMatchObject({ kind: 'dyson-accelerate', prompts: 2, S: 8, terms: [1, 5, 8] });
    expect(found.texts.map(({ text }: { text: string }) => text)).toEqual([
      'the fisherman sat on the',
      'the current was',
    ]);
    // Two baselines at m = 1, all nine at 5 and 8.
    expect(found.scores).toHaveLength(2 * (2 + 9 + 9));
    const score = (sequence: string, method: string, terms: number) =>
      found.scores.find(
        (s: Record<string, unknown>) => s.sequence === sequence && s.method === method && s.terms === terms,
      );
    const { stateError, kl } = score('trajectory', 'truncation', 5);
    expect(score('trajectory', 'lens', 5)).toMatchObject({ stateError, kl });
    expect(score('series', 'lens', 5)).toMatchObject({ stateError, kl });
    expect(score('series', 'truncation', 8).stateError.median).toBeLessThan(0.01);
    expect(score('series', 'truncation', 8).topAgreement).toBe(1);
    // The logit lens after so many sublayers, by its own command.
    const { stages } = await result('qlens', '--prompt', 'the current was', '--precision', 'f64');
    const single = await result('dyson', 'accelerate', '--prompt', 'the current was', '--precision', 'f64');
    for (const m of [1, 4, 8]) {
      const lens = single.scores.find((s: Record<string, unknown>) => s.method === 'lens' && s.terms === m);
      expectClose(lens.kl.mean, stages[m - 1].klFinal, 1e-9);
    }
    expect((await readdir(out)).sort()).toEqual([
      'accelerate.json',
      'acceleration-series-divergence.svg',
      'acceleration-series-error.svg',
      'acceleration-trajectory-divergence.svg',
      'acceleration-trajectory-error.svg',
    ]);
    expect(await readFile(join(out, 'acceleration-series-error.svg'), 'utf8')).toContain('Anderson');
    expect(await result('rerun', join(out, 'accelerate.json'))).toMatchObject({ identical: true });
    expect((await result(...args, '--backend', 'ts')).scores).toEqual(found.scores);
    expect((await tmech(...args)).stdout).toContain('Partial sums of the frozen Dyson series');
    for (const [more, code, message] of [
      [['--prompt', 'the'], 2, 'from either --prompt or --prompts, but both'],
      [['--steps', '0'], 2, 'from 1 to 1000'],
      [['--prompts', join(work, 'absent.txt')], 1, 'must be a readable file'],
    ] as const) {
      const failed = await tmech(...args, ...more);
      expect([failed.code, failed.stderr.includes(message)], message).toEqual([code, true]);
    }
    expect((await tmech('dyson', 'accelerate', '--model', join(root, 'models/bank'))).stderr).toContain(
      'Name some prompts',
    );
    await writeFile(prompts, '\n \n');
    expect((await tmech(...args)).stderr).toContain('must hold a prompt on each line');
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
