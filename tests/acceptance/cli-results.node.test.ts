import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { portablePath } from '../../src/cli/portable-paths.ts';
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
  it('keep apart from progress, which a slow machine shows in lines on stderr', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 6000));
    try {
      const { code, stdout, stderr, progress } = await tmech('next', ...PROMPT, '--greedy', '2');
      expect([code, stderr]).toEqual([0, '']);
      expect(progress).toContain('greedy: 100 %');
      expect(stdout).not.toContain('100 %');
    } finally {
      clock.mockRestore();
    }
  });

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
      command: ['analyze', ...PROMPT, '--depth', '2', '--out', portablePath(out)],
    });
    expect(analysis.parameters.depth).toBe(2);
    const written = statSync(join(out, 'report.json')).mtimeMs;
    expect(await result('rerun', join(out, 'report.json'))).toMatchObject({ identical: true, differences: [] });
    expect(statSync(join(out, 'report.json')).mtimeMs).toBe(written);
  });

  it('qlens --texts writes its data, figures and vectors, and rerun finds the same numbers', async () => {
    const [out, texts] = [join(work, 'texts'), join(root, 'examples', 'qlens-texts.txt')];
    const args = ['qlens', '--texts', texts, '--limit', '6', '--permutations', '19', '--steps', 'blocks.3.resid_post'];
    const { code, stdout, stderr } = await tmech(...args, '--all-operators', '--out', out, '--save-vectors');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('6 predictions, V = 512, 1 steps; p is at least 0.0500');
    const names = [
      'blocks.3.resid_post.npy',
      'qlens-01-pca-change.svg',
      'qlens-01-pca-v.svg',
      'qlens-01-similarity.svg',
    ];
    expect((await readdir(out)).sort()).toEqual([
      ...names,
      'qlens-01-umap.svg',
      'qlens-data-set.html',
      'qlens-data-set.json',
    ]);
    const data = JSON.parse(await readFile(join(out, 'qlens-data-set.json'), 'utf8'));
    expect(data).toMatchObject({ kind: 'qlens-data-set', texts: 6, V: 512, permutations: 19 });
    expect(data.steps[0].operators).toBe(6);
    const { residual, identityResidual } = data.steps[0].statistics.otherOperators.procrustes;
    expect(residual).toBeLessThan(identityResidual);
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
      expect(read.parameters).toMatchObject({
        laws: portablePath(join(work, file)),
        rows: 'probabilities',
        sumTolerance: 1e-6,
      });
      found.push(read.steps);
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  it('qlens --alpha scales the energies by 1/α, of a prompt and of a single law, and nothing else', async () => {
    const { writeFile } = await import('node:fs/promises');
    const energies = ({ transitions }: { transitions: { eigenvalues: number[]; energy: object }[] }) =>
      transitions.flatMap(({ eigenvalues, energy }) => [...eigenvalues, ...(Object.values(energy) as number[])]);
    await writeFile(
      join(work, 'one.npy'),
      npyBytes({ name: 'p', shape: [2, 2], data: Float64Array.of(0.1, 0.9, 0.4, 0.6) }),
    );
    for (const args of [PROMPT, ['--laws', join(work, 'one.npy'), '--rows', 'probabilities']]) {
      for (const operator of ['householder', 'rotation']) {
        const one = await result('qlens', ...args, '--operator', operator);
        const other = await result('qlens', ...args, '--operator', operator, '--alpha', '-0.4');
        expect([one.parameters.alpha, other.parameters.alpha, other.alpha]).toEqual([1, -0.4, -0.4]);
        expect(other.parameters.operator).toBe(operator);
        expect(other.stages).toEqual(one.stages);
        expect(other.summary).toEqual(one.summary);
        const scaled = energies(other);
        expect(scaled.length).toBeGreaterThan(1);
        // ΔH and the pair ±θ/α of a rotation have no sign.
        energies(one).forEach((value, k) => {
          expectClose(Math.abs(scaled[k]!) * 0.4, Math.abs(value), 1e-12 * (1 + Math.abs(value)));
        });
        if (operator === 'householder') expectClose(other.transitions[0].eigenvalues[0], Math.PI / -0.4, 1e-14);
      }
    }
    expect((await tmech('qlens', ...PROMPT, '--alpha', '2')).stdout).toContain('operator householder, α = 2.000.');
    for (const [args, code, message] of [
      [[...PROMPT, '--alpha', '0'], 2, 'It must be a number other than 0.'],
      [[...PROMPT, '--alpha', '1e'], 2, 'It must be a number other than 0.'],
      [[...PROMPT, '--alpha', '1e-200'], 1, 'alpha must have a modulus from 1e-100 to 1e100, but it is 1e-200.'],
      [['--texts', 'x', '--alpha', '2'], 2, '--alpha must come with a single prediction'],
    ] as const) {
      const failed = await tmech('qlens', ...args);
      expect(failed.code).toBe(code);
      expect(failed.stderr).toContain(message);
    }
  });

  it('qlens writes a single law where a prompt goes', async () => {
    const { readdir, readFile, writeFile } = await import('node:fs/promises');
    const file = join(work, 'single.npy');
    await writeFile(file, npyBytes({ name: 'p', shape: [2, 2], data: Float64Array.of(0.1, 0.9, 0.4, 0.6) }));
    const out = join(work, 'single');
    const args = ['qlens', '--laws', file, '--rows', 'probabilities', '--out', out];
    expect((await tmech(...args)).code).toBe(0);
    const names = await readdir(out);
    expect(names).toContain('qlens.json');
    expect(names.filter((name) => name.endsWith('.svg'))).toHaveLength(4);
    expect(JSON.parse(await readFile(join(out, 'qlens.json'), 'utf8'))).toMatchObject({ kind: 'qlens', V: 2 });
    const { code, stderr } = await tmech(...args, '--save-vectors');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--save-vectors must come with a data set')]);
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
    expect((await failing('--texts', 'x', '--operator', 'rotation'))[1]).toContain(
      '--operator must come with a single',
    );
    expect((await failing('--texts', 'x', '--rows', 'hidden'))[1]).toContain('--rows must come with --laws');
    expect((await failing('--laws', 'x', '--lens', 'y'))[1]).toContain('--lens must come with --texts or a prompt');
    expect((await failing('--all-operators', ...PROMPT))[0]).toBe(2);
    expect((await failing('--texts', join(work, 'absent.txt')))[1]).toContain('must be a readable file');
    expect((await failing('--laws', join(work, 'absent.csv')))[1]).toContain('--laws must end in');
    await writeFile(join(work, 'broken.jsonl'), '{"text": "the bank"}\n{"text": 3}\n');
    expect((await failing('--texts', join(work, 'broken.jsonl')))[1]).toContain('line 2 of');
    await writeFile(join(work, 'bad.jsonl'), '{"a": [0.5, 0.6], "b": [0.5, 0.5]}\n');
    const bad = await failing('--laws', join(work, 'bad.jsonl'), '--rows', 'probabilities');
    expect(bad[1]).toContain('must sum to 1 within 0.000001, but it sums to 1.1');
    const second = async (line: string) => {
      const path = join(work, 'second.jsonl');
      await writeFile(path, `{"a": [0.5, 0.5], "b": [0.1, 0.9]}\n${line}\n`);
      return (await failing('--laws', path))[1];
    };
    expect(await second('{"a": [1, 2]}')).toMatch(/line 2 of .* must hold the stages a, b of line 1, but it holds a\./);
    expect(await second('{"a": [1, 2], "b": [1, 2, 3]}')).toMatch(/line 2 of .* 2 numbers for .*, but b has 3\./);
  });

  it('next lists nothing below --least, and says where nothing is left', async () => {
    const all = await result('next', ...PROMPT);
    expect(all.parameters.least).toBe(0);
    const least = String(Math.exp((all.top[2].logProb + all.top[3].logProb) / 2));
    const some = await result('next', ...PROMPT, '--least', least);
    expect(some.top).toEqual(all.top.slice(0, 3));
    expect(some.parameters).toEqual({ ...all.parameters, least: Number(least) });
    expect((await result('next', ...PROMPT, '-k', '2', '--least', least)).top).toEqual(all.top.slice(0, 2));
    const none = await tmech('next', ...PROMPT, '--least', '1');
    expect([none.code, none.stderr]).toEqual([0, '']);
    expect(none.stdout).toContain('no token has a probability of at least 1\n');
  });

  it('rerun says which numbers differ, and runs nothing that writes', async () => {
    const { writeFile } = await import('node:fs/promises');
    const next = await result('next', ...PROMPT, '-k', '2');
    const same = structuredClone(next);
    next.top[1].logProb += 1e-12;
    const path = join(work, 'changed.json');
    await writeFile(path, JSON.stringify(next));
    const { code, stdout, stderr } = await tmech('rerun', path);
    expect(code).toBe(1);
    expect(stdout).toContain('top.1.logProb');
    expect(stderr).toContain('1 field differs');
    const changed = async (change: (copy: typeof same) => void) => {
      const copy = structuredClone(same);
      change(copy);
      await writeFile(path, JSON.stringify(copy));
      return tmech('rerun', path);
    };
    const version = await changed(({ provenance }) => (provenance.version = '9.9.9'));
    expect([version.code, version.stdout]).toEqual([1, `provenance.version: "9.9.9" before, "${VERSION}" now\n`]);
    expect(version.stderr).toBe(
      `error: rerun: the result must be of version ${VERSION}, but it is of 9.9.9. Every other field came out the same.\n`,
    );
    const both = await changed((copy) => {
      copy.provenance.version = '9.9.9';
      copy.checkpoint.warnings = {};
    });
    expect(both.stdout).toContain('checkpoint.warnings: {} before, [] now\n');
    expect(both.stderr).toContain('2 fields differ');
    expect((await changed((copy) => (copy.provenance.createdAt = 'then'))).code).toBe(0);
    expect((await changed((copy) => delete copy.top[1].token)).stdout).toBe('top.1.token: absent before, " and" now\n');
    next.provenance.command = ['trace', ...PROMPT, '--out', join(work, 'x.npz')];
    await writeFile(path, JSON.stringify(next));
    expect((await tmech('rerun', path)).stderr).toContain("it is 'trace'");
    expect(existsSync(join(work, 'x.npz'))).toBe(false);
  });

  it('hold no absolute path, and rerun finds the files all the same', async () => {
    const { copyFile, mkdir, writeFile } = await import('node:fs/promises');
    const model = join(work, 'a model');
    await mkdir(model);
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'])
      await copyFile(join(root, 'models/bank', name), join(model, name));
    const [texts, lens, npz, out] = ['texts.txt', 'l.safetensors', 't.npz', 'out'].map((name) => join(work, name));
    await writeFile(texts!, 'the bank\nthe fisherman sat\nthe river bank was\n');
    const matrix = join(work, 'm.mtx');
    await writeFile(matrix, '%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n');
    const lines: string[][] = [
      ['lens', 'train', '-m', model, '--texts', texts!, '--out', lens!, '--steps', '1', '--batch', '2'],
      ['lens', 'eval', `--model=${model}`, `--texts=${texts}`, `--lens=${lens}`],
      ['qlens', ...PROMPT, `-m${model}`, '--lens', lens!, `-o${out}`],
      ['qlens', '--texts', texts!, '-m', model, '--permutations', '9', '--out', out!],
      ['trace', ...PROMPT, '-m', model, '--keep', 'embed', '--out', npz!],
      ['spectra', matrix],
      ['next', '--prompt', `${work} stays`, '-m', model],
      ['chen', join(root, 'examples/chen-two-blocks.json'), '--enumerate'],
      ['info', model],
      ['info', '--model', model],
    ];
    for (const line of lines) {
      const { stdout, stderr } = await tmech(...line, '--json');
      expect(stderr, line.join(' ')).toBe('');
      const text = line[0] === 'next' ? stdout.replaceAll(`${work} stays`, '') : stdout;
      expect(text, line.join(' ')).not.toContain(JSON.stringify(work).slice(0, -1));
      expect(text, line.join(' ')).not.toContain(`"${root}`);
      if (['spectra', 'next', 'chen'].includes(line[0]!) || line[1] === 'eval') {
        await writeFile(join(work, 'one.json'), stdout);
        expect(await result('rerun', join(work, 'one.json')), line.join(' ')).toMatchObject({ identical: true });
      }
    }
    for (const page of ['qlens-data-set.html', 'qlens-data-set.json', 'qlens.json'])
      expect(await readFile(join(out!, page), 'utf8'), page).not.toMatch(new RegExp(`[^.]${work}`));
    const { code, stderr } = await tmech('info', model, '-m', model);
    expect([code, stderr]).toEqual([
      2,
      'error: tmech info: the folder must be given once, but --model is given beside it. Leave one out.\n',
    ]);
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
    expect((await readdir(out)).sort()).toEqual(['chen-lumped-entropy.svg', 'chen-lumped.json', 'chen-marginals.svg']);
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
      [[description, '--renyi', '2'], '--renyi must come with --lump'],
      [[description, '--lump', '--enumerate'], '--enumerate must not come with --lump'],
      [[description, '--threads', '2'], '--threads must not come with a description'],
      [[description, '--enumerate', '--prompt', 'the'], '--prompt must not come with a description'],
      [['--ids', '1', '--statistics', '9'], '--statistics must come with a description'],
      [[description, '--sample', 'out.txt'], "must name a file that ends in .jsonl or .parquet, but it is 'out.txt'"],
      [[description, '--lump', '--renyi', '2,0'], 'positive numbers separated by commas'],
    ] as const) {
      const { code, stderr } = await tmech('chen', ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it('chen: files of the tree', async () => {
    const out = join(work, 'tree');
    const tree = await result('chen', join(root, 'examples/chen-tables.json'), '--out', out);
    expect((await readdir(out)).sort()).toEqual([
      'chen-entropy.svg',
      'chen-marginals.svg',
      'chen-trajectories.svg',
      'chen-tree.svg',
      'chen.html',
      'chen.json',
    ]);
    expect(JSON.parse(await readFile(join(out, 'chen.json'), 'utf8'))).toEqual(tree);
    expect(await readFile(join(out, 'chen.html'), 'utf8')).toContain('<h1>Weather by tables: one head, then two</h1>');
    expect(await result('rerun', join(out, 'chen.json'))).toMatchObject({ identical: true });
  });

  it('chen: lumping, enumeration, the tree and statistics tell one story', async () => {
    const description = join(root, 'examples/chen-two-blocks.json');
    const tree = await result('chen', description, '--trajectories', '0');
    const out = join(work, 'ways');
    const lumped = await result('chen', description, '--lump', '--renyi', '0.5, 2,inf');
    const enumerated = await result('chen', description, '--enumerate', '--out', out);
    const sampled = await result('chen', description, '--statistics', '40000', '--seed', '5', '--out', out);
    expect(enumerated).toMatchObject({ kind: 'chen-enumerated', strings: 4, mostProbable: { labels: ['x1', 'x0'] } });
    expectClose(enumerated.probability, 1, 1e-15);
    expectClose(enumerated.mostProbable.probability, tree.joint[0].probability, 1e-15);
    for (const name of ['entropy', 'purity'])
      for (const value of [enumerated[name], lumped.table[1][name]]) expectClose(value, tree.table[1][name], 1e-14);
    const [half, two, infinite] = lumped.table[1].renyi;
    expect([half.order, two.order, infinite.order]).toEqual(['0.5', '2', 'Infinity']);
    const roots = tree.joint.reduce(
      (sum: number, { probability }: { probability: number }) => sum + Math.sqrt(probability),
      0,
    );
    expectClose(half.entropy, 2 * Math.log(roots), 1e-14);
    expectClose(two.entropy, -Math.log(tree.table[1].purity), 1e-14);
    expectClose(infinite.entropy, enumerated.minEntropy, 1e-14);
    expectClose(sampled.entropyEstimate, tree.table[1].entropy, 5 * sampled.entropyStandardError);
    for (const { step, marginal } of tree.table) {
      for (const { token, probability } of marginal) {
        const found = sampled.table[step - 1].tokens.find((entry: { token: number }) => entry.token === token);
        expectClose(found.frequency, probability, 5 * Math.sqrt((probability * (1 - probability)) / 40000));
      }
    }
    expect((await readdir(out)).sort()).toEqual(['chen-enumerated.json', 'chen-marginals.svg', 'chen-statistics.json']);
    for (const kind of ['enumerated', 'statistics'])
      expect(await result('rerun', join(out, `chen-${kind}.json`))).toMatchObject({ identical: true });
    expect((await result('chen', description, '--enumerate', '--backend', 'ts')).table).toEqual(enumerated.table);
    for (const [way, text] of [
      ['--enumerate', '4 strings of total probability 1.00000'],
      ['--quantum', 'Block 1: history and outcome differ on (|x0 x1 x1⟩ + |x1 x0 x1⟩)/√2 by T = 0.5000'],
    ] as const)
      expect((await tmech('chen', description, way)).stdout).toContain(text);
    expect((await tmech('chen', description, '--statistics', '1')).stdout).toContain('1 trajectories, seed 1');
  });

  it('chen --quantum: certificates of every block, witnesses, entanglement', async () => {
    const quantum = await result('chen', join(root, 'examples/chen-two-blocks.json'), '--quantum', '--sectors', '2');
    expect(quantum).toMatchObject({ kind: 'chen-quantum', strings: 7, parameters: { sectors: 2 } });
    expect(quantum.blocks).toHaveLength(2);
    for (const { certificates, witnesses } of quantum.blocks) {
      expect(certificates.map(({ step }: { step: string }) => step)).toEqual([
        'history',
        'outcome',
        'position',
        'coherent',
      ]);
      for (const one of certificates) {
        expectClose(Math.min(0, one.choiSmallest), 0, 1e-13);
        for (const name of ['krausResidual', 'traceResidual', 'krausDisagreement']) expectClose(one[name], 0, 1e-14);
      }
      expect(witnesses).toHaveLength(3);
      for (const { distance } of witnesses) expectClose(distance, 0.5, 1e-12);
    }
    // The singular values of the square roots of the four probabilities.
    const [{ schmidt, entanglement, classical }] = quantum.coherent.cuts;
    expectClose(schmidt[0] ** 2 + schmidt[1] ** 2, 1, 1e-14);
    const [a, b, c, d] = [0.0463015040408, 0.3775816111934, 0.4211751909017, 0.1549416938643].map(Math.sqrt);
    expectClose(schmidt[0] * schmidt[1], Math.abs(a! * d! - b! * c!), 1e-12);
    expectClose(entanglement / Math.LN2, 0.502807, 1e-6);
    expectClose(classical / Math.LN2, 0.302119, 1e-6);
    const mixture = await result('chen', join(root, 'examples/chen-tables.json'), '--quantum', '--sectors', '1');
    expect(mixture.coherent).toBeNull();
    expect(mixture.blocks[1].certificates).toHaveLength(3);
  });

  it('dyson lyapunov: exponents by two ways, of either operators, a figure, the same again', async () => {
    const out = join(work, 'lyapunov');
    const args = ['dyson', 'lyapunov', '--prompt', 'the bank'];
    const found = await result(...args, '--out', out);
    expect(found).toMatchObject({ kind: 'dyson-lyapunov', at: 'tangent', precision: 'f64', dimension: 128, steps: 8 });
    expect(found.parameters).toEqual({ precision: 'f64', operators: 'tangent' });
    for (const list of [found.qr, found.singular]) {
      expect(list).toHaveLength(128);
      expect(list).toEqual([...list].sort((a: number, b: number) => b - a));
      expectClose(
        list.reduce((a: number, b: number) => a + b),
        found.logDeterminant,
        1e-8,
      );
    }
    expect((await readdir(out)).sort()).toEqual(['dyson-lyapunov.svg', 'lyapunov.json']);
    expect(await readFile(join(out, 'dyson-lyapunov.svg'), 'utf8')).toContain('Lyapunov exponents of the pass');
    expect(await result('rerun', join(out, 'lyapunov.json'))).toMatchObject({ identical: true });
    const frozen = await result(...args, '--operators', 'frozen', '--precision', 'f32');
    expect(frozen).toMatchObject({ at: 'frozen', precision: 'f32' });
    expect((await tmech(...args)).stdout).toMatch(/Derivatives of the real steps, S = 8 steps, T·D = 128\.\n/);
    for (const [more, code, message] of [
      [['--precision', 'f32'], 2, '--precision must be f64 for tangents, but it is f32'],
      [['--operators', 'both'], 2, 'Allowed choices are tangent, frozen'],
      [['--max-bytes', '1000'], 1, '128×128 needs 131072'],
    ] as const) {
      const failed = await tmech(...args, ...more);
      expect([failed.code, failed.stderr.includes(message)], message).toEqual([code, true]);
    }
  });

  it('dyson rank-collapse: every stage, three figures, the same again', async () => {
    const out = join(work, 'rank-collapse');
    const args = ['dyson', 'rank-collapse', '--prompt', 'the fisherman sat'];
    const found = await result(...args, '--out', out);
    expect(found).toMatchObject({ kind: 'dyson-rank-collapse', precision: 'f64' });
    expect(found.stages).toHaveLength(9);
    for (const { name, deviation, stableRank, effectiveRank, attentionGaps } of found.stages) {
      expect(deviation > 0 && deviation <= 1).toBe(true);
      expect(stableRank >= 1 && stableRank <= effectiveRank ** 2 && effectiveRank <= 3).toBe(true);
      expect(attentionGaps?.length ?? 0).toBe(name.endsWith('resid_mid') ? 4 : 0);
    }
    expect((await readdir(out)).sort()).toEqual([
      'rank-collapse-deviation.svg',
      'rank-collapse-gaps.svg',
      'rank-collapse-ranks.svg',
      'rank-collapse.json',
    ]);
    expect(await result('rerun', join(out, 'rank-collapse.json'))).toMatchObject({ identical: true });
    const single = await result('dyson', 'rank-collapse', '--prompt', 'the', '--out', join(work, 'one-token'));
    expect(single.stages.map(({ deviation }: { deviation: number }) => deviation)).toEqual(Array(9).fill(0));
    expect((await tmech(...args)).stdout).toContain('  0 attn ');
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
      [['--prompt', 'the'], 2, 'by --prompt and by --prompts'],
      [['--steps', '0'], 2, 'from 1 to 1000'],
      [['--prompts', join(work, 'absent.txt')], 1, 'must be a readable file'],
    ] as const) {
      const failed = await tmech(...args, ...more);
      expect([failed.code, failed.stderr.includes(message)], message).toEqual([code, true]);
    }
    expect((await tmech('dyson', 'accelerate', '--model', join(root, 'models/bank'))).stderr).toContain(
      'Name some prompts',
    );
    await writeFile(prompts, '\ufeffthe bank\r\n\r\nthe current was\r\n');
    expect((await result(...args)).prompts).toBe(2);
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

  it.each([
    ['qlens', ['angle', 'divergence', 'entropy', 'rank']],
    [
      'dyson',
      [
        'attribution',
        'norm',
        'order-logits',
        'partial-divergence',
        'partial-error',
        'scale',
        'second-order',
        'spectrum',
        'update',
      ],
    ],
  ])('%s: the files of a prompt, and the same numbers again', async (command, figures) => {
    const out = join(work, command);
    const shown = await result(command, ...PROMPT, '--out', out);
    const files = [...figures.map((figure) => `${command}-${figure}.svg`), `${command}.json`];
    expect((await readdir(out)).sort()).toEqual(files.sort());
    expect(JSON.parse(await readFile(join(out, `${command}.json`), 'utf8'))).toEqual(shown);
    expect((await tmech('rerun', join(out, `${command}.json`))).stdout).toContain('identical');
  });

  it('dyson: blocks, paths, interventions', async () => {
    const heads = await result('dyson', ...PROMPT, '--precision', 'f64', '--paths', '4', '--heads', '--score');
    expect(heads.parameters).toMatchObject({ steps: 'sublayer', paths: 4, heads: 'true' });
    expect(heads.paths).toMatchObject({ search: 'enumeration', allPaths: 12222, compared: { paths: 12222 } });
    expect(heads.paths.paths).toHaveLength(4);
    expectClose(heads.paths.total, heads.top.logit, 1e-10, 'all paths together');
    expectClose(heads.firstAttributionResidual, 0, 1e-10, 'grouped by first operator');
    expect(heads.ablations.steps).toHaveLength(8);
    const blocks = await result('dyson', ...PROMPT, '--precision', 'f64', '--steps', 'block', '--paths', '16');
    expect(blocks.orders).toHaveLength(5);
    expectClose(blocks.residual.relativeToState, 0, 1e-10, 'ΣT_k of blocks');
    for (const { residual } of blocks.sublayers) expectClose(residual, 0, 1e-10, 'block output');
    const from = ['--from', 'the fisherman sat on the boat'];
    const patched = await result('dyson', ...PROMPT, '--patch', 'embed', ...from, '--ablate', 'blocks.1.mlp.out');
    expectClose(patched.intervention.effect, patched.intervention.changed - patched.intervention.clean, 0);
    expect(patched.intervention.effect).not.toBe(0);
    const text = await tmech('dyson', ...PROMPT, '--paths', '2', '--budget', '100', '--ablate', 'embed', '--score');
    expect(text.stdout).toMatch(/The largest of 256 paths/);
    expect(text.stdout).toMatch(/Intervention: the logit of/);
    expect(text.stdout).toMatch(/Correlation with the ablation/);
    const cut = await result('dyson', ...PROMPT, '--paths', '4', '--heads', '--budget', '72');
    expect(cut.paths).toMatchObject({ search: 'heuristic', unseen: null, allPaths: 12222 });
    expectClose(cut.paths.share, cut.paths.listed / cut.paths.total, 1e-12);
    expect(cut.paths.applications).toBeLessThanOrEqual(72);
    for (const [args, code, message] of [
      [['--patch', 'embed'], 2, 'not both given'],
      [['--steps', 'block', '--paths', '2', '--heads'], 1, 'heads must go with sublayers'],
      [['--paths', '2', '--budget', '3'], 1, 'budget must be an integer of at least 24'],
      [['--paths', '2', '--against', '99999'], 1, 'topPaths: against must be an integer from 0 to 511'],
      [['--ablate', 'embed', '--token', '3', '--against', '3'], 1, 'against must differ from token'],
      [['--ablate', 'blocks.9.attn.out'], 1, "'blocks.9.attn.out' is none of the 56 activations 'embed', "],
      [['--ablate', '3'], 1, "they go by name, and the one with index 3 is 'blocks.0.attn.q'"],
      [['--patch', 'embed', '--from', 'the'], 1, 'both prompts must have as many tokens'],
      [['--heads'], 2, '--heads must come with --paths'],
      [['--token', '3'], 2, '--token must come with'],
    ] as const) {
      const failed = await tmech('dyson', ...PROMPT, ...args);
      expect(failed.code).toBe(code);
      expect(failed.stderr).toContain(message);
    }
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

  it('gives the same statistics from one thread and from two', () => {
    const run = (option: string, threads: string) => {
      const args = ['chen', 'examples/chen-200-steps.json', '--statistics', '40000', option, threads, '--json'];
      const { stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], { cwd: root, encoding: 'utf8' });
      const { provenance: _, ...numbers } = JSON.parse(stdout);
      return numbers;
    };
    const one = run('--threads', '1');
    expect(one.count).toBe(40000);
    expect(run('--threads', '2')).toEqual(one);
    expect(run('--workers', '3')).toEqual(one);
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
