/** A million cases of the fuzzers. Prints what it counted; the process exits with 1 if anything is wrong. */
import { faultsOf, runFuzz, summaryOf } from '../fuzz/run.ts';
import { TARGETS } from '../fuzz/targets/index.ts';

export async function fuzzHugely(): Promise<void> {
  const seed = Number(process.env.TMECH_SEED ?? '20261129');
  const cases = Number(process.env.TMECH_CASES ?? '1000000');
  const started = performance.now();
  const outcomes = await runFuzz({
    cases,
    seed,
    targets: TARGETS,
    onOutcome: ({ target, cases, failures }) =>
      process.stdout.write(`${target}: ${cases} cases, ${failures.length} faults\n`),
  });
  const faults = faultsOf(outcomes, seed);
  process.stdout.write(`${summaryOf(outcomes)}, ${((performance.now() - started) / 60_000).toFixed(1)} min\n`);
  if (faults.length === 0) return;
  process.stdout.write(`\n${faults.join('\n\n')}\n`);
  process.exitCode = 1;
}
