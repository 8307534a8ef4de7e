/**
 * How time and memory grow with tokens and layers: npx tsx tests/scale/growth.ts [--task forward,orders] [--gain 1.8] [--resume] [--write]
 *
 * GPT-2-small's width with random weights, 4 to 48 layers, 32 to 1,024 tokens. Every point is a process of its own. Prints the tables, the laws fitted to them and
 * what they say for many cores; `--gain` is how many times as fast two threads run one prompt as one does, `--write` puts all of it into docs/scale.md.
 * Points are noted in the temporary directory, and `--resume` goes on from those of a run that was broken off.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growthText, type Measured, type Task } from './growth-text.ts';
import type { Point } from './law.ts';

type Figures = Pick<Measured, 'seconds' | 'peakBytes'>;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRATCH = join(os.tmpdir(), 'transformer-mechanics-growth');
const NOTES = join(SCRATCH, 'points.json');
const PAGE = join(ROOT, 'docs', 'scale.md');
const MARKS = ['<!-- growth: written by tests/scale/growth.ts -->', '<!-- end of growth -->'] as const;
const LAYERS = [4, 12, 24, 48];
const TOKENS = [32, 128, 512, 1024];

const one = { name: '', of: () => 1 };
const layers = { name: 'L', of: ({ L }: Point) => L };
const work = { name: 'L·T', of: ({ L, T }: Point) => L * T };
const pairs = { name: 'L·T²', of: ({ L, T }: Point) => L * T * T };
const orders = { name: 'L²·T', of: ({ L, T }: Point) => L * L * T };
const orderPairs = { name: 'L²·T²', of: ({ L, T }: Point) => L * L * T * T };

/** Points beyond these bounds take many minutes. */
const TASKS: readonly Task[] = [
  {
    name: 'forward',
    title: 'Forward pass',
    time: [one, work, pairs],
    memory: [one, layers, work, pairs],
    bound: () => true,
  },
  {
    name: 'orders',
    title: 'All orders of the Dyson series',
    time: [one, work, orders, orderPairs],
    memory: [one, layers, work, pairs],
    bound: ({ L, T }) => L * L * T <= 12 * 12 * 1024,
  },
  {
    name: 'qlens',
    title: '`qlens`',
    time: [one, layers, work, pairs],
    memory: [one, layers, work, pairs],
    bound: () => true,
  },
  {
    name: 'analyze',
    title: '`analyze`',
    time: [one, layers, work, orders, pairs],
    memory: [one, layers, work, pairs],
    bound: ({ L, T }) => L * L * T <= 24 * 24 * 32,
  },
];

const { values } = parseArgs({
  options: {
    task: { type: 'string' },
    gain: { type: 'string' },
    resume: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const wanted = values.task?.split(',') ?? TASKS.map(({ name }) => name);
const gain = values.gain === undefined ? null : Number(values.gain);
if (gain !== null && !(gain >= 1 && gain <= 2))
  throw new Error(`growth: --gain must lie in [1, 2], but it is ${values.gain}.`);
const noted: Record<string, Figures> =
  values.resume && existsSync(NOTES) ? JSON.parse(readFileSync(NOTES, 'utf8')) : {};
const tables = TASKS.filter(({ name }) => wanted.includes(name)).map((task) => ({ task, points: measureAll(task) }));
const machine = `${new Date().toISOString().slice(0, 10)}, ${os.cpus()[0]!.model.trim()}, ${os.cpus().length} cores, load ${os.loadavg()[1]!.toFixed(1)}, Node ${process.versions.node}`;
const text = growthText(tables, { machine, gain });
process.stdout.write(text);
if (values.write) writePage(text);

function measureAll({ name, bound }: Task): Measured[] {
  const grid = LAYERS.flatMap((L) => TOKENS.map((T) => ({ L, T }))).filter(bound);
  return grid.map(({ L, T }) => {
    const { seconds, peakBytes } = (noted[`${name} ${L} ${T}`] ??= measure(name, L, T));
    writeFileSync(NOTES, JSON.stringify(noted));
    process.stderr.write(
      `${name}, ${L} layers, ${T} tokens: ${seconds.toFixed(2)} s, ${(peakBytes / 2 ** 20).toFixed(0)} MiB\n`,
    );
    return { L, T, seconds, peakBytes };
  });
}

function measure(task: string, L: number, T: number): Figures {
  return JSON.parse(child('tests/scale/growth-task.ts', task, checkpoint(L), String(T)));
}

/** The folder of a random checkpoint of L layers; written where the temporary directory has none yet. */
function checkpoint(L: number): string {
  const directory = join(SCRATCH, `gpt2-small-${L}`);
  if (existsSync(join(directory, 'model.safetensors'))) return directory;
  mkdirSync(directory, { recursive: true });
  child('scripts/random-checkpoint.ts', 'gpt2-small', directory, '--layers', String(L));
  return directory;
}

function child(script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Replaces what stands between the marks. */
function writePage(content: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [page.indexOf(MARKS[0]), page.indexOf(MARKS[1])];
  if (start < 0 || end < start) throw new Error(`${PAGE} must hold ${MARKS.join(' and ')}`);
  writeFileSync(PAGE, `${page.slice(0, start) + MARKS[0]}\n\n${content}\n${page.slice(end)}`);
}
