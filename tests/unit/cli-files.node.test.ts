import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lineBatches } from '../../src/cli/file-lines.ts';
import { checkDirectory, checkFile, inPieces, writeWhole } from '../../src/cli/files.ts';
import { readBytes, readJson } from '../../src/cli/read-files.ts';
import { linesOf } from '../../src/cli/read-texts.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tmech-files-'));
  await writeFile(join(root, 'file'), 'old');
  await symlink('file', join(root, 'link'));
  await symlink('nowhere', join(root, 'dangling'));
  await symlink('loop', join(root, 'loop'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const refusal = (message: string | RegExp) =>
  expect.objectContaining({ name: 'DomainError', message: expect.stringMatching(message) });
const leftovers = async () => (await readdir(root)).filter((name) => name.endsWith('.tmp'));

describe('a place to write', () => {
  test.each([
    ['file', /is no directory/],
    ['file/deeper', /ENOTDIR/],
    ['fifo', /is no directory/],
    ['dangling', /dangling is a link that leads nowhere/],
    ['dangling/deeper', /dangling is a link that leads nowhere/],
    ['loop', /ELOOP/],
    ['n'.repeat(300), /ENAMETOOLONG/],
    ['a\0b', /ERR_INVALID_ARG_VALUE/],
  ])('--out %s is refused', async (name, reason) => {
    await expect(checkDirectory('--out', join(root, name))).rejects.toEqual(refusal(reason));
    expect(await leftovers()).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('so is a file system that takes no files', async () => {
    await expect(checkDirectory('--out', '/proc/tmech')).rejects.toEqual(
      refusal(/must name a directory that can be written/),
    );
    await expect(checkFile('--out', '/proc/self/x.npz')).rejects.toEqual(
      refusal(/must name a directory that can be written/),
    );
    await expect(checkFile('--out', '/dev/null')).rejects.toEqual(refusal(/a device|EACCES/));
    await expect(checkFile('--out', '/dev/full')).rejects.toEqual(refusal(/a device|EACCES/));
  });

  test('a directory that is not there yet is fine, and is not made', async () => {
    expect(await checkDirectory('--out', join(root, 'new/er'))).toBe(join(root, 'new/er'));
    expect(await readdir(root)).not.toContain('new');
  });

  test.each([
    ['fifo', /is a pipe/],
    ['dangling', /leads nowhere/],
    ['', /is a directory/],
  ])('-o %j is refused before the work and when it is written', async (name, reason) => {
    const path = name === '' ? `${root}/` : join(root, name);
    await expect(checkFile('-o', path)).rejects.toEqual(refusal(reason));
    await expect(writeWhole(path, 'new')).rejects.toEqual(refusal(reason));
    expect(await leftovers()).toEqual([]);
  });

  test('a link stays, and what it leads to is replaced', async () => {
    await writeWhole(join(root, 'link'), 'new');
    expect((await lstat(join(root, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('new');
  });

  test('what fails half-way leaves the old file and nothing else', async () => {
    const broken = function* () {
      yield new Uint8Array(100_000);
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    await writeFile(join(root, 'kept'), 'old');
    await expect(writeWhole(join(root, 'kept'), broken())).rejects.toEqual(
      refusal(/must be writable, but it is not \(ENOSPC\)/),
    );
    expect([await readFile(join(root, 'kept'), 'utf8'), await leftovers()]).toEqual(['old', []]);
    await expect(writeWhole(join(root, 'file/x'), 'new')).rejects.toEqual(refusal(/EEXIST|ENOTDIR/));
  });

  test('pieces are the bytes, reported as they go', () => {
    const bytes = Uint8Array.from({ length: 2 ** 22 + 5 }, (_, k) => k % 251);
    const done: number[] = [];
    expect(Buffer.concat([...inPieces(bytes, (k) => done.push(k))]).equals(bytes)).toBe(true);
    expect(done).toEqual([2 ** 22, 2 ** 22 + 5]);
  });
});

describe('a file to read', () => {
  test('may be a pipe, which has its own bound', async () => {
    const reading = readBytes(join(root, 'fifo'));
    const writer = await open(join(root, 'fifo'), 'w');
    await writer.write('x'.repeat(100_000));
    await writer.close();
    expect((await reading).length).toBe(100_000);
  });

  test('that never ends, is too long, or is none is refused', async () => {
    await expect(readBytes('/dev/zero', 1000)).rejects.toThrow(
      '/dev/zero must have at most 1000 bytes, but it has more',
    );
    await writeFile(join(root, 'ten'), '0123456789');
    expect((await readBytes(join(root, 'ten'), 10)).toString()).toBe('0123456789');
    await expect(readBytes(join(root, 'ten'), 9)).rejects.toThrow('ten must have at most 9 bytes');
    await expect(readBytes(root)).rejects.toThrow('must be a readable file, but it is not (EISDIR)');
    await expect(readBytes(join(root, 'none'))).rejects.toThrow('(ENOENT)');
    await expect(readBytes(join(root, 'a\0b'))).rejects.toThrow('(ERR_INVALID_ARG_VALUE)');
  });

  test('of JSON nested 200,000 deep is refused', async () => {
    for (const [open, close] of ['[]', '{}'].map((pair) => [...pair] as [string, string])) {
      const deep = `${(open === '{' ? '{"a":' : open).repeat(200_000)}1${close.repeat(200_000)}`;
      await writeFile(join(root, 'deep.json'), deep);
      await expect(readJson(join(root, 'deep.json'))).rejects.toThrow('it nests more than 500 levels deep');
    }
  });

  test('has lines, some of them over several pieces, and of at most so many bytes', async () => {
    const long = 'y'.repeat(2 ** 20 + 7);
    await writeFile(join(root, 'lines'), `a\n${long}\n\n${long}${long}\nend`);
    const found: string[] = [];
    const read: number[] = [];
    for await (const { text } of linesOf(join(root, 'lines'), { onRead: (done) => read.push(done) })) found.push(text);
    expect(found).toEqual(['a', long, long + long, 'end']);
    expect(read).toEqual([2 ** 20, 2 ** 21, 3 * 2 ** 20, 3 * 2 ** 20 + 29]);
    const limited = linesOf(join(root, 'lines'), { mostInLine: 2 ** 20 });
    await expect(drained(limited)).rejects.toThrow('lines of at most 1048576 bytes, but one is longer');
    await expect(drained(linesOf('/dev/zero', { mostInLine: 2 ** 22 }))).rejects.toThrow('but one is longer');
  });

  test('whose only line is long takes time in proportion', async () => {
    // Joining what there is at every piece would copy 2 GB of these 64 MiB.
    await writeFile(join(root, 'one-line'), Buffer.alloc(2 ** 26, 'z'));
    const handle = await open(join(root, 'one-line'));
    let joined = 0;
    const concat = Buffer.concat;
    Buffer.concat = ((list: Uint8Array[]) => {
      const all = concat(list);
      joined += all.length;
      return all;
    }) as typeof Buffer.concat;
    try {
      let rest = 0;
      for await (const batch of lineBatches(handle)) rest = batch.lines.length;
      expect([rest, joined]).toEqual([0, 0]);
    } finally {
      Buffer.concat = concat;
      await handle.close();
    }
  });
});

async function drained(lines: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of lines);
}
