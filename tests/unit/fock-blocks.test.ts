import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AttentionBlock,
  type AttentionBlockOptions,
  type AttentionBlockWeights,
  BlockLaw,
  TokenSpace,
} from '../../src/fock/index.ts';

const I = [
  [1, 0],
  [0, 1],
];
const SWAP = [
  [0, 1],
  [1, 0],
];
const plane = new TokenSpace(['x0', 'x1'], I);

function block(weights: Partial<AttentionBlockWeights> = {}, options: AttentionBlockOptions = {}) {
  return new AttentionBlock(plane, { WQ: I, WK: I, WV: I, ...weights }, options);
}

describe('TokenSpace', () => {
  it('knows names, rows and distances', () => {
    const space = new TokenSpace(
      ['a', 'b', 'c'],
      [
        [0, 0],
        [3, 4],
        [0, 1],
      ],
    );
    expect([space.N, space.d, space.smallestDistance]).toEqual([3, 2, 1]);
    expect(space.token('b')).toBe(1);
    expect([...space.row(1)]).toEqual([3, 4]);
    expect(space.nearest([3, 3])).toEqual({ token: 1, distance: 1 });
    expect(space.nearest([0, 0.5])).toEqual({ token: 0, distance: 0.5 });
  });

  it('tells rows apart whose squared distance underflows', () => {
    expect(new TokenSpace(['a', 'b'], [[0], [1e-200]]).smallestDistance).toBe(1e-200);
  });

  it('refuses what is no token set', () => {
    expect(() => new TokenSpace([], [])).toThrow('at least one token');
    expect(() => new TokenSpace(['a', 'a'], I)).toThrow("names must differ, but 'a'");
    expect(() => new TokenSpace(['a', 'b'], [[1], [1]])).toThrow("pairwise distinct, but 'a' and 'b'");
    expect(() => new TokenSpace(['a', 'b'], [[1, 2], [1]])).toThrow('embedding[1] must have 2 numbers, but it has 1');
    expect(() => new TokenSpace(['a'], I)).toThrow('must have 1 rows');
    expect(() => new TokenSpace(['a'], [[NaN]])).toThrow('embedding[0][0] is NaN');
    expect(() => plane.token('x2')).toThrow("name must be one of x0, x1, but it is 'x2'");
  });
});

describe('AttentionBlock', () => {
  it('builds the score table of eq. 5 and the token map', () => {
    const made = block({ WK: SWAP, WV: SWAP });
    expect([...made.scores]).toEqual([0, Math.SQRT1_2, Math.SQRT1_2, 0].map((x) => expect.closeTo(x, 15)));
    expect([...made.tokenMap]).toEqual([1, 0]);
    expect(made.largestDistance).toBe(0);
  });

  it('scales by √d, √d′, nothing or a number', () => {
    const narrow = { WQ: [[1, 2]], WK: [[3, 4]] };
    const table = (options: AttentionBlockOptions) => [...block(narrow, options).scores];
    expect(table({ scale: 'none' })).toEqual([3, 4, 6, 8]);
    expect(table({ scale: 'inverse-sqrt-key' })).toEqual([3, 4, 6, 8]);
    expect(table({ scale: 0.5 })).toEqual([1.5, 2, 3, 4]);
    expect(table({})).toEqual([3, 4, 6, 8].map((x) => expect.closeTo(x * Math.SQRT1_2, 14)));
    expect(() => block({}, { scale: NaN })).toThrow('scale must be');
  });

  it('applies linear and two-layer FFNs', () => {
    expect([...block({ ffn: { kind: 'linear', W: SWAP } }).tokenMap]).toEqual([1, 0]);
    const line = new TokenSpace(['minus', 'plus'], [[-1], [1]]);
    // |v| = relu(v) + relu(−v)
    const absolute = { kind: 'mlp', activation: 'relu', W1: [[1], [-1]], W2: [[1, 1]] } as const;
    const weights = { WQ: [[1]], WK: [[1]], WV: [[1]] };
    expect([...new AttentionBlock(line, { ...weights, ffn: absolute }).tokenMap]).toEqual([1, 1]);
    // 1 − |v|/… by biases: relu(v + 1) − 1 sends −1 to −1 and 1 to 1.
    const shifted = { kind: 'mlp', activation: 'relu', W1: [[1]], b1: [1], W2: [[1]], b2: [-1] } as const;
    expect([...new AttentionBlock(line, { ...weights, ffn: shifted }).tokenMap]).toEqual([0, 1]);
    const doubled = { kind: 'function', apply: (v: Float64Array) => [-v[0]!] } as const;
    expect([...new AttentionBlock(line, { ...weights, ffn: doubled }).tokenMap]).toEqual([1, 0]);
  });

  it('knows gelu(1) = 0.841344746068543', () => {
    const line = new TokenSpace(['0', '1', 'gelu 1'], [[0], [1], [0.841344746068543]]);
    const ffn = { kind: 'mlp', activation: 'gelu', W1: [[1]], W2: [[1]] } as const;
    const made = new AttentionBlock(line, { WQ: [[1]], WK: [[1]], WV: [[1]], ffn }, { closure: 'nearest' });
    expect(made.tokenMap[1]).toBe(2);
    const distance = 0.841344746068543 - 0.841344746068543 * 0.79991;
    expect(made.largestDistance).toBeCloseTo(distance, 4);
  });

  it('refuses a map that leaves the token set, or snaps and says how far', () => {
    const leaving = {
      WV: [
        [0.9, 0],
        [0, 1],
      ],
    };
    expect(() => block(leaving)).toThrow(
      /for x = 'x0' the nearest token, 'x0', is 0\.09999\d+ away\. Change the weights, or snap/,
    );
    const snapped = block(leaving, { closure: 'nearest' });
    expect([...snapped.tokenMap]).toEqual([0, 1]);
    expect(snapped.largestDistance).toBeCloseTo(0.1, 15);
    expect([...block(leaving, { tolerance: 0.2 }).tokenMap]).toEqual([0, 1]);
    expect(() => block(leaving, { tolerance: 0.8 })).toThrow(/below half the smallest distance .*0\.707/);
  });

  it('refuses weights of the wrong shape or size', () => {
    expect(() => block({ WQ: [[1]] })).toThrow('AttentionBlock: WQ[0] must have 2 numbers, but it has 1.');
    expect(() => block({ WK: [[1, 0]] })).toThrow('WK must have 2 rows of 2 numbers, but it has 1 rows');
    expect(() => block({ WV: [[1, 0]] })).toThrow('WV must have 2 rows');
    expect(() => block({ ffn: { kind: 'linear', W: [[1]] } })).toThrow('ffn.W must have 2 rows');
    expect(() => block({ ffn: { kind: 'function', apply: () => [1] } })).toThrow('ffn.apply must have 2 elements');
    expect(() => block({ ffn: { kind: 'function', apply: () => [NaN, 1] } })).toThrow("for x = 'x0' it is not");
    const huge = [
      [1e200, 0],
      [0, 1],
    ];
    expect(() => block({ WQ: huge, WK: huge })).toThrow('the score table must be finite');
  });
});

