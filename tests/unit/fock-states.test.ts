import { describe, expect, it } from 'vitest';
import {
  AttentionBlock,
  BlockLaw,
  CutoffError,
  DiagonalState,
  evolveStep,
  FockSpace,
  type NextTokenLaw,
  propagate,
  purity,
  TokenSpace,
  vonNeumannEntropy,
} from '../../src/fock/index.ts';

/** The same law after every history. */
function fixedLaw(p: readonly number[]): NextTokenLaw {
  const probabilities = Float64Array.from(p);
  return { V: p.length, label: String, probabilities: () => probabilities };
}

describe('FockSpace', () => {
  it('has dimension Σ N^n', () => {
    expect(new FockSpace(2, 6).dimension).toBe(127n);
    expect(new FockSpace(1, 6).dimension).toBe(7n);
    expect(new FockSpace(3, 0).dimension).toBe(1n);
    expect(new FockSpace(50257, 3).dimension).toBe(1n + 50257n + 50257n ** 2n + 50257n ** 3n);
    expect(new FockSpace(2, 100).sectorDimension(100)).toBe(1n << 100n);
  });

  it('refuses steps beyond the cut-off', () => {
    expect(() => new FockSpace(2, 4).checkSteps('run', 3, 1)).not.toThrow();
    expect(() => new FockSpace(2, 4).checkSteps('run', 3, 2)).toThrow(CutoffError);
    expect(() => new FockSpace(2, 4).checkSteps('run', 3, 2)).toThrow(
      'run: the cut-off M must be at least n + L = 3 + 2, but it is 4. Set the cut-off to 5 or take fewer steps.',
    );
    expect(() => new FockSpace(0, 4)).toThrow('N must be');
  });
});

describe('DiagonalState', () => {
  it('merges equal texts and holds several lengths', () => {
    const state = DiagonalState.ofMixture(3, [
      { tokens: [0, 1], weight: 0.25 },
      { tokens: [], weight: 0.25 },
      { tokens: [0, 1], weight: 0.5 },
    ]);
    expect(state.count).toBe(2);
    expect([...state.weight]).toEqual([0.75, 0.25]);
    expect([state.length(0), state.length(1), state.longest]).toEqual([2, 0, 2]);
    expect(state.lastToken(0)).toBe(1);
    expect(state.lastToken(1)).toBeUndefined();
  });

  it('refuses what is no mixture', () => {
    expect(() => DiagonalState.ofText(2, [0, 2])).toThrow('every token of the text must be an integer from 0 to 1');
    expect(() => DiagonalState.ofMixture(2, [])).toThrow('weights must sum to 1');
    expect(() => DiagonalState.ofMixture(2, [{ tokens: [0], weight: 0.5 }])).toThrow('the sum is 0.5');
    expect(() => DiagonalState.ofMixture(2, [{ tokens: [0], weight: NaN }])).toThrow('weights must be positive');
  });

  it('has the entropy and purity of its weights', () => {
    const state = DiagonalState.ofMixture(2, [
      { tokens: [0], weight: 0.5 },
      { tokens: [1], weight: 0.25 },
      { tokens: [], weight: 0.25 },
    ]);
    expect(vonNeumannEntropy(state)).toBeCloseTo(1.5 * Math.LN2, 15);
    expect(purity(state)).toBe(0.375);
    expect(vonNeumannEntropy(DiagonalState.ofText(2, [0]))).toBe(0);
  });
});

