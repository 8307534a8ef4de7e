import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/philox.ts';
import {
  DiagonalState,
  type NextTokenLaw,
  propagate,
  sampleTrajectories,
  wilsonInterval,
} from '../../src/fock/index.ts';

/** p(y|h) ∝ 1 + (number of times y occurs in h), with token 3 never. */
const law: NextTokenLaw = {
  V: 4,
  label: String,
  probabilities: (h) => {
    const weights = Float64Array.of(1, 1, 1, 0).map((w, y) =>
      w === 0 ? 0 : w + h.filter((x: number) => x === y).length,
    );
    const total = weights.reduce((a, b) => a + b);
    return weights.map((w) => w / total);
  },
};
const text = DiagonalState.ofText(4, [0, 2]);

describe('sampleTrajectories', () => {
  it('follows the joint law: χ² below the 99.9 % quantile', () => {
    const m = 20000;
    const L = 3;
    const sampled = sampleTrajectories([law], text, L, { trajectories: m, seed: 5n });
    const exact = propagate([law], text, L).final;
    const found = sampled.states.at(-1)!;
    const frequency = new Map(Array.from(found.weight, (w, i) => [`${found.string(i)}`, w]));
    let chi2 = 0;
    let total = 0;
    for (let i = 0; i < exact.count; i++) {
      const observed = (frequency.get(`${exact.string(i)}`) ?? 0) * m;
      const expected = exact.weight[i]! * m;
      chi2 += (observed - expected) ** 2 / expected;
      total += observed;
    }
    expect(total).toBeCloseTo(m, 6);
    expect(exact.count).toBe(27);
    // 99.9 % quantile of χ² with 26 degrees of freedom.
    expect(chi2).toBeLessThan(54.05);
    expect(chi2).toBeGreaterThan(8);
  });

  it('takes trajectory k from stream k: one uniform number for each step, by inversion', () => {
    const L = 5;
    const sampled = sampleTrajectories([law], text, L, { trajectories: 60, seed: 99n });
    for (let k = 0; k < 60; k++) {
      const stream = new RandomStream(99n, BigInt(k));
      stream.next();
      const history = [0, 2];
      let logP = 0;
      for (let l = 0; l < L; l++) {
        const p = law.probabilities(history);
        let u = stream.next();
        let y = 0;
        while (u >= p[y]!) u -= p[y++]!;
        logP += Math.log(p[y]!);
        history.push(y);
      }
      expect([...sampled.tokens.subarray(k * L, (k + 1) * L)]).toEqual(history.slice(2));
      expect(sampled.logProbability[k]).toBeCloseTo(logP, 13);
    }
  });

  it('gives the same trajectories whatever their number', () => {
    const few = sampleTrajectories([law], text, 4, { trajectories: 100, seed: 3n });
    const many = sampleTrajectories([law], text, 4, { trajectories: 1000, seed: 3n });
    expect(many.tokens.subarray(0, 400)).toEqual(few.tokens);
    expect(many.logProbability.subarray(0, 100)).toEqual(few.logProbability);
    const other = sampleTrajectories([law], text, 4, { trajectories: 100, seed: 4n });
    expect(other.tokens).not.toEqual(few.tokens);
  });

  it('goes on from any stream', () => {
    const whole = sampleTrajectories([law], text, 4, { trajectories: 50, seed: 3n });
    const rest = sampleTrajectories([law], text, 4, { trajectories: 37, seed: 3n, first: 13 });
    expect(rest.tokens).toEqual(whole.tokens.subarray(13 * 4));
    expect(rest.logProbability).toEqual(whole.logProbability.subarray(13));
    for (const first of [-1, 0.5, Number.MAX_SAFE_INTEGER])
      expect(() => sampleTrajectories([law], text, 1, { trajectories: 1, seed: 1n, first })).toThrow('first must be');
  });

  it('evaluates the law once for every distinct history', () => {
    const histories: string[] = [];
    const counting: NextTokenLaw = {
      ...law,
      probabilities: (h) => {
        histories.push(h.join());
        return law.probabilities(h);
      },
    };
    sampleTrajectories([counting], text, 4, { trajectories: 500, seed: 1n });
    expect(new Set(histories).size).toBe(histories.length);
    const lengths = histories.map((h) => h.length);
    expect(histories).toEqual([...histories].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)));
    expect(lengths.at(-1)).toBe(9);
  });

  it('prepares the texts of a mixture in proportion, and takes the vacuum to x_0', () => {
    const mixture = DiagonalState.ofMixture(4, [
      { tokens: [], weight: 0.25 },
      { tokens: [1], weight: 0.75 },
    ]);
    const m = 4000;
    const sampled = sampleTrajectories([law], mixture, 1, { trajectories: m, seed: 8n, vacuumToken: 3 });
    const vacuum = sampled.prepared.filter((i) => i === 0).length;
    expect(Math.abs(vacuum / m - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / m));
    expect(sampled.states[0]!.weight[0]).toBe(vacuum / m);
    for (let k = 0; k < m; k++) expect(sampled.tokens[k] === 3).toBe(sampled.prepared[k] === 0);
    expect(sampled.logProbability[sampled.prepared.indexOf(0)]).toBe(0);
  });

  it('refuses bad options', () => {
    expect(() => sampleTrajectories([law], text, 1, { trajectories: 0, seed: 1n })).toThrow('trajectories must be');
    expect(() => sampleTrajectories([law], text, 1, { trajectories: 1, seed: -1n })).toThrow('seed must be a bigint');
    expect(() => sampleTrajectories([law], text, 2, { trajectories: 1, seed: 1n, cutoff: 3 })).toThrow('cut-off');
  });
});

describe('wilsonInterval', () => {
  /** R. G. Newcombe, Statist. Med. 17 (1998) 857–872, table I, method 3. */
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i among %i is (%f, %f)', (count, n, low, high) => {
    const interval = wilsonInterval(count, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is symmetric and stays within [0, 1]', () => {
    expect(wilsonInterval(20, 20)).toEqual({ low: expect.closeTo(1 - wilsonInterval(0, 20).high, 15), high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow('count must be');
  });
});
