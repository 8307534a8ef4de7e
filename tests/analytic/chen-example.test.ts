import { describe, expect, it } from 'vitest';
import description from '../../examples/chen-two-blocks.json' with { type: 'json' };
import {
  type ChenModel,
  measureSequentially,
  modelOfDescription,
  outcomeLaw,
  propagate,
  runChen,
} from '../../src/fock/index.ts';
import { expectClose } from '../support/numbers.ts';

/**
 * Chen's worked example: T = {x_0 = (1,0), x_1 = (0,1)}, text (x_0, x_1, x_0). With s = e^scale (scale 1 in the paper, 1/√2 by
 * its eq. 5) and σ_x swapping the tokens:
 * block 1, query x_0: scores (0, 1, 0), so p(x_0) = 2/(2+s), p(x_1) = s/(2+s);
 * block 2 after x_0, history x_0 x_1 x_0 x_0: scores (1, 0, 1, 1) and φ swaps, so p(x_0) = 1/(3s+1), p(x_1) = 3s/(3s+1);
 * block 2 after x_1, history x_0 x_1 x_0 x_1: scores (0, 1, 0, 1), so p(x_0) = 2s/(2s+2), p(x_1) = 2/(2s+2).
 */
function closedForms(s: number) {
  return {
    first: [2 / (s + 2), s / (s + 2)],
    joint: [
      [2 / ((s + 2) * (3 * s + 1)), (6 * s) / ((s + 2) * (3 * s + 1))],
      [(s * s) / ((s + 2) * (s + 1)), s / ((s + 2) * (s + 1))],
    ],
  };
}

const CASES: readonly {
  readonly scale: string;
  readonly s: number;
  /** The four joint probabilities to 13 digits, from the closed forms in 40-digit decimal arithmetic. */
  readonly printed: readonly (readonly number[])[];
}[] = [
  {
    scale: 'none',
    s: Math.E,
    printed: [
      [0.0463015040408, 0.3775816111934],
      [0.4211751909017, 0.1549416938642],
    ],
  },
  {
    scale: 'inverse-sqrt-d',
    s: Math.exp(Math.SQRT1_2),
    printed: [
      [0.0700855421883, 0.4264246143271],
      [0.3372181376425, 0.1662717058421],
    ],
  },
];

describe.each(CASES)('the worked example with scale $scale', ({ scale, s, printed }) => {
  const model: ChenModel = modelOfDescription({ ...description, scale });
  const { first, joint } = closedForms(s);

  it('has the first-token law of the closed form', () => {
    const { state } = propagate(model.laws, model.start, 1).steps[0]!;
    expect([...state.token]).toEqual([0, 1]);
    for (const y of [0, 1]) expectClose(state.weight[y]!, first[y]!, 1e-14);
    const { diamond, tokens } = outcomeLaw(state, 4);
    expect(diamond).toBe(0);
    for (const y of [0, 1]) expectClose(tokens[y]!, first[y]!, 1e-14);
  });

  it('has the joint law of the closed form and of its decimal values', () => {
    const { final } = propagate(model.laws, model.start, 2);
    expect(final.count).toBe(4);
    for (let i = 0; i < 4; i++) {
      const [y1, y2] = final.generated(i);
      expect([...final.string(i)]).toEqual([0, 1, 0, y1, y2]);
      expectClose(final.weight[i]!, joint[y1!]![y2!]!, 1e-14);
      expectClose(final.weight[i]!, printed[y1!]![y2!]!, 5.1e-14);
    }
  });

  it('has the reduced states of eqs. 10 and 15, and the joint law as that of the sequential measurement', () => {
    for (const y1 of [0, 1]) {
      for (const y2 of [0, 1]) {
        const { probability, conditionals, states } = measureSequentially(model.laws, model.start, [y1, y2]);
        expectClose(probability, joint[y1]![y2]!, 1e-14);
        expectClose(conditionals[0]!, first[y1]!, 1e-14);
        expectClose(conditionals[1]!, joint[y1]![y2]! / first[y1]!, 1e-14);
        expect(states.map((state) => state.count)).toEqual([1, 1]);
        expect([...states[0]!.string(0)]).toEqual([0, 1, 0, y1]);
        expect([...states[1]!.string(0)]).toEqual([0, 1, 0, y1, y2]);
        expect(states.map((state) => state.weight[0])).toEqual([1, 1]);
      }
    }
  });

  it('is reported by runChen with its entropies and purity', () => {
    const result = runChen(model);
    expect(result.dimension).toBe('127');
    expect(result.certificate.discarded).toBe(0);
    const p = joint.flat();
    const entropy = (law: readonly number[]) => -law.reduce((sum, x) => sum + x * Math.log(x), 0);
    expect(result.joint.map(({ probability }) => probability)).toEqual(
      result.joint.map(({ probability }) => probability).sort((a, b) => b - a),
    );
    for (const { tokens, probability } of result.joint)
      expectClose(probability, joint[tokens[0]!]![tokens[1]!]!, 1e-14);
    const [one, two] = result.table;
    expectClose(one!.entropy, entropy(first), 1e-14);
    expectClose(two!.entropy, entropy(p), 1e-14);
    expectClose(two!.conditionalEntropy, entropy(p) - entropy(first), 1e-14);
    expectClose(
      two!.purity,
      p.reduce((sum, x) => sum + x * x, 0),
      1e-14,
    );
    for (const { token, probability } of two!.marginal)
      expectClose(probability, joint[0]![token]! + joint[1]![token]!, 1e-14);
  });
});

describe('the closed forms', () => {
  it('give first-token probabilities 0.423883 and 0.576117', () => {
    const { first } = closedForms(Math.E);
    expect(first.map((p) => p.toFixed(6))).toEqual(['0.423883', '0.576117']);
  });
});
