import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import example from '../../examples/chen-tables.json' with { type: 'json' };
import { modelOfDescription, runChen } from '../../src/fock/index.ts';
import { tmech } from '../support/command-line.ts';
import { expectClose } from '../support/numbers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TABLES = join(root, 'examples/chen-tables.json');
const PROMPT = ['--prompt', 'the fisherman sat on the bank', '--depth', '2'];

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function sample(name: string, count: number, ...args: readonly string[]) {
  const file = join(work, name);
  const { code, stdout, stderr } = await tmech('chen', ...args, '--sample', file, '--trajectories', String(count));
  return { code, stdout, stderr, file };
}

async function bytesOf(name: string): Promise<Buffer> {
  return readFile(join(work, name));
}

describe.each([
  ['a description', [TABLES], 2500],
  ['a checkpoint', PROMPT, 75],
] as const)('chen --sample of %s', (kind, args, count) => {
  const name = (part: string) => `${kind.replaceAll(' ', '-')}-${part}.jsonl`;

  it('writes the same bytes at once, in parts, and after a torn write', async () => {
    const whole = await sample(name('whole'), count, ...args);
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toBe(`${count} trajectories written to ${whole.file}, ${count} in all\n`);
    const expected = await bytesOf(name('whole'));
    for (const part of [0, 1, count - 3, count]) await sample(name('parts'), part, ...args);
    expect((await bytesOf(name('parts'))).equals(expected)).toBe(true);
    const header = expected.indexOf(10) + 1;
    for (const end of [0, 5, header - 1, header, header + 7, Math.floor(expected.length / 2), expected.length - 1]) {
      await writeFile(join(work, name('torn')), expected.subarray(0, end));
      expect((await sample(name('torn'), count, ...args)).code).toBe(0);
      expect((await bytesOf(name('torn'))).equals(expected), `torn at ${end}`).toBe(true);
    }
    await writeFile(join(work, name('torn')), Buffer.concat([expected, Buffer.from('{"stream":')]));
    await sample(name('torn'), count, ...args);
    expect((await bytesOf(name('torn'))).equals(expected)).toBe(true);
    const fewer = await sample(name('whole'), 10, ...args);
    expect(fewer.stdout).toContain(`0 trajectories written to ${whole.file}, ${count} in all`);
  });

  it('numbers the lines, and refuses a file of another run', async () => {
    await sample(name('lines'), 40, ...args);
    const [header, ...lines] = (await bytesOf(name('lines')))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      kind: 'chen-trajectories',
      seed: '1',
      provenance: { precision: expect.any(String) },
    });
    expect(lines.map(({ stream }) => stream)).toEqual(Array.from({ length: 40 }, (_, k) => k));
    for (const line of lines) expect(line.labels).toHaveLength(header.steps);
    const before = await bytesOf(name('lines'));
    const other = await sample(name('lines'), 50, ...args, '--seed', '2');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/^error: .* must be a file of trajectories of this run, .* another 'seed'\./);
    expect((await bytesOf(name('lines'))).equals(before)).toBe(true);
  });
});

describe('chen --sample', () => {
  it('samples the law of the tree', async () => {
    await sample('law.jsonl', 4000, TABLES);
    const lines = (await bytesOf('law.jsonl')).toString().trimEnd().split('\n').slice(1);
    const found = lines.map((line) => JSON.parse(line));
    const model = modelOfDescription(example);
    for (const { text, tokens, probability } of runChen(model).joint.slice(0, 8)) {
      const same = found.filter((one) => one.text === text && String(one.tokens) === String(tokens));
      expectClose(same.length / 4000, probability, 5 * Math.sqrt((probability * (1 - probability)) / 4000));
      for (const { logProbability } of same) {
        expectClose(logProbability, Math.log(probability / model.start.weight[text]!), 1e-13);
      }
    }
  });

  it('refuses files that are something else, and says what the JSON result is', async () => {
    const path = join(work, 'other.jsonl');
    for (const content of ['hello\n', '{"kind":"x"}\n', 'hello']) {
      await writeFile(path, content);
      const { code, stderr } = await sample('other.jsonl', 5, TABLES);
      expect([code, stderr]).toEqual([1, expect.stringContaining('it does not begin like one')]);
      expect((await readFile(path)).toString()).toBe(content);
    }
    await sample('order.jsonl', 3, TABLES);
    const text = (await bytesOf('order.jsonl')).toString();
    await writeFile(join(work, 'order.jsonl'), text.replace('"stream":2', '"stream":7'));
    expect((await sample('order.jsonl', 5, TABLES)).stderr).toContain('line 4 of');
    expect((await sample('order.jsonl', 5, join(work, 'none.json'))).stderr).toContain('must be a readable file');
    expect((await sample('a/b/new.jsonl', 2, TABLES)).code).toBe(0);
    const { stdout } = await tmech(
      'chen',
      TABLES,
      '--sample',
      join(work, 'json.jsonl'),
      '--trajectories',
      '3',
      '--json',
    );
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'chen-sample', before: 0, sampled: 3, total: 3 });
    await writeFile(join(work, 'sample.json'), stdout);
    const again = await tmech('rerun', join(work, 'sample.json'));
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('a rerun writes nothing')]);
  });

  it('ends in order when it is stopped, and goes on', { timeout: 30_000 }, async () => {
    const file = join(work, 'stopped.jsonl');
    const command = ['dist/cli/main.js', 'chen', TABLES, '--sample', file, '--trajectories', '10000000'];
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    while ((await readFile(file).catch(() => Buffer.alloc(0))).length < 200_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr).toMatch(/it was stopped at \d+\. Run the command again to go on\.\n$/);
    const stopped = await readFile(file);
    const lines = stopped.toString().split('\n').length - 2;
    expect(stopped.at(-1)).toBe(10);
    await sample('reference.jsonl', lines + 5, TABLES);
    await sample('stopped.jsonl', lines + 5, TABLES);
    expect((await bytesOf('stopped.jsonl')).equals(await bytesOf('reference.jsonl'))).toBe(true);
  });
});
