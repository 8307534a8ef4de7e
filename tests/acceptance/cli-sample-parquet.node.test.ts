import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetBytes, rowsInGroup } from '../../src/cli/sample-parquet.ts';
import type { TrajectoryLine } from '../../src/cli/trajectory-lines.ts';
import { tmech } from '../support/command-line.ts';

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
  return { ...(await tmech('chen', ...args, '--sample', file, '--trajectories', String(count))), file };
}

const bytesOf = (name: string): Promise<Buffer> => readFile(join(work, name));
const partOf = (name: string): string => `${name}.part.jsonl`;

async function linesOf(name: string) {
  const [header, ...lines] = (await bytesOf(name)).toString().trimEnd().split('\n');
  return { header: header!, lines: lines.map((line) => JSON.parse(line)) };
}

async function rowsOf(name: string) {
  const file = await asyncBufferFromFile(join(work, name));
  const metadata = await parquetMetadataAsync(file);
  const rows = await parquetReadObjects({ file, metadata });
  return { metadata, rows: rows.map((row) => ({ ...row, stream: Number(row.stream) })) };
}

describe.each([
  ['a description', [TABLES], 2500],
  ['a checkpoint', PROMPT, 75],
] as const)('chen --sample of %s to Parquet', (kind, args, count) => {
  const name = (part: string) => `${kind.replaceAll(' ', '-')}-${part}`;

  it('holds the trajectories and the header of the lines, and nothing is left beside it', async () => {
    const { code, stderr, stdout, file } = await sample(name('whole.parquet'), count, ...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${count} trajectories written to ${file}, ${count} in all\n`);
    await sample(name('whole.jsonl'), count, ...args);
    const { metadata, rows } = await rowsOf(name('whole.parquet'));
    const { header, lines } = await linesOf(name('whole.jsonl'));
    expect(rows).toEqual(lines);
    expect(metadata.key_value_metadata).toEqual([{ key: 'tmech', value: header }]);
    expect(JSON.parse(header)).toMatchObject({ seed: '1', provenance: { version: expect.any(String) } });
    expect((await readdir(work)).filter((one) => one.startsWith(name('whole.parquet')))).toEqual([
      name('whole.parquet'),
    ]);
  });

  it('has the same bytes whole, from lines left behind, and grown from a smaller file', async () => {
    const expected = await bytesOf(name('whole.parquet'));
    const lines = await bytesOf(name('whole.jsonl'));
    for (const end of [0, 9, Math.floor(lines.length / 2), lines.length]) {
      await writeFile(join(work, partOf(name('stopped.parquet'))), lines.subarray(0, end));
      await sample(name('stopped.parquet'), count, ...args);
      expect((await bytesOf(name('stopped.parquet'))).equals(expected), `from ${end} bytes of lines`).toBe(true);
      await rm(join(work, name('stopped.parquet')));
    }
    for (const part of [0, 7, count]) {
      const { stdout, file } = await sample(name('grown.parquet'), part, ...args);
      expect(stdout).toMatch(new RegExp(`${file.replaceAll('/', '.')}, ${part} in all\n$`));
    }
    expect((await bytesOf(name('grown.parquet'))).equals(expected)).toBe(true);
    expect((await sample(name('grown.parquet'), 3, ...args)).stdout).toContain(`0 trajectories written`);
    expect((await bytesOf(name('grown.parquet'))).equals(expected)).toBe(true);
  });

  it('refuses the file and the lines of another seed, and leaves them as they are', async () => {
    const finished = await bytesOf(name('whole.parquet'));
    const other = await sample(name('whole.parquet'), count + 1, ...args, '--seed', '2');
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("its header has another 'seed'.")]);
    expect((await bytesOf(name('whole.parquet'))).equals(finished)).toBe(true);
    const lines = await bytesOf(name('whole.jsonl'));
    await writeFile(join(work, partOf(name('other.parquet'))), lines);
    const part = await sample(name('other.parquet'), count, ...args, '--seed', '2');
    expect([part.code, part.stderr]).toEqual([
      1,
      expect.stringMatching(/other\.parquet\.part\.jsonl must be .* 'seed'/),
    ]);
    expect((await bytesOf(partOf(name('other.parquet')))).equals(lines)).toBe(true);
  });
});

describe('chen --sample to Parquet', () => {
  it('refuses lines that are not the trajectories of their place', async () => {
    await sample('good.jsonl', 9, TABLES);
    const good = (await bytesOf('good.jsonl')).toString();
    const changes: readonly [RegExp, string][] = [
      [/"stream":3/, '"stream":4'],
      [/("stream":3,"text":)\d/, '$12'],
      [/("stream":3.*?"tokens":\[)\d/, '$13'],
      [/("stream":3.*?"tokens":\[)\d,/, '$1'],
      [/("stream":3.*?"labels":\[)"\w+"/, '$17'],
      [/("stream":3.*?"logProbability":)[^}]+/, '$1null'],
      [/\{("stream":3.*)\}\n/, '\u0000\n'],
    ];
    for (const [from, to] of changes) {
      await writeFile(join(work, partOf('bad.parquet')), good.replace(from, to));
      const { code, stderr } = await sample('bad.parquet', 9, TABLES);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^error: tmech: line 5 of .*bad.parquet.part.jsonl must be trajectory 3 of this run/),
      ]);
      expect((await readdir(work)).filter((one) => one.endsWith('.tmp') || one === 'bad.parquet')).toEqual([]);
    }
  });

  it('refuses files of another kind and damaged ones', async () => {
    await sample('sound.parquet', 50, TABLES);
    const sound = await bytesOf('sound.parquet');
    const damaged = Buffer.from(sound);
    damaged.fill(0xff, 4, 400);
    const empty: Uint8Array[] = [];
    for await (const bytes of parquetBytes({ kind: 'x' }, (async function* () {})())) empty.push(bytes);
    for (const [content, reason] of [
      [Buffer.from('hello'), 'must be a readable Parquet file'],
      [Buffer.alloc(0), 'must be a readable Parquet file'],
      [sound.subarray(0, -20), 'must be a readable Parquet file'],
      [Buffer.concat(empty), 'it does not begin like one'],
      [damaged, 'must be a readable Parquet file'],
    ] as const) {
      await writeFile(join(work, 'sound.parquet'), content);
      const { code, stderr } = await sample('sound.parquet', 60, TABLES);
      expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
      expect((await bytesOf('sound.parquet')).equals(content)).toBe(true);
      await rm(join(work, partOf('sound.parquet')), { force: true });
    }
    expect((await sample('x.csv', 1, TABLES)).stderr).toContain('must name a file that ends in .jsonl or .parquet');
  });

  it('holds one row group in memory', async () => {
    expect([rowsInGroup(0), rowsInGroup(50), rowsInGroup(10_000_000)]).toEqual([65536, 10485, 1]);
    const row = (stream: number): TrajectoryLine => ({
      stream,
      text: 0,
      tokens: [stream % 3],
      labels: ['\u2028', '\u0000', ''].slice(stream % 3, (stream % 3) + 1),
      logProbability: -stream / 7,
    });
    let asked = 0;
    async function* groups() {
      for (; asked < 4; asked++) yield Array.from({ length: 1000 }, (_, k) => row(1000 * asked + k));
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of parquetBytes({}, groups())) {
      pieces.push(piece);
      expect(asked).toBe(Math.min(pieces.length - 1, 4));
    }
    await writeFile(join(work, 'groups.parquet'), Buffer.concat(pieces));
    const { metadata, rows } = await rowsOf('groups.parquet');
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([1000, 1000, 1000, 1000]);
    expect(rows.map((one) => ({ ...one, crc: '' }))).toEqual(
      Array.from({ length: 4000 }, (_, k) => ({ ...row(k), crc: '' })),
    );
  });

  it('leaves lines when it is stopped, and no Parquet file, and goes on', { timeout: 30_000 }, async () => {
    const file = join(work, 'slow.parquet');
    const command = ['dist/cli/main.js', 'chen', TABLES, '--sample', file, '--trajectories', '10000000'];
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    while ((await readFile(`${file}.part.jsonl`).catch(() => Buffer.alloc(0))).length < 200_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect((await readdir(work)).filter((one) => one.startsWith('slow'))).toEqual(['slow.parquet.part.jsonl']);
    const done = (await linesOf('slow.parquet.part.jsonl')).lines.length;
    const { stdout } = await sample('slow.parquet', done + 5, TABLES);
    expect(stdout).toBe(`5 trajectories written to ${file}, ${done + 5} in all\n`);
    await sample('fast.parquet', done + 5, TABLES);
    expect((await bytesOf('slow.parquet')).equals(await bytesOf('fast.parquet'))).toBe(true);
  });
});
