import { expect, test } from 'vitest';
import { faultsOf, runFuzz, summaryOf } from './run.ts';
import { TARGETS } from './targets/index.ts';

const CASES = 20_000;

test('20,000 cases of what strangers write give a result or a refusal, within bounds', {
  timeout: 600_000,
}, async () => {
  const seed = Number(import.meta.env.TMECH_SEED);
  const outcomes = await runFuzz({ cases: CASES, seed, targets: TARGETS });
  process.stdout.write(`\n${summaryOf(outcomes)}\n`);
  expect(faultsOf(outcomes, seed)).toEqual([]);
  expect(outcomes.map(({ target }) => target)).toEqual(TARGETS.map(({ name }) => name).sort());
  expect(outcomes.reduce((sum, { cases }) => sum + cases, 0)).toBe(CASES);
  for (const { target, cases, refused } of outcomes) {
    // Both happen: a fuzzer whose cases are all refused, or none, looks at little.
    const answers = TARGETS.find(({ name }) => name === target)?.answers;
    if (answers !== 'none') expect(refused / cases, target).toBeLessThan(0.995);
    if (answers !== 'all') expect(refused / cases, target).toBeGreaterThan(0.05);
  }
});
