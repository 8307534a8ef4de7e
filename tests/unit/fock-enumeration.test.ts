import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enumerateStrings } from '../../src/fock/enumerate-strings.ts';
import { propagate } from '../../src/fock/evolution.ts';
import { purity, vonNeumannEntropy } from '../../src/fock/information.ts';
import { sumOverStrings } from '../../src/fock/string-totals.ts';
import { eachBackend } from '../support/backends.ts';
import { arbitrarySystem, blockSystem } from '../support/block-systems.ts';
import { expectClose, maxError } from '../support/numbers.ts';

eachBackend('sums over all strings', (backend) => {
  it('are those of the stored tree', () => {
    fc.assert(
      fc.property(arbitrarySystem, fc.integer({ min: 0, max: 5 }), ({ laws, start }, L) => {
        const { final, steps } = propagate(laws, start, L);
        const sums = sumOverStrings(backend, laws, start, L);
        expect(sums.strings).toBe(final.count);
        expectClose(sums.probability, 1, 1e-13);
        expectClose(sums.entropy, vonNeumannEntropy(final), 1e-12);
        expectClose(sums.purity, purity(final), 1e-13);
        const largest = Math.max(...final.weight);
        expectClose(sums.minEntropy, -Math.log(largest), 1e-12);
        expectClose(sums.mostProbable.probability, largest, 1e-14);
        const i = Array.from(final.weight.keys()).find(
          (i) =>
            final.textOf(i) === sums.mostProbable.text &&
            String(final.generated(i)) === String(sums.mostProbable.tokens),
        )!;
        expectClose(final.weight[i]!, largest, 1e-14);
        for (const { step, marginal } of steps) {
          const N = start.V;
          expectClose(maxError(sums.marginals.subarray((step - 1) * N, step * N), marginal), 0, 1e-13);
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('go on from call to call: a walk of two million nodes', () => {
    // Equal scores and φ = 1: a Pólya urn, whose law of the counts is uniform.
    const L = 21;
    const { laws, start } = blockSystem(2, [{ scores: [0, 0, 0, 0], map: [0, 1] }], [{ tokens: [0, 1], weight: 1 }]);
    const shares: number[] = [];
    const { strings, probability, marginals } = sumOverStrings(backend, laws, start, L, {
      onProgress: (share) => shares.push(share),
    });
    expect(strings).toBe(2 ** L);
    expectClose(probability, 1, 1e-9);
    expectClose(maxError(marginals, new Float64Array(2 * L).fill(0.5)), 0, 1e-9);
    expect(shares.length).toBeGreaterThan(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });

  it('refuses more strings than the caller wants to wait for', () => {
    const { laws, start } = blockSystem(2, [{ scores: [0, 0, 0, 0], map: [0, 1] }], [{ tokens: [0, 1], weight: 1 }]);
    expect(() => sumOverStrings(backend, laws, start, 100)).toThrow('it may have 1.27e+30. Use lumping');
    expect(() => sumOverStrings(backend, laws, start, 3, { most: 7 })).toThrow('at most 7 strings');
    const signal = AbortSignal.abort(new Error('enough'));
    expect(() => sumOverStrings(backend, laws, start, 3, { signal })).toThrow('enough');
  });
});

it('enumerates the strings of the stored tree, in its order', () => {
  fc.assert(
    fc.property(arbitrarySystem, fc.integer({ min: 0, max: 4 }), ({ laws, start }, L) => {
      const { final } = propagate(laws, start, L);
      const found = [...enumerateStrings(laws, start, L)];
      expect(found.map(({ start, tokens }) => `${start}:${tokens}`)).toEqual(
        Array.from(final.weight.keys(), (i) => `${final.textOf(i)}:${final.generated(i)}`),
      );
      expectClose(
        maxError(
          found.map(({ probability }) => probability),
          final.weight,
        ),
        0,
        1e-15,
      );
      const heavy = [...enumerateStrings(laws, start, L, { minProbability: 0.05 })];
      expect(heavy).toEqual(found.filter(({ probability }) => probability >= 0.05));
    }),
    { numRuns: 30, seed: 6 },
  );
  const { laws, start } = blockSystem(2, [{ scores: [0, 0, 0, 0], map: [0, 1] }], [{ tokens: [], weight: 1 }]);
  expect([...enumerateStrings(laws, start, 2, { vacuumToken: 1 })]).toEqual([
    { start: 0, tokens: Int32Array.of(1, 1), probability: 1 },
  ]);
  expect(() => enumerateStrings(laws, start, 2, { minProbability: Number.NaN })).toThrow('minProbability must');
});