describe('BlockLaw', () => {
  it('adds positions that lead to one token, and keeps them apart by position', () => {
    const law = new BlockLaw(block({ WK: SWAP }, { scale: 'none' }));
    const e = Math.E;
    const byPosition = law.positionProbabilities([0, 1, 0]);
    expect([...byPosition]).toEqual([1, e, 1].map((w) => expect.closeTo(w / (e + 2), 15)));
    expect([...law.probabilities([0, 1, 0])]).toEqual([2, e].map((w) => expect.closeTo(w / (e + 2), 15)));
    expect(law.label(1)).toBe('x1');
  });

  it('agrees with the softmax over positions for random blocks and histories', () => {
    const N = 4;
    const basis = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (_, j) => (i === j ? 1 : 0)));
    const tokens = new TokenSpace(['a', 'b', 'c', 'd'], basis);
    const entry = fc.double({ min: -30, max: 30, noNaN: true });
    const matrix = fc.array(fc.array(entry, { minLength: N, maxLength: N }), { minLength: N, maxLength: N });
    const images = fc.array(fc.nat(N - 1), { minLength: N, maxLength: N });
    const history = fc.array(fc.nat(N - 1), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(matrix, images, history, (scores, map, h) => {
        const apply = (v: Float64Array) => basis[map[v.indexOf(1)]!]!;
        const weights = { WQ: basis, WK: scores, WV: basis, ffn: { kind: 'function', apply } as const };
        const law = new BlockLaw(new AttentionBlock(tokens, weights, { scale: 'none' }));
        const row = h.map((token) => scores[h.at(-1)!]![token]!);
        const terms = row.map((score) => Math.exp(score - Math.max(...row)));
        const total = terms.reduce((sum, x) => sum + x, 0);
        const expected = new Array(N).fill(0);
        for (const [i, token] of h.entries()) expected[map[token]!] += terms[i]! / total;
        const p = law.probabilities(h);
        for (let y = 0; y < N; y++) expect(Math.abs(p[y]! - expected[y])).toBeLessThan(1e-14);
        const a = law.positionProbabilities(h);
        for (const [i, term] of terms.entries()) expect(Math.abs(a[i]! - term / total)).toBeLessThan(1e-14);
      }),
    );
  });

  it('does not overflow for large scores', () => {
    const law = new BlockLaw(
      block(
        {
          WQ: [
            [800, 0],
            [0, 800],
          ],
        },
        { scale: 'none' },
      ),
    );
    expect([...law.probabilities([1, 0])]).toEqual([1, 0]);
  });

  it('refuses the vacuum and tokens outside the set', () => {
    const law = new BlockLaw(block());
    expect(() => law.probabilities([])).toThrow('The vacuum has no query');
    expect(() => law.probabilities([2])).toThrow('an integer from 0 to 1');
  });
});
