import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MultiHeadBlock, MultiHeadLaw, TokenSpace } from '../../src/fock/index.ts';
import { expectClose } from '../support/numbers.ts';

const I = [
  [1, 0],
  [0, 1],
];
const SWAP = [
  [0, 1],
  [1, 0],
];
/** Four tokens: the sums of a unit vector from each head are among them. */
const square = new TokenSpace(
  ['00', '10', '01', '11'],
  [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
);
/** Head 1 keeps the first coordinate, head 2 the second. */
const weights = {
  heads: [
    { WQ: I, WK: SWAP, WV: [[1, 0]] },
    { WQ: [[1, 2]], WK: [[0.5, -1]], WV: [[0, 1]] },
  ],
  WO: I,
};

describe('MultiHeadBlock', () => {
  it('has the score table of every head, and puts their values together', () => {
    const block = new MultiHeadBlock(square, weights, { scale: 'inverse-sqrt-key' });
    expect(block.H).toBe(2);
    expect(block.scales).toEqual([1 / Math.sqrt(2), 1]);
    // ⟨W_Q E_q, W_K E_k⟩ for q = 11, k = 01: 3 · −1.
    expect(block.scores[1]![3 * 4 + 2]).toBe(-3);
    for (let k1 = 0; k1 < 4; k1++)
      for (let k2 = 0; k2 < 4; k2++) expect(block.generated([k1, k2])).toBe((k1 & 1) | (k2 & 2));
    expect(block.largestDistance).toBe(0);
  });

  it('looks a tuple up when it is asked for, and names the tokens where it leaves the set', () => {
    let calls = 0;
    const ffn = {
      kind: 'function',
      apply: ([a, b]: Float64Array) => {
        calls++;
        return [a! * b!, 0.25 * a! * b!];
      },
    } as const;
    const block = new MultiHeadBlock(square, { ...weights, ffn });
    expect(calls).toBe(0);
    expect([block.generated([1, 0]), block.generated([1, 0]), calls]).toEqual([0, 0, 1]);
    expect(() => block.generated([1, 2])).toThrow(
      "MultiHeadBlock: FFN(W_O · concat_h W_V E_{x_h}) must be a token's embedding to 0.000001, but for x = ('10', '01') the nearest token, '10', is 0.25 away.",
    );
    const snapped = new MultiHeadBlock(square, { ...weights, ffn }, { closure: 'nearest' });
    expect([snapped.generated([1, 2]), snapped.largestDistance]).toEqual([1, 0.25]);
  });

  it('refuses what does not fit', () => {
    const make = (change: object) => new MultiHeadBlock(square, { ...weights, ...change });
    expect(() => make({ heads: [] })).toThrow('heads must have at least one head');
    expect(() => make({ WO: [[1], [1]] })).toThrow('WO[0] must have 2 numbers, but it has 1');
    expect(() => make({ heads: [{ WQ: I, WK: [[1, 0]], WV: I }] })).toThrow('MultiHeadBlock, head 0: WK must have 2');
    expect(() => make({ heads: new Array(30).fill(weights.heads[0]) })).toThrow('N^H must be at most 2^53');
    expect(() => new MultiHeadBlock(square, { heads: [{ scores: I }], map: [0] })).toThrow(
      'heads[0].scores must have 4',
    );
    const zero = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    expect(() => new MultiHeadBlock(square, { heads: [{ scores: zero }], map: [0, 1, 2, 4] })).toThrow(
      'every token of map must be an integer from 0 to 3',
    );
    const block = new MultiHeadBlock(square, weights);
    expect(() => block.generated([1])).toThrow('attended must have 2 elements');
    expect(() => block.generated([1, 4])).toThrow('every token must be an integer from 0 to 3');
  });
});

describe('MultiHeadLaw of a block', () => {
  it('is the law over pairs of positions', () => {
    const block = new MultiHeadBlock(square, weights, { scale: 'none' });
    const law = new MultiHeadLaw(block);
    expect([law.V, law.label(3)]).toEqual([4, '11']);
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }), (history) => {
        const q = history.at(-1)!;
        const attention = block.scores.map((table) => {
          const powers = history.map((k) => Math.exp(table[q * 4 + k]!));
          const total = powers.reduce((sum, power) => sum + power, 0);
          return powers.map((power) => power / total);
        });
        const expected = [0, 0, 0, 0];
        for (const [i, first] of history.entries())
          for (const [j, second] of history.entries())
            expected[(first & 1) | (second & 2)]! += attention[0]![i]! * attention[1]![j]!;
        const p = law.probabilities(history);
        for (let y = 0; y < 4; y++) expectClose(p[y]!, expected[y]!, 1e-14);
      }),
    );
  });

  it('has the mean of the heads’ means where the FFN is affine', () => {
    const law = new MultiHeadLaw(new MultiHeadBlock(square, weights));
    const history = [1, 2, 3, 0, 3];
    const mean = (p: ArrayLike<number>, i: number) =>
      Array.from(p).reduce((sum, py, y) => sum + py * square.row(y)[i]!, 0);
    for (const h of [0, 1]) {
      const one = new MultiHeadLaw(
        new MultiHeadBlock(square, { heads: [weights.heads[h]!], WO: h === 0 ? [[1], [0]] : [[0], [1]] }),
      );
      expectClose(mean(law.probabilities(history), h), mean(one.probabilities(history), h), 1e-14);
    }
  });
});
