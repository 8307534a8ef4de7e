import { expect, it } from 'vitest';
import type { TaskPool } from '../../src/core/task-pool.ts';
import { trajectoryStatistics, trajectoryStatisticsOn } from '../../src/fock/trajectory-statistics.ts';
import { resolventGrid, resolventGridOn } from '../../src/linalg/index.ts';
import { TASKS } from '../../src/parallel/tasks.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { blockSystem } from '../support/block-systems.ts';
import { randomComplex } from '../support/gallery.ts';

/** A pool that runs its tasks here, and counts how often each says that it is working. */
function countingPool(): TaskPool & { readonly reports: number[] } {
  const reports: number[] = [];
  return {
    workers: 1,
    reports,
    async runAll(task, payloads, { shared, onResult }) {
      const run = TASKS[task]!(backend, shared);
      for (const [i, payload] of payloads.entries()) {
        reports[i] = 0;
        onResult(
          i,
          run(payload, () => reports[i]!++),
        );
      }
    },
  };
}

it('a worker that samples says that it is working after each of its kernel calls', async () => {
  const { laws, start } = blockSystem(2, [{ scores: [0, 1, 1, 0], map: [1, 0] }], [{ tokens: [0, 1], weight: 1 }]);
  const pool = countingPool();
  const options = { trajectories: 1000, seed: 1n };
  // 2¹⁹ outcomes a call: 262 trajectories of 2000 steps.
  expect(await trajectoryStatisticsOn(pool, laws, start, 2000, options)).toEqual(
    trajectoryStatistics(backend, laws, start, 2000, options),
  );
  expect(pool.reports).toEqual([4]);
});

it('so does a worker that evaluates a resolvent', async () => {
  const a = randomComplex(150, 1);
  const pool = countingPool();
  const options = { nRe: 40, nIm: 20 };
  expect(await resolventGridOn(pool, backend, a, options)).toEqual(resolventGrid(backend, a, options));
  // The first share is half of the grid.
  expect(pool.reports[0]).toBeGreaterThan(1);
  expect(pool.reports.every((count) => count >= 1)).toBe(true);
});
