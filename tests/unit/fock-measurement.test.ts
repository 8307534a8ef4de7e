import { describe, expect, it } from 'vitest';
import {
  DIAMOND,
  DiagonalState,
  eventProbability,
  measureSequentially,
  type NextTokenLaw,
  outcomeLaw,
  propagate,
  reduceState,
} from '../../src/fock/index.ts';

/** p(y|h) ∝ 1 + y + (number of times y occurs in h) + length of h. */
const growing: NextTokenLaw = {
  V: 3,
  label: String,
  probabilities: (h) => {
    const weights = Float64Array.of(1, 2, 3).map((w, y) => w + h.length + h.filter((x: number) => x === y).length);
    const total = weights.reduce((a, b) => a + b);
    return weights.map((w) => w / total);
  },
};
const mixture = DiagonalState.ofMixture(3, [
  { tokens: [], weight: 0.125 },
  { tokens: [2], weight: 0.375 },
  { tokens: [0, 1], weight: 0.5 },
]);

describe('outcomeLaw', () => {
  it('projects the last site of one sector and puts everything else into ◇', () => {
    expect(outcomeLaw(mixture, 2)).toEqual({ diamond: 0.5, tokens: Float64Array.of(0, 0.5, 0) });
    expect(outcomeLaw(mixture, 1)).toEqual({ diamond: 0.625, tokens: Float64Array.of(0, 0, 0.375) });
    expect(outcomeLaw(mixture, 5)).toEqual({ diamond: 1, tokens: new Float64Array(3) });
  });

  it('measures the last site of whatever sector is occupied', () => {
    expect(outcomeLaw(mixture)).toEqual({ diamond: 0.125, tokens: Float64Array.of(0, 0.5, 0.375) });
  });

  it('sums to the trace', () => {
    const { final } = propagate([growing], mixture, 3);
    for (const sector of [4, 5, 'last-site'] as const) {
      const { diamond, tokens } = outcomeLaw(final, sector);
      expect(diamond + tokens.reduce((a, b) => a + b)).toBeCloseTo(final.trace, 14);
    }
  });

  it('refuses a sector without a last site', () => {
    expect(() => outcomeLaw(mixture, 0)).toThrow('sector must be');
  });
});

describe('eventProbability', () => {
  it('adds the outcomes of an event, each once', () => {
    expect(eventProbability(mixture, [DIAMOND, 1], 2)).toBe(1);
    expect(eventProbability(mixture, [1, 1, 2])).toBe(0.875);
    expect(eventProbability(mixture, [])).toBe(0);
    expect(() => eventProbability(mixture, [3])).toThrow('a token among the outcomes');
  });
});

describe('reduceState', () => {
  it('keeps the strings of the outcome and divides by its probability', () => {
    const { probability, state } = reduceState(mixture, DIAMOND, 2);
    expect(probability).toBe(0.5);
    expect([...state.weight]).toEqual([0.25, 0.75]);
    expect([...state.string(1)]).toEqual([2]);
    const found = reduceState(mixture, 1, 2);
    expect([...found.state.string(0)]).toEqual([0, 1]);
    expect([...found.state.weight]).toEqual([1]);
  });

  it('refuses an outcome of probability 0', () => {
    expect(() => reduceState(mixture, 0)).toThrow('must have a positive probability, but 0 has 0');
    expect(() => reduceState(mixture, DIAMOND, 'last-site').state.string(0)).not.toThrow();
  });
});

describe('measureSequentially', () => {
  it('has the joint law of the propagated state for every sequence of outcomes', () => {
    const start = DiagonalState.ofText(3, [1, 0]);
    const { final } = propagate([growing], start, 4);
    expect(final.count).toBe(81);
    for (let i = 0; i < final.count; i++) {
      const { probability, states } = measureSequentially([growing], start, [...final.generated(i)]);
      expect(Math.abs(probability - final.weight[i]!)).toBeLessThanOrEqual(1e-15);
      expect(states.at(-1)!.string(0)).toEqual(final.string(i));
    }
  });

  it('sums over the texts of a mixture', () => {
    const { steps } = propagate([growing], mixture, 2);
    const { probability, states } = measureSequentially([growing], mixture, [0, 2]);
    const first = reduceState(steps[0]!.state, 0);
    expect(first.probability).toBeCloseTo(steps[0]!.marginal[0]!, 15);
    expect(states[0]!.weight).toEqual(first.state.weight);
    const joint = Array.from(steps[1]!.state.weight).filter((_, i) => `${steps[1]!.state.generated(i)}` === '0,2');
    expect(probability).toBeCloseTo(
      joint.reduce((a, b) => a + b),
      15,
    );
  });

  it('refuses outcomes outside the set and steps beyond the cut-off', () => {
    expect(() => measureSequentially([growing], mixture, [3])).toThrow('a token among the outcomes');
    expect(() => measureSequentially([growing], mixture, [0, 0], { cutoff: 3 })).toThrow('n + L = 2 + 2');
  });
});
