import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../src/cli/invocation.ts';
import { byteCount } from '../../src/cli/options.ts';
import { timeLeft } from '../../src/cli/progress.ts';
import { commandOf } from '../../src/cli/result.ts';
import { nearNames } from '../../src/core/names.ts';
import { tmech } from '../support/command-line.ts';

test.each([
  ['nxt', 'next'],
  ['enxt', 'next'],
  ['NEXT', 'next'],
  ['qlns', 'qlens'],
  ['spectrum', 'spectra'],
  ['analise', 'analyze'],
  ['anlayze', 'analyze'],
  ['n', null],
  ['dyosn', 'dyson'],
  ['xyzzy', null],
  ['', null],
  ['a'.repeat(1e6), null],
])('the command nearest to %.20s is %s', (given, near) => {
  const [nearest = null] = nearNames(['analyze', 'next', 'chen', 'qlens', 'dyson', 'spectra'], given);
  expect(nearest).toBe(near);
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

test.each([
  [
    ['dyson', 'lyapunov'],
    ['--max-bytes', '512MiB', '--operators', 'frozen'],
  ],
  [['dyson', 'rank-collapse'], []],
  [['analyse'], ['--depth', '1', '--trajectories', '0']],
])('%j takes a prompt by itself', async (command, options) => {
  const [alone, named] = await Promise.all([
    tmech(...command, 'the bank', ...options, '--json'),
    tmech(...command, '--prompt', 'the bank', ...options, '--json'),
  ]);
  const numbers = ({ code, stdout }: { code: number; stdout: string }) => {
    expect(code).toBe(0);
    return { ...JSON.parse(stdout), provenance: null };
  };
  expect(numbers(alone)).toEqual(numbers(named));
});

test('dyson accelerate takes prompts by themselves', async () => {
  const prompts = ['the bank', 'the current was'];
  const named = prompts.flatMap((prompt) => ['--prompt', prompt]);
  const [alone, by] = await Promise.all([
    tmech('dyson', 'accelerate', ...prompts, '--steps', '2', '--json'),
    tmech('dyson', 'accelerate', ...named, '--steps', '2', '--json'),
  ]);
  expect([alone.code, by.code]).toEqual([0, 0]);
  expect({ ...JSON.parse(alone.stdout), provenance: null }).toEqual({ ...JSON.parse(by.stdout), provenance: null });
  for (const other of [
    ['--prompt', 'x'],
    ['--prompts', 'x.txt'],
  ]) {
    const { code, stderr } = await tmech('dyson', 'accelerate', 'the bank', ...other);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`by themselves and by ${other[0]}`)]);
  }
});

test('analyse is analyze, for help and for rerun too', async () => {
  expect((await tmech('help', 'analyse')).stdout).toContain('tmech analyze|analyse');
  const folder = await mkdtemp(join(tmpdir(), 'tmech-words-'));
  try {
    const path = join(folder, 'result.json');
    const few = ['--depth', '1', '--trajectories', '0', '--greedy', '1'];
    const { stdout } = await tmech('analyse', 'the bank', ...few, '--json');
    expect(JSON.parse(stdout).provenance.command[0]).toBe('analyse');
    await writeFile(path, stdout);
    expect(await tmech('rerun', path)).toMatchObject({ code: 0, stdout: expect.stringContaining('identical') });
  } finally {
    await rm(folder, { recursive: true });
  }
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
    [['dyson', 'lyapunov', 'a', '-p', 'b'], 'it stands by itself and --prompt is given'],
    [['dyson', 'rank-collapse', 'a', '--ids', '1'], 'it stands by itself and --ids is given'],
    [['dyson', 'lyapunov', 'a', '--max-bytes', '5GiB'], 'at most 4294967296'],
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
