import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFile } from '../../src/cli/file-lock.ts';
import { tmech } from '../support/command-line.ts';

/** Rounds of two processes; `TMECH_ROUNDS=100 npx vitest run --project node tests/acceptance/cli-sample-writers.node.test.ts` has more. */
const ROUNDS = Number(process.env.TMECH_ROUNDS ?? 2);

const root = fileURLToPath(new URL('../..', import.meta.url));
const TABLES = join(root, 'examples/chen-tables.json');

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

const sample = (name: string, count: number) =>
  tmech('chen', TABLES, '--sample', join(work, name), '--trajectories', String(count));

/** A process of its own that samples. */
function started(name: string, count: number) {
  const command = ['dist/cli/main.js', 'chen', TABLES, '--sample', join(work, name), '--trajectories', String(count)];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
}

const lockOf = (name: string) => join(work, `${name}.lock`);
const holder = (fields: object) => JSON.stringify({ pid: 1, host: hostname(), started: null, key: 'k', ...fields });

describe('two writers of one file', () => {
  it('lose nothing, in two processes at once', { timeout: 60_000 * Math.max(1, ROUNDS) }, async () => {
    await sample('reference.jsonl', 4000);
    await sample('reference.parquet', 4000);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of ['both.jsonl', 'both.parquet']) {
        await rm(join(work, name), { force: true });
        const both = await Promise.all([1, 2].map(() => started(name, 4000).ended));
        const lost = both.filter(({ code }) => code !== 0);
        expect(lost.length).toBeLessThan(2);
        for (const { code, stderr } of lost) {
          expect([code, stderr]).toEqual([
            1,
            expect.stringMatching(/^error: tmech: --sample must be the only run that writes .*, but process \d+ on /),
          ]);
        }
        refused += lost.length;
        const ending = name.split('.')[1]!;
        expect((await readFile(join(work, name))).equals(await readFile(join(work, `reference.${ending}`)))).toBe(true);
      }
    }
    expect((await readdir(work)).filter((name) => name.startsWith('both'))).toEqual(['both.jsonl', 'both.parquet']);
    if (ROUNDS > 9) process.stderr.write(`${2 * ROUNDS} rounds, ${refused} refusals\n`);
  });

  it('goes on after a killed one, whose lock is known to be stale', { timeout: 60_000 }, async () => {
    const { child, ended } = started('killed.jsonl', 10_000_000);
    while ((await readFile(join(work, 'killed.jsonl')).catch(() => Buffer.alloc(0))).length < 300_000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const meanwhile = await sample('killed.jsonl', 5);
    expect([meanwhile.code, meanwhile.stderr]).toEqual([1, expect.stringContaining(`but process ${child.pid} on "`)]);
    child.kill('SIGKILL');
    await ended;
    expect(JSON.parse(await readFile(lockOf('killed.jsonl'), 'utf8')).pid).toBe(child.pid);
    const lines = (await readFile(join(work, 'killed.jsonl'), 'utf8')).split('\n').length - 2;
    expect((await sample('killed.jsonl', lines + 5)).code).toBe(0);
    await sample('unkilled.jsonl', lines + 5);
    const [killed, unkilled] = await Promise.all(
      ['killed.jsonl', 'unkilled.jsonl'].map((name) => readFile(join(work, name))),
    );
    expect(killed!.equals(unkilled!)).toBe(true);
    expect((await readdir(work)).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  it('that append in spite of the lock are noticed', async () => {
    const path = join(work, 'appended.jsonl');
    await sample('appended.jsonl', 2000);
    const before = await readFile(path);
    const more = started('appended.jsonl', 10_000_000);
    while ((await readFile(path)).length === before.length) await new Promise((resolve) => setTimeout(resolve, 5));
    await writeFile(path, 'x', { flag: 'a' });
    const { code, stderr } = await more.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('must be written by this run alone, but its length')]);
  });
});

describe('the lock of a file', () => {
  it.each([
    ['of a process that is no more', () => holder({ pid: 2 ** 22 + 12345 })],
    ['of this very process, from before it was given its number', () => holder({ pid: process.pid })],
    ...(process.platform === 'linux'
      ? [['of a number that was given again', () => holder({ pid: process.ppid, started: 'long ago' })] as const]
      : []),
  ] as const)('is taken over: %s', async (_, content) => {
    await writeFile(lockOf('stale'), content());
    const unlock = await lockFile(join(work, 'stale'));
    expect(JSON.parse(await readFile(lockOf('stale'), 'utf8')).pid).toBe(process.pid);
    await unlock();
    expect(await readdir(work)).not.toContain('stale.lock');
  });

  it.each([
    ['of a process that lives', () => holder({ pid: process.ppid }), `process ${process.ppid} on "`],
    ['of another machine', () => holder({ host: 'elsewhere\u001b' }), 'process 1 on "elsewhere\\u001b"'],
    ['that is empty', () => '', 'another process holds'],
    ['that is something else', () => '{"pid":"x"}', 'another process holds'],
  ])('is respected: %s', async (_, content, who) => {
    await writeFile(lockOf('held'), content());
    await expect(lockFile(join(work, 'held'))).rejects.toThrow(who);
    expect(await readFile(lockOf('held'), 'utf8')).toBe(content());
    await rm(lockOf('held'));
  });

  it('is given to one of many that find a dead one', async () => {
    for (let round = 0; round < 20; round++) {
      await writeFile(lockOf('many'), holder({ pid: 2 ** 22 + 12345 }));
      const all = await Promise.allSettled(Array.from({ length: 12 }, () => lockFile(join(work, 'many'))));
      const won = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(won.length).toBe(1);
      await won[0]!();
    }
    expect((await readdir(work)).filter((name) => name.startsWith('many'))).toEqual([]);
  });

  it('is not taken from another when it is given up', async () => {
    const unlock = await lockFile(join(work, 'taken'));
    await writeFile(lockOf('taken'), holder({ host: 'elsewhere' }));
    await unlock();
    expect(await readdir(work)).toContain('taken.lock');
  });
});
