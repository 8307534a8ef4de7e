/**
 * Real sizes: stored, sampled and lumped histories, resolvent grids, a data set of QLens operators, and random checkpoints with
 * exactly the shapes and names of GPT-2 small, SmolLM2-135M and Pythia-160M, through
 * the built command line, each figure against its limit. Prints a table; exits 1 if a limit is missed.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measured, measured, show } from '../support/measured-process.ts';

const IDS = Array.from({ length: 32 }, (_, i) => (i * 37) % 256).join(',');
const MIB = 2 ** 20;

/** Runs a command of the built `tmech` on 32 tokens. */
function measure(command: string, model: string, ...rest: readonly string[]): Promise<Measured> {
  return measured(['dist/cli/main.js', command, '--model', model, '--ids', IDS, ...rest]);
}

/** Runs a program of this folder: the figures it prints, and its peak memory. */
async function program(
  file: string,
  ...rest: readonly string[]
): Promise<Record<string, number> & { readonly peakBytes: number }> {
  const imports = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const { stdout, peakBytes } = await measured([...imports, `tests/scale/${file}`, ...rest]);
  return { ...JSON.parse(stdout), peakBytes };
}

const stored = await program('histories.ts', 'propagate');
const strings = `propagate: ${stored.strings} strings`;
show(strings, `${stored.seconds!.toFixed(1)} s`, '10 s', stored.seconds! <= 10);
show(`${strings}, peak memory`, `${(stored.peakBytes / MIB).toFixed(0)} MiB`, '2,000 MB', stored.peakBytes <= 2e9);
const sampled = await program('histories.ts', 'sample');
show('10,000,000 trajectories, two threads', `${sampled.seconds!.toFixed(1)} s`, '15 s', sampled.seconds! <= 15);
const { residual } = await program('histories.ts', 'vocabulary');
show('V = 50,257, kept + discarded − 1', residual!.toExponential(1), '1e-12', residual! <= 1e-12);

const { ratio } = await program('resolvent-threads.ts');
show('100×100 resolvent grid, n = 64, two threads', `${ratio!.toFixed(2)} x`, '1.7 x', ratio! >= 1.7);

for (const [N, L, limit] of [
  [2, 10_000, 10],
  [4, 100, 3],
] as const) {
  const { seconds, states, peakBytes } = await program('lumping.ts', String(N), String(L));
  const what = `lump: N = ${N}, L = ${L}, ${states} states`;
  show(what, `${seconds!.toFixed(1)} s`, `${limit} s`, seconds! <= limit);
  show(`${what}, peak memory`, `${(peakBytes / MIB).toFixed(0)} MiB`, '1,000 MB', peakBytes <= 1e9);
}

const operators = await program('operators.mjs', '1000', '50258');
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
show('both, peak memory', `${(operators.peakBytes / MIB).toFixed(0)} MiB`, '550 MB', operators.peakBytes <= 5.5e8);

const work = mkdtempSync(join(tmpdir(), 'tmech-scale-'));
try {
  for (const name of ['gpt2-small', 'smollm2-135m', 'pythia-160m']) {
    const model = join(work, name);
    await measured(['--import', 'tsx', 'scripts/random-checkpoint.ts', name, model]);
    const { seconds, peakBytes } = await measure('analyze', model, '--out', `${model}-report`);
    const reportBytes = statSync(join(`${model}-report`, 'report.html')).size;
    show(`${name}: analyze, 32 tokens`, `${seconds.toFixed(1)} s`, '10 s', seconds <= 10);
    show(`${name}: analyze, peak memory`, `${(peakBytes / MIB).toFixed(0)} MiB`, '1,100 MB', peakBytes <= 1.1e9);
    show(`${name}: report.html`, `${(reportBytes / 1e3).toFixed(0)} kB`, '3,000 kB', reportBytes <= 3e6);
    const ofQLens = (await measure('qlens', model)).peakBytes - (await measure('next', model)).peakBytes;
    show(`${name}: qlens, memory on top of the model`, `${(ofQLens / MIB).toFixed(0)} MiB`, '200 MB', ofQLens <= 200e6);
    rmSync(model, { recursive: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
