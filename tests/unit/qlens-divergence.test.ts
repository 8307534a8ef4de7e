import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { lawDivergences } from '../../src/qlens/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

eachBackend('lawDivergences', (backend) => {
  it('agrees with closed forms for two units', () => {
    // KL((½,½)‖(½+ε,½−ε)) = −½ ln(1 − 4ε²); TV = ε.
    for (const e of [0.3, 0.1, 0.0625, 1e-3]) {
      const { kl, totalVariation } = lawDivergences(backend, [0.5, 0.5], [0.5 + e, 0.5 - e]);
      expectClose(kl, -0.5 * Math.log1p(-4 * e * e), 1e-13 * e * e + 2e-16);
      expectClose(totalVariation, e, 1e-16);
    }
    // JS of ((1±t)/2) with its mirror image: mean law (½,½), so ½[(1+t)ln(1+t) + (1−t)ln(1−t)].
    for (const t of [0.999, 0.5, 0.13, 0.12, 0.01]) {
      const { jensenShannon } = lawDivergences(backend, [(1 + t) / 2, (1 - t) / 2], [(1 - t) / 2, (1 + t) / 2]);
      expectClose(jensenShannon, 0.5 * ((1 + t) * Math.log1p(t) + (1 - t) * Math.log1p(-t)), 2e-13 * t * t);
    }
  });

  it('keeps relative accuracy for laws close together: KL ≈ 2ε², JS ≈ ε²/2', () => {
    const e = 2 ** -30;
    const { kl, jensenShannon } = lawDivergences(backend, [0.5, 0.5], [0.5 + e, 0.5 - e]);
    expectClose(kl / (2 * e * e), 1, 1e-6);
    expectClose(jensenShannon / (0.5 * e * e), 1, 1e-6);
    expect(lawDivergences(backend, [0.2, 0.8], [0.2, 0.8])).toEqual({ kl: 0, jensenShannon: 0, totalVariation: 0 });
  });

  it('takes 0·log 0 = 0, and ∞ where q = 0 < p', () => {
    const disjoint = lawDivergences(backend, [1, 0], [0, 1]);
    expect(disjoint.kl).toBe(Infinity);
    expectClose(disjoint.jensenShannon, Math.LN2, 2e-16);
    expect(disjoint.totalVariation).toBe(1);
    const inside = lawDivergences(backend, [1, 0, 0], [0.25, 0.75, 0]);
    expectClose(inside.kl, Math.log(4), 4e-16);
    expectClose(inside.totalVariation, 0.75, 1e-16);
  });

  it('obeys Pinsker, 0 ≤ JS ≤ ln 2, TV ≤ 1 and the symmetries', () => {
    const laws = fc.integer({ min: 2, max: 20 }).chain((V) => fc.tuple(law(V), law(V)));
    fc.assert(
      fc.property(laws, ([p, q]) => {
        const there = lawDivergences(backend, p, q);
        const back = lawDivergences(backend, q, p);
        expect(there.kl).toBeGreaterThanOrEqual(2 * there.totalVariation ** 2 - 1e-15);
        expect(there.jensenShannon).toBeGreaterThanOrEqual(0);
        expect(there.jensenShannon).toBeLessThanOrEqual(Math.LN2 + 1e-15);
        expectClose(there.jensenShannon, back.jensenShannon, 1e-15);
        expect(there.totalVariation).toBe(back.totalVariation);
        expect(there.totalVariation).toBeLessThanOrEqual(1 + 1e-15);
      }),
      { numRuns: 100 },
    );
  });

  it('agrees with the definition for random laws', () => {
    const [p, q] = [normalised(testNumbers(40, 1)), normalised(testNumbers(40, 2))];
    const kl = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * Math.log(x / b[i]!), 0);
    const mean = p.map((x, i) => (x + q[i]!) / 2);
    const result = lawDivergences(backend, p, q);
    expectClose(result.kl, kl(p, q), 1e-14);
    expectClose(result.jensenShannon, (kl(p, mean) + kl(q, mean)) / 2, 1e-14);
    expectClose(result.totalVariation, p.reduce((sum, x, i) => sum + Math.abs(x - q[i]!), 0) / 2, 1e-15);
  });

  it('refuses what is no law', () => {
    expect(() => lawDivergences(backend, [0.5, 0.5], [0.5, 0.6])).toThrow(/^checkedLaw: q must sum to 1/);
    expect(() => lawDivergences(backend, [0.5, 0.5], [1])).toThrow(
      'lawDivergences: q must have 2 elements, but it has 1.',
    );
    expect(() => lawDivergences(backend, [2, -1], [0.5, 0.5])).toThrow(DomainError);
  });
});

function normalised(logits: Iterable<number>): number[] {
  const weights = Array.from(logits, (x) => Math.exp(3 * x));
  const sum = weights.reduce((total, x) => total + x, 0);
  return weights.map((x) => x / sum);
}

function law(V: number): fc.Arbitrary<number[]> {
  return fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: V, maxLength: V }).map(normalised);
}