describe('propagate', () => {
  it('sends the vacuum to x_0', () => {
    const { final, steps } = propagate([fixedLaw([0.25, 0.75])], DiagonalState.ofText(2, []), 2, { vacuumToken: 1 });
    expect(Array.from({ length: final.count }, (_, i) => [...final.string(i)])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect([...final.weight]).toEqual([0.25, 0.75]);
    expect([...steps[0]!.marginal]).toEqual([0, 1]);
    expect(steps[0]!.conditionalEntropy).toBe(0);
  });

  it('steps every text of a mixture within its own sector', () => {
    const start = DiagonalState.ofMixture(2, [
      { tokens: [], weight: 0.5 },
      { tokens: [1, 1], weight: 0.5 },
    ]);
    const { final } = propagate([fixedLaw([0.5, 0.5])], start, 1);
    expect(Array.from({ length: final.count }, (_, i) => [...final.string(i)])).toEqual([[0], [1, 1, 0], [1, 1, 1]]);
    expect([...final.weight]).toEqual([0.5, 0.25, 0.25]);
    expect([...final.parent]).toEqual([0, 1, 1]);
  });

  it('repeats the laws cyclically and leaves strings of probability 0 out', () => {
    const laws = [fixedLaw([1, 0]), fixedLaw([0, 1])];
    const { final } = propagate(laws, DiagonalState.ofText(2, [0]), 5);
    expect(final.count).toBe(1);
    expect([...final.generated(0)]).toEqual([0, 1, 0, 1, 0]);
  });

  it('obeys the chain rule S(ρ_ℓ) = S(ρ_{ℓ−1}) + Σ_h w_h H(p(·|h))', () => {
    const history: NextTokenLaw = {
      V: 3,
      label: String,
      probabilities: (h) => Float64Array.from([1, 2, 3], (x, y) => (h.at(-1) === y ? x + 1 : x) / 7),
    };
    const { steps } = propagate([history], DiagonalState.ofText(3, [0]), 5);
    for (let l = 1; l < 5; l++) {
      const growth = vonNeumannEntropy(steps[l]!.state) - vonNeumannEntropy(steps[l - 1]!.state);
      expect(growth).toBeCloseTo(steps[l]!.conditionalEntropy, 12);
    }
  });

  it('takes no steps for L = 0', () => {
    const start = DiagonalState.ofText(2, [0]);
    expect(propagate([fixedLaw([1, 0])], start, 0).final).toBe(start);
  });

  it('refuses bad input before it computes', () => {
    const start = DiagonalState.ofText(2, [0, 1, 0]);
    const law = fixedLaw([0.5, 0.5]);
    const never: NextTokenLaw = {
      ...law,
      probabilities: () => {
        throw new Error('computed');
      },
    };
    expect(() => propagate([never], start, 2, { cutoff: 4 })).toThrow('n + L = 3 + 2, but it is 4');
    expect(() => propagate([], start, 1)).toThrow('at least one law');
    expect(() => propagate([fixedLaw([1])], start, 1)).toThrow('2 tokens, but laws[0] has 1');
    expect(() => propagate([law], start, 1.5)).toThrow('L must be');
    expect(() => propagate([law], start, 1, { maxStrings: 0 })).toThrow('maxStrings must be');
    expect(() => propagate([law], start, 1, { minWeight: NaN })).toThrow('minWeight must lie');
    expect(() => propagate([law], start, 1, { vacuumToken: 2 })).toThrow('vacuumToken must be');
    const truncated = propagate([law], start, 2, { maxStrings: 1 }).final;
    expect(() => propagate([law], truncated, 1)).toThrow('start must have trace 1');
  });

  it.each([
    ['a negative probability', [1.5, -0.5], 'p(y|h) must be at least 0, but it is -0.5 for token 1 after (0, 1)'],
    ['NaN', [NaN, 1], 'p(y|h) must be at least 0, but it is NaN for token 0'],
    ['a sum that is not 1', [0.5, 0.4], 'Σ_y p(y|h) must be 1'],
  ])('refuses a law with %s', (_, p, message) => {
    expect(() => propagate([fixedLaw(p)], DiagonalState.ofText(2, [0, 1]), 1)).toThrow(message);
  });

  it('refuses a law of the wrong length', () => {
    const law: NextTokenLaw = { V: 3, label: String, probabilities: () => Float64Array.of(0.5, 0.5) };
    expect(() => propagate([law], DiagonalState.ofText(3, [0]), 1)).toThrow('must have 3 elements');
  });

  it('refuses a single step beyond the cut-off, and options that are none', () => {
    const copies = fixedLaw([1, 0]);
    const state = DiagonalState.ofText(2, [0, 1]);
    expect(() => evolveStep(state, copies, { cutoff: 2 })).toThrow(CutoffError);
    expect(evolveStep(state, copies, { cutoff: 3 }).state.count).toBe(1);
    expect(() => evolveStep(state, copies, { vacuumToken: 2 })).toThrow('evolveStep: vacuumToken must');
    expect(() => evolveStep(state, copies, { maxStrings: 0 })).toThrow('evolveStep: maxStrings must');
  });

  it('refuses negative weights, also those that sum to 1', () => {
    const texts = [Int32Array.of(0), Int32Array.of(1)];
    const arrays = { parent: Int32Array.of(0, 1), token: Int32Array.of(-1, -1), weight: Float64Array.of(1.5, -0.5) };
    const start = new DiagonalState({ V: 2, texts }, arrays);
    expect(() => propagate([fixedLaw([0.5, 0.5])], start, 1)).toThrow(
      'propagate: weights must not be negative, but one is -0.5.',
    );
    const even = DiagonalState.ofMixture(2, [
      { tokens: [0], weight: 0.5 },
      { tokens: [1], weight: 0.5 },
    ]);
    expect(() => even.reweighted((i) => [1.5, -0.5][i]!)).toThrow('reweighted: weights must not be negative');
  });

  it('refuses a tree over its budget, and says where it was and what to do', () => {
    const even = fixedLaw([0.5, 0.5]);
    const start = DiagonalState.ofText(2, [0]);
    const bytes = 16 * (2 + 4 + 8 + 8);
    expect(propagate([even], start, 4, { maxStrings: 8, maxBytes: bytes }).final.count).toBe(8);
    const seen: number[] = [];
    const onStep = (step: number) => seen.push(step);
    // At the second step it is plain: 2 + 4 strings, then at least four at each of seven steps.
    expect(() => propagate([even], start, 9, { maxStrings: 8, maxBytes: bytes, onStep })).toThrow(
      'the levels of the tree must fit in 352 bytes, but with 4 strings at step 2 of 9 they need 544 or more. Keep fewer strings (maxStrings, minWeight), sample trajectories, lump',
    );
    expect(seen).toEqual([1]);
    // A cut by weight may empty later levels.
    const cut = { minWeight: 0.2, maxBytes: bytes } as const;
    expect(propagate([even], start, 9, cut).final.count).toBe(0);
  });

  it('steps a text of 200,000 tokens', () => {
    const block = new AttentionBlock(TokenSpace.ofNames(['a', 'b']), {
      scores: [
        [0, 0],
        [0, 0],
      ],
      map: [0, 1],
    });
    const start = DiagonalState.ofText(2, new Int32Array(200_000).fill(1));
    const { final } = propagate([new BlockLaw(block)], start, 2);
    expect([...final.weight]).toEqual([1]);
  });

  it('refuses to store an unlimited state that is too large', () => {
    const p = new Float64Array(50257).fill(1 / 50257);
    const law: NextTokenLaw = { V: p.length, label: String, probabilities: () => p };
    expect(() => propagate([law], DiagonalState.ofText(p.length, [0]), 2)).toThrow('Give maxStrings or minWeight');
  });
});
