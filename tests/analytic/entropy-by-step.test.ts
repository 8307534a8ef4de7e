import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChenModel, modelOfDescription, runChen } from '../../src/fock/index.ts';

/** Entropies of the exact states after each step, by enumeration of all strings: no code of the package but the law. */
function exactEntropies({ laws, start, steps, vacuumToken }: ChenModel): number[] {
  let strings = start.texts.map((text, i) => ({ string: [...text], weight: start.weight[i]! }));
  return Array.from({ length: steps }, (_, l) => {
    const law = laws[l % laws.length]!;
    strings = strings.flatMap(({ string, weight }) =>
      (string.length === 0
        ? Array.from({ length: law.V }, (_, y) => (y === vacuumToken ? 1 : 0))
        : [...law.probabilities(string)]
      ).map((p, y) => ({ string: [...string, y], weight: weight * p })),
    );
    strings = strings.filter(({ weight }) => weight > 0);
    return strings.reduce((sum, { weight }) => sum - weight * Math.log(weight), 0);
  });
}

const model = (scores: number[][], steps: number, mixture?: object[]) =>
  modelOfDescription({
    name: 'three tokens',
    tokens: ['a', 'b', 'c'].map((name) => ({ name })),
    blocks: [
      { scores, map: ['b', 'c', 'a'] },
      { scores: scores.toReversed(), map: ['a', 'b', 'c'] },
    ],
    ...(mixture === undefined ? { text: ['a', 'b', 'c', 'c'] } : { mixture }),
    steps,
  });

const score = fc.double({ min: -4, max: 4, noNaN: true });
const scores = fc.array(fc.array(score, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
const mixture = [
  { text: ['a', 'b', 'c'], weight: 0.5 },
  { text: ['b', 'c'], weight: 0.375 },
  { text: [], weight: 0.125 },
];

describe('entropy by step of a truncated tree', () => {
  it('is a lower bound of the truth that never falls, and the truth where nothing is dropped', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 40 }), fc.boolean(), (table, maxStrings, mixed) => {
        const system = model(table, 6, mixed ? mixture : undefined);
        const truth = exactEntropies(system);
        const { table: rows, tree } = runChen(system, { maxStrings });
        const strings = rows.map(({ step }) =>
          tree.filter((node) => node.step === step).map((node) => node.probability),
        );
        let dropped = 0;
        for (const [l, { entropy, discarded }] of rows.entries()) {
          dropped += discarded;
          expect(entropy).toBeGreaterThanOrEqual(l === 0 ? 0 : rows[l - 1]!.entropy);
          expect(entropy).toBeLessThanOrEqual(truth[l]! + 1e-12 * (1 + truth[l]!));
          // At least the entropy of the strings kept and one more for the rest.
          const kept = strings[l]!.reduce((sum, w) => sum - w * Math.log(w), 0);
          const rest = dropped > 0 ? -dropped * Math.log(dropped) : 0;
          expect(entropy).toBeGreaterThanOrEqual(kept + rest - 1e-12);
          if (dropped === 0) expect(entropy).toBeGreaterThanOrEqual(truth[l]! - 1e-12 * (1 + truth[l]!));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('loses nothing where what follows a dropped string is certain', () => {
    // One string of three is dropped after the first step; all go on with certainty.
    const system = modelOfDescription({
      name: 'one dropped',
      tokens: ['a', 'b', 'c'].map((name) => ({ name })),
      blocks: [
        {
          scores: [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ],
          map: ['a', 'b', 'c'],
        },
      ],
      mixture: [
        { text: ['a'], weight: 0.5 },
        { text: ['b'], weight: 0.3 },
        { text: ['c'], weight: 0.2 },
      ],
      steps: 3,
    });
    const truth = exactEntropies(system);
    const { table } = runChen(system, { maxStrings: 2 });
    for (const [l, { entropy, strings }] of table.entries()) {
      expect(strings).toBe(2);
      expect(Math.abs(entropy - truth[l]!)).toBeLessThan(1e-14);
    }
  });

  it('has estimates beside it whose intervals hold the truth as often as they say', () => {
    const system = model(
      [
        [1, 0.5, -1],
        [0, 0.3, 0.8],
        [-0.5, 1, 0],
      ],
      5,
      mixture,
    );
    const truth = exactEntropies(system);
    const runs = 400;
    const inside = truth.map(() => 0);
    for (let seed = 1; seed <= runs; seed++) {
      const { trajectories, table } = runChen(system, { maxStrings: 4, trajectories: 60, seed: BigInt(seed) });
      const { entropies, entropyEstimate, entropyStandardError } = trajectories!;
      expect(entropies).toHaveLength(5);
      expect(entropies!.at(-1)).toMatchObject({ estimate: entropyEstimate, standardError: entropyStandardError });
      for (const [l, { step, low, high, estimate }] of entropies!.entries()) {
        expect(step).toBe(l + 1);
        expect(low <= estimate && estimate <= high && low >= 0).toBe(true);
        if (low <= truth[l]! && truth[l]! <= high) inside[l]!++;
        expect(table[l]!.entropy).toBeLessThan(truth[l]! + 1e-12);
      }
    }
    // 95 % of 400 is 380 ± 4.4; the estimates of sixty trajectories are not quite normal.
    for (const hits of inside) {
      expect(hits).toBeGreaterThan(362);
      expect(hits).toBeLessThan(397);
    }
  });

  it('has no interval from a single trajectory', () => {
    const system = model(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      2,
    );
    expect(runChen(system, { trajectories: 1 }).trajectories!.entropies).toBe(null);
    expect(
      runChen(
        model(
          [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
          0,
        ),
        { trajectories: 3 },
      ).trajectories!.entropies,
    ).toEqual([]);
  });
});
