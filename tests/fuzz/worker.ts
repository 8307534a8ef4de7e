/** Runs cases in a thread of their own, so that one that never ends or eats all memory can be named. */
import { parentPort, workerData } from 'node:worker_threads';
import { meterAllocations } from './allocations.ts';
import type { Outcome, Share, WorkerTask } from './run.ts';
import type { Target } from './target.ts';

const meter = meterAllocations();
const { TARGETS } = await import('./targets/index.ts');
const { runCase } = await import('./run-case.ts');
const { seed, shares, place } = workerData as WorkerTask;
/** After so many faults a target's other cases tell little. */
const MOST_FAULTS = 5;

for (const share of shares) {
  const target = TARGETS.find(({ name }) => name === share.target)!;
  parentPort!.postMessage(await outcomeOf(target, share));
}

async function outcomeOf(target: Target, { count }: Share): Promise<Outcome> {
  const failures: { number: number; fault: string }[] = [];
  let [cases, refused, milliseconds, slowest, mostBytes] = [0, 0, 0, 0, 0];
  while (cases < count && failures.length < MOST_FAULTS) {
    const number = cases++;
    Atomics.store(place, 0, number);
    Atomics.add(place, 1, 1);
    const result = await runCase(target, seed, number, meter);
    refused += result.refused ? 1 : 0;
    milliseconds += result.milliseconds;
    slowest = Math.max(slowest, result.milliseconds);
    mostBytes = Math.max(mostBytes, result.bytes);
    if (result.fault !== null) failures.push({ number, fault: result.fault });
  }
  return { target: target.name, cases, refused, milliseconds, slowest, mostBytes, failures };
}
