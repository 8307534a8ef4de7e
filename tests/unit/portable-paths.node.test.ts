import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localPath, mapPaths, portablePath } from '../../src/cli/portable-paths.ts';
import { createProgram } from '../../src/cli/program.ts';
import { silentInvocation } from '../support/silent-invocation.ts';

const here = process.cwd();

describe('portablePath', () => {
  const elsewhere = resolve('/', 'srv-of-nobody', 'model');
  it.each([
    ['a relative path', 'models/bank', 'models/bank'],
    ['one that goes up', '../other', '../other'],
    ['the working directory', here, '.'],
    ['below it', join(here, 'models', 'bank'), 'models/bank'],
    ['a neighbour with the same beginning', `${here}-2/x`, relative(here, `${here}-2/x`)],
    ['a folder called ~', '~/x', './~/x'],
    ['the same, whole', join(here, '~', 'x'), './~/x'],
    ['a name that begins with dots', join(here, '..x'), '..x'],
    ['outside of both', elsewhere, relative(here, elsewhere)],
    ['the root', '/', relative(here, '/')],
  ])('%s', (_, path, portable) => {
    const home = relative(homedir(), path);
    if (!home.startsWith('..') && relative(here, path).startsWith('..')) return;
    expect(portablePath(path)).toBe(portable);
    expect(resolve(localPath(portablePath(path)))).toBe(resolve(path));
  });

  it('home is ~ and found again', () => {
    const path = join(homedir(), 'no such folder', 'x');
    if (relative(here, path).startsWith('..')) expect(portablePath(path)).toBe('~/no such folder/x');
    expect(localPath(portablePath(path))).toBe(path);
    expect(localPath('~')).toBe(homedir());
    expect(localPath('~other/x')).toBe('~other/x');
  });
});

describe('mapPaths changes paths and nothing else', () => {
  const invocation = silentInvocation();
  const mark = (...args: string[]) => mapPaths(createProgram(invocation), args, (path) => `<${path}>`).join(' ');

  it.each([
    ['next -m /a -p /b', 'next -m </a> -p /b'],
    ['next --model=/a --prompt=/b --json', 'next --model=</a> --prompt=/b --json'],
    ['next -m/a -p/b -k 3', 'next -m</a> -p/b -k 3'],
    ['next --prompt -m', 'next --prompt -m'],
    ['chen /a --out /b --depth 3', 'chen </a> --out </b> --depth 3'],
    ['chen --json -- /a', 'chen --json -- </a>'],
    ['info /a', 'info </a>'],
    ['info --model /a', 'info --model </a>'],
    ['spectra /a --tensor /t', 'spectra </a> --tensor /t'],
    ['lens train -o /a --texts /b --sample 3', 'lens train -o </a> --texts </b> --sample 3'],
    ['lens eval --lens /a -m /b', 'lens eval --lens </a> -m </b>'],
    ['dyson -m /a --ablate /x /y --mean --from /z', 'dyson -m </a> --ablate /x /y --mean --from /z'],
    ['qlens --laws=/a --rows hidden', 'qlens --laws=</a> --rows hidden'],
    ['reproduce qlens-sentiment --sentihood /a --texts 30', 'reproduce qlens-sentiment --sentihood </a> --texts 30'],
    ['rerun /a', 'rerun </a>'],
    ['unknown /a --strange /b', 'unknown /a --strange /b'],
  ])('%s', (line, marked) => {
    expect(mark(...line.split(' '))).toBe(marked);
  });
});
