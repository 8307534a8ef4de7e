import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../src/cli/invocation.ts';
import { nearName } from '../../src/cli/near-names.ts';
import { byteCount } from '../../src/cli/options.ts';
import { timeLeft } from '../../src/cli/progress.ts';
import { commandOf } from '../../src/cli/result.ts';
import { tmech } from '../support/command-line.ts';

test.each([
  ['nxt', 'next'],
  ['enxt', 'next'],
  ['NEXT', 'next'],
  ['qlns', 'qlens'],
  ['spectrum', 'spectra'],
  ['analyse', 'analyze'],
  ['dyosn', 'dyson'],
  ['xyzzy', null],
  ['', null],
  ['a'.repeat(1e6), null],
])('the command nearest to %.20s is %s', (given, near) => {
  expect(nearName(given, ['analyze', 'next', 'chen', 'qlens', 'dyson', 'spectra'])).toBe(near);
});

describe('an unknown command is an error, with --help too', () => {
  test.each([
    [['nosuch', '--help'], "but it is 'nosuch'. Run it with --help"],
    [['nosuch', '-h'], "but it is 'nosuch'"],
    [['nxt', '--help'], 'Did you mean next?'],
    [['help', 'nxt'], 'Did you mean next?'],
    [['lens', 'trian', '--help'], 'tmech lens: the command must be one of train, eval, but'],
    [['reproduce', 'nothing', '--help'], 'one of qlens-sentiment, but'],
    [['nosuch', '--version'], "but it is 'nosuch'"],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await tmech(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test.each([
    [['--help', 'nosuch']],
    [['help']],
    [['help', 'next']],
    [['lens', '--help']],
    [['dyson', 'a prompt', '--help']],
  ])('but %j asks for help', async (args) => {
    expect(await tmech(...args)).toMatchObject({ code: 0, stderr: '' });
  });
});

test('the time left is said in the unit that suits it', () => {
  expect([1, 99_000, 100_000, 5_999_000, 6e6, 0, Infinity, Number.NaN, -1].map(timeLeft)).toEqual([
    ', about 1 s left',
    ', about 99 s left',
    ', about 2 min left',
    ', about 100 min left',
    ', about 2 h left',
    '',
    '',
    '',
    '',
  ]);
});

test('bytes are counted with or without a unit', () => {
  expect(['1', '2000000', '3KiB', '512MiB', '2GiB'].map(byteCount())).toEqual([1, 2e6, 3072, 2 ** 29, 2 ** 31]);
  for (const wrong of ['', '0', '-1', '1.5', '1 MiB', '1MB', '1e3', '99999999999999GiB', 'GiB']) {
    expect(() => byteCount()(wrong), wrong).toThrow('number of bytes');
  }
  expect(byteCount(1024)('1KiB')).toBe(1024);
  expect(() => byteCount(1024)('2KiB')).toThrow('at most 1024');
});

test('a command line is repeated with the prompt that standard input gave', () => {
  const repeated = (...args: string[]) => commandOf({ args } as unknown as Invocation, { text: '-x' } as never);
  expect(repeated('next', '-p', '-', '-k', '1')).toEqual(['next', '-p', '-x', '-k', '1']);
  expect(repeated('next', '-')).toEqual(['next', '--prompt=-x']);
  expect(repeated('analyze', '-', '-o', '-')).toEqual(['analyze', '--prompt=-x', '-o', '-']);
  expect(repeated('dyson', '--heads', '--paths', '3', '-')).toEqual([
    'dyson',
    '--heads',
    '--paths',
    '3',
    '--prompt=-x',
  ]);
  expect(repeated('dyson', '--paths', '3', '--heads', '-')).toEqual([
    'dyson',
    '--paths',
    '3',
    '--heads',
    '--prompt=-x',
  ]);
  expect(repeated('next', '--prompt=-')).toEqual(['next', '--prompt=-x']);
  expect(repeated('next', 'a - b')).toEqual(['next', 'a - b']);
});

describe('a prompt may stand by itself', () => {
  test.each([['next'], ['qlens'], ['dyson']])('in %s', async (command) => {
    const options = ['--json', '-k', '1'].slice(0, command === 'dyson' ? 1 : 3);
    const [alone, named] = await Promise.all([
      tmech(command, 'the bank', ...options),
      tmech(command, '--prompt', 'the bank', ...options),
    ]);
    const numbers = ({ stdout }: { stdout: string }) => ({ ...JSON.parse(stdout), provenance: null });
    expect(numbers(alone)).toEqual(numbers(named));
  });

  test.each([
    [['next', 'a', '-p', 'b'], 'it stands by itself and --prompt is given'],
    [['dyson', 'a', '--ids', '1'], 'it stands by itself and --ids is given'],
    [['analyze', '', '--ids', '1'], 'it stands by itself and --ids is given'],
    [['trace', 'a', '-o', 'x.npz', '-p', ''], 'it stands by itself and --prompt is given'],
    [['qlens', 'a', '--texts', 'x'], 'must not come with a prompt'],
    [['next', 'the', 'bank'], 'too many arguments'],
  ])('once: %j', async (args, message) => {
    const { code, stdout, stderr } = await tmech(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

test('a result whose command takes --json for its prompt is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tmech-words-'));
  try {
    for (const command of [
      ['analyze', '-p'],
      ['analyze', '--'],
      ['next', '-k', '1', '-p'],
    ]) {
      const path = join(folder, 'result.json');
      await writeFile(
        path,
        JSON.stringify({ provenance: { package: 'transformer-mechanics', version: '0.1.0', command } }),
      );
      const { code, stderr } = await tmech('rerun', path);
      expect(stderr).toMatch(/^error: rerun: the command must give a result, but it only printed a text\./);
      expect(code).toBe(1);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
