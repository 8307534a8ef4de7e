import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';
import { tmech } from '../support/command-line.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tmech-lens-'));
  await writeFile(join(root, 'texts.txt'), 'the bank\nthe current was\nthe river\na boat\nthe loan\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const train = (...args: string[]) =>
  tmech('lens', 'train', '--out', join(root, 'lens.safetensors'), '--steps', '3', ...args);

test('lens train shows progress in every phase, from none to all', async () => {
  const seen = new Map<string, number[]>();
  const update = vi.spyOn(Progress.prototype, 'update').mockImplementation((stage, done, total) => {
    seen.set(stage, [...(seen.get(stage) ?? []), done / total]);
  });
  try {
    expect((await train('--texts', join(root, 'texts.txt'), '--batch', '2')).code).toBe(0);
    expect([...seen.keys()]).toEqual([
      'reading',
      'reading texts',
      'reading streams',
      'evaluation',
      'training',
      'writing',
    ]);
    for (const shares of seen.values()) expect(shares.at(-1)).toBe(1);
    // In each of three steps two texts, then their lenses, then the step; one look at the text held back before them and one after.
    expect(seen.get('training')).toEqual([0, 1, 2].flatMap((k) => [0.25, 0.5, 1, 1].map((part) => (k + part) / 3)));
    expect(seen.get('evaluation')).toEqual([1, 1]);
    seen.clear();
    await train('--sample', '4', '--length', '3');
    expect([...seen.keys()]).toEqual(['reading', 'sampling', 'reading streams', 'evaluation', 'training', 'writing']);
  } finally {
    update.mockRestore();
  }
});

test('and says when fewer texts than --batch remain', async () => {
  const { code, stdout, stderr } = await train('--texts', join(root, 'texts.txt'));
  expect([code, stderr]).toEqual([
    0,
    'warning: --batch asks for 8 texts a step, but of 5 only 4 remain beside those held back: every step takes these 4.\n',
  ]);
  expect(stdout).toContain('3 steps of 4 on 4 texts; the numbers are of ');
  const enough = await train('--texts', join(root, 'texts.txt'), '--batch', '4');
  expect([enough.code, enough.stderr]).toEqual([0, '']);
});

test('lines of progress end with the time left', () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const clock = vi.spyOn(performance, 'now');
  try {
    const at = (seconds: number) => clock.mockReturnValue(1000 * seconds);
    at(0);
    const progress = new Progress();
    progress.update('training', 0, 100);
    at(10);
    progress.update('training', 10, 100);
    at(12);
    progress.update('training', 12, 100);
    at(20);
    progress.update('writing', 1, 4);
    at(26);
    progress.update('writing', 2, 4);
    at(32);
    progress.update('writing', 4, 4);
  } finally {
    write.mockRestore();
    clock.mockRestore();
  }
  expect(lines).toEqual([
    'training: 10 %, about 90 s left\n',
    'writing: 25 %\n',
    'writing: 50 %, about 12 s left\n',
    'writing: 100 %\n',
  ]);
});

test.each([20, 60, 200])('a bar fits %i columns and leaves the cursor and the wrapping alone', (columns) => {
  let written = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  const clock = vi.spyOn(performance, 'now');
  const { isTTY, columns: before } = process.stderr;
  Object.assign(process.stderr, { isTTY: true, columns });
  try {
    clock.mockReturnValue(0);
    const progress = new Progress();
    progress.update('rank collapse', 0, 100);
    clock.mockReturnValue(2000);
    progress.update('rank collapse', 50, 100);
  } finally {
    Object.assign(process.stderr, { isTTY, columns: before });
    write.mockRestore();
    clock.mockRestore();
  }
  const ESCAPE = '\u001b';
  const bar = written.slice(written.indexOf('rank collapse')).split(ESCAPE)[0]!;
  expect(bar).toMatch(/^rank collapse +[█░]+ 50%/);
  expect(bar.length).toBeLessThanOrEqual(columns);
  for (const leaves of ['[?25l', '[?7l']) expect(written).not.toContain(ESCAPE + leaves);
});
