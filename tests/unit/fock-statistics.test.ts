import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propagate } from '../../src/fock/evolution.ts';
import { vonNeumannEntropy } from '../../src/fock/information.ts';
import { trajectoryStatistics } from '../../src/fock/trajectory-statistics.ts';
import { eachBackend, teamBackend, wasmBackend } from '../support/backends.ts';
import { arbitrarySystem, blockSystem } from '../support/block-systems.ts';
import { bitsOf } from '../support/numbers.ts';

const PAIR = blockSystem(
  3,
  [
    { scores: [0, 1, -1, 2, 0, 0.5, -2, 1, 0], map: [1, 2, 0] },
    { scores: [1, 0, 0, 0, 1, 0, 0, 0, 1], map: [0, 0, 2] },
  ],
  [
    { tokens: [0, 1, 2], weight: 0.5 },
    { tokens: [2, 2], weight: 0.5 },
  ],
);

eachBackend('trajectory statistics', (backend) => {
  it('converges to the exact law: every marginal and the entropy within five standard errors', () => {
    fc.assert(
      fc.property(arbitrarySystem, fc.integer({ min: 1, max: 4 }), ({ laws, start }, L) => {
        const m = 4000;
        const N = start.V;
        const sampled = trajectoryStatistics(backend, laws, start, L, { trajectories: m, seed: 11n });
        const exact = propagate(laws, start, L);
        for (const { step, marginal } of exact.steps) {
          for (let y = 0; y < N; y++) {
            const [p, f] = [marginal[y]!, sampled.marginals[(step - 1) * N + y]! / m];
            expect(Math.abs(f - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / m) + 1e-9);
          }
        }
        const error = Math.abs(sampled.entropy - vonNeumannEntropy(exact.final));
        expect(error).toBeLessThanOrEqual(5 * sampled.entropyStandardError! + 1e-9);
      }),
      { numRuns: 20, seed: 3 },
    );
  });

  it('counts every trajectory in every step, and depends on the seed', () => {
    const run = (seed: bigint) => trajectoryStatistics(backend, PAIR.laws, PAIR.start, 5, { trajectories: 1001, seed });
    const { marginals, count } = run(1n);
    expect(count).toBe(1001);
    for (let l = 0; l < 5; l++) expect(marginals.subarray(3 * l, 3 * l + 3).reduce((a, b) => a + b)).toBe(1001);
    expect(bitsOf(run(1n).marginals)).toEqual(bitsOf(marginals));
    expect(bitsOf(run(2n).marginals)).not.toEqual(bitsOf(marginals));
  });

  it('refuses what it cannot sample', () => {
    const options = { trajectories: 10, seed: 1n };
    const wide = blockSystem(2, [{ scores: [0, 400, 0, 0], map: [0, 1] }], [{ tokens: [0, 1], weight: 1 }]);
    expect(() => trajectoryStatistics(backend, wide.laws, wide.start, 2, options)).toThrow('within 300');
    const empty = blockSystem(2, [{ scores: [0, 0, 0, 0], map: [0, 1] }], [{ tokens: [], weight: 1 }]);
    expect(() => trajectoryStatistics(backend, empty.laws, empty.start, 2, options)).toThrow('texts must not be empty');
    const other = { V: 3, label: String, probabilities: () => new Float64Array(3) };
    expect(() => trajectoryStatistics(backend, [other], PAIR.start, 2, options)).toThrow('laws[0] is another');
    expect(() => trajectoryStatistics(backend, PAIR.laws, PAIR.start, 2, { ...options, trajectories: 0 })).toThrow(
      'trajectories must be',
    );
    expect(() => trajectoryStatistics(backend, PAIR.laws, PAIR.start, 9, { ...options, cutoff: 4 })).toThrow('M');
    const signal = AbortSignal.abort(new Error('enough'));
    expect(() => trajectoryStatistics(backend, PAIR.laws, PAIR.start, 2, { ...options, signal })).toThrow('enough');
  });
});

it.skipIf(teamBackend === null)('three threads give the same bits as one', () => {
  const options = { trajectories: 70_001, seed: 5n };
  const alone = trajectoryStatistics(wasmBackend, PAIR.laws, PAIR.start, 6, options);
  const steps: number[] = [];
  const together = trajectoryStatistics(teamBackend!, PAIR.laws, PAIR.start, 6, {
    ...options,
    onProgress: (done) => steps.push(done),
  });
  expect(together).toEqual(alone);
  expect(steps).toEqual([1, 2, 3, 4, 5]);
});
