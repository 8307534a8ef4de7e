/**
 * Real sizes: stored, sampled and lumped histories, resolvent grids, a data set of QLens operators, and random checkpoints with
 * exactly the shapes and names of GPT-2 small, SmolLM2-135M and Pythia-160M, through
 * the built command line, each figure against its limit. Prints a table; exits 1 if a limit is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const IDS = Array.from({ length: 32 }, (_, i) => (i * 37) % 256).join(',');
const MIB = 2 ** 20;

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number;
}

function spawn(args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return { stdout, stderr };
}

function run(args: readonly string[]): string {
  return spawn(args).stderr;
}

function peakOf(stderr: string): number {
  return Number(/peak memory (\d+) bytes/.exec(stderr)![1]);
}

/** Runs a command of the built `tmech` on 32 tokens and reads its peak memory from the process itself. */
function measure(command: string, model: string, ...rest: readonly string[]): Measured {
  const started = performance.now();
  const stderr = run([
    '--import',
    './tests/scale/peak-memory.mjs',
    'dist/cli/main.js',
    command,
    '--model',
    model,
    '--ids',
    IDS,
    ...rest,
  ]);
  return {
    seconds: (performance.now() - started) / 1000,
    peakBytes: peakOf(stderr),
  };
}

function show(what: string, figure: string, limit: string, good: boolean): void {
  process.stdout.write(
    `${what.padEnd(44)} ${figure.padStart(12)}   limit ${limit.padEnd(10)} ${good ? 'met' : 'MISSED'}\n`,
  );
  if (!good) process.exitCode = 1;
}

/** Runs a program of this folder: the figures it prints, and its peak memory. */
function program(file: string, ...rest: readonly string[]): Record<string, number> & { readonly peakBytes: number } {
  const imports = ['./tests/scale/peak-memory.mjs', ...(file.endsWith('.ts') ? ['tsx'] : [])];
  const { stdout, stderr } = spawn([...imports.flatMap((name) => ['--import', name]), `tests/scale/${file}`, ...rest]);
  return { ...JSON.parse(stdout), peakBytes: peakOf(stderr) };
}

const stored = program('histories.ts', 'propagate');
const strings = `propagate: ${stored.strings} strings`;
show(strings, `${stored.seconds!.toFixed(1)} s`, '10 s', stored.seconds! <= 10);
show(`${strings}, peak memory`, `${(stored.peakBytes / MIB).toFixed(0)} MiB`, '2,000 MB', stored.peakBytes <= 2e9);
const sampled = program('histories.ts', 'sample');
show('10,000,000 trajectories, two workers', `${sampled.seconds!.toFixed(1)} s`, '15 s', sampled.seconds! <= 15);
const { residual } = program('histories.ts', 'vocabulary');
show('V = 50,257, kept + discarded − 1', residual!.toExponential(1), '1e-12', residual! <= 1e-12);

const { ratio } = program('resolvent-pool.ts');
show('100×100 resolvent grid, n = 64, two workers', `${ratio!.toFixed(2)} x`, '1.8 x', ratio! >= 1.8);

for (const [N, L, limit] of [
  [2, 10_000, 10],
  [4, 100, 3],
] as const) {
  const { seconds, states, peakBytes } = program('lumping.ts', String(N), String(L));
  const what = `lump: N = ${N}, L = ${L}, ${states} states`;
  show(what, `${seconds!.toFixed(1)} s`, `${limit} s`, seconds! <= limit);
  show(`${what}, peak memory`, `${(peakBytes / MIB).toFixed(0)} MiB`, '1,000 MB', peakBytes <= 1e9);
}

const operators = program('operators.mjs', '1000', '50258');
show(
  'mean similarity, 1,000 operators, V = 50,258',
  `${operators.seconds!.toFixed(1)} s`,
  '5 s',
  operators.seconds! <= 5,
);
show(
  'all statistics of them, 1,000 permutations, 1,000 of the baseline',
  `${operators.statistics!.toFixed(1)} s`,
  '60 s',
  operators.statistics! <= 60,
);
show('both, peak memory', `${(operators.peakBytes / MIB).toFixed(0)} MiB`, '500 MB', operators.peakBytes <= 5e8);

const work = mkdtempSync(join(tmpdir(), 'tmech-scale-'));
try {
  for (const name of ['gpt2-small', 'smollm2-135m', 'pythia-160m']) {
    const model = join(work, name);
    run(['--import', 'tsx', 'scripts/random-checkpoint.ts', name, model]);
    const { seconds, peakBytes } = measure('analyze', model, '--out', `${model}-report`);
    const reportBytes = statSync(join(`${model}-report`, 'report.html')).size;
    show(`${name}: analyze, 32 tokens`, `${seconds.toFixed(1)} s`, '60 s', seconds <= 60);
    show(`${name}: analyze, peak memory`, `${(peakBytes / MIB).toFixed(0)} MiB`, '1,500 MB', peakBytes <= 1.5e9);
    show(`${name}: report.html`, `${(reportBytes / 1e3).toFixed(0)} kB`, '3,000 kB', reportBytes <= 3e6);
    const ofQLens = measure('qlens', model).peakBytes - measure('next', model).peakBytes;
    show(`${name}: qlens, memory on top of the model`, `${(ofQLens / MIB).toFixed(0)} MiB`, '200 MB', ofQLens <= 200e6);
    rmSync(model, { recursive: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
