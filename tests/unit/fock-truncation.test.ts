import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AttentionBlock,
  BlockLaw,
  DIAMOND,
  DiagonalState,
  eventProbability,
  type NextTokenLaw,
  propagate,
  TokenSpace,
} from '../../src/fock/index.ts';

interface RandomModel {
  readonly laws: readonly BlockLaw[];
  readonly text: readonly number[];
  readonly L: number;
}

/** Random blocks over N ≤ 4 orthonormal tokens, with any token map, and up to six steps. */
const randomModel: fc.Arbitrary<RandomModel> = fc.integer({ min: 2, max: 4 }).chain((N) => {
  const basis = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (_, j) => (i === j ? 1 : 0)));
  const tokens = new TokenSpace(
    basis.map((_, i) => `x${i}`),
    basis,
  );
  const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: N, maxLength: N });
  const law = fc
    .record({
      WQ: fc.array(row, { minLength: N, maxLength: N }),
      WK: fc.array(row, { minLength: N, maxLength: N }),
      map: fc.array(fc.nat(N - 1), { minLength: N, maxLength: N }),
    })
    .map(({ WQ, WK, map }) => {
      const apply = (v: Float64Array) => basis[map[v.indexOf(1)]!]!;
      return new BlockLaw(new AttentionBlock(tokens, { WQ, WK, WV: basis, ffn: { kind: 'function', apply } }));
    });
  return fc.record({
    laws: fc.array(law, { minLength: 1, maxLength: 3 }),
    text: fc.array(fc.nat(N - 1), { minLength: 1, maxLength: 5 }),
    L: fc.integer({ min: 1, max: 6 }),
  });
});

const truncation = fc.oneof(
  fc.record({ maxStrings: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ minWeight: fc.double({ min: 1e-6, max: 0.3, noNaN: true }) }),
  fc.record({
    maxStrings: fc.integer({ min: 1, max: 40 }),
    minWeight: fc.double({ min: 1e-6, max: 0.3, noNaN: true }),
  }),
);

function weights(state: DiagonalState): Map<string, number> {
  return new Map(Array.from(state.weight, (w, i) => [state.string(i).join(','), w]));
}

describe('an exact evolution', () => {
  it('has the product law, string by string, and trace 1', () => {
    fc.assert(
      fc.property(randomModel, ({ laws, text, L }) => {
        const { final, certificate, steps } = propagate(laws, DiagonalState.ofText(laws[0]!.V, text), L);
        expect(Math.abs(certificate.kept - 1)).toBeLessThanOrEqual(1e-12);
        expect(certificate.discarded).toBe(0);
        const found = weights(final);
        let strings = 0;
        const visit = (history: number[], p: number, step: number) => {
          if (step > L) {
            strings++;
            expect(Math.abs(found.get(history.join(','))! - p)).toBeLessThanOrEqual(1e-14);
            return;
          }
          const law = Float64Array.from(laws[(step - 1) % laws.length]!.probabilities(history));
          for (const [y, py] of law.entries()) if (py > 0) visit([...history, y], p * py, step + 1);
        };
        visit([...text], 1, 1);
        expect(strings).toBe(final.count);
        for (const { marginal } of steps) expect(Math.abs(marginal.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('the truncation certificate', () => {
  it('bounds every event, and ‖ρ − σ‖₁ = δ', () => {
    fc.assert(
      fc.property(randomModel, truncation, fc.integer({ min: 0, max: 31 }), ({ laws, text, L }, options, bits) => {
        const V = laws[0]!.V;
        const start = DiagonalState.ofText(V, text);
        const exact = propagate(laws, start, L);
        const truncated = propagate(laws, start, L, options);
        const { kept, discarded: delta, residual } = truncated.certificate;
        expect(Math.abs(kept + delta - 1)).toBeLessThanOrEqual(1e-12);
        expect(residual).toBe(Math.abs(kept + delta - 1));

        const rho = weights(exact.final);
        const sigma = weights(truncated.final);
        let distance = 0;
        for (const [string, w] of rho) distance += Math.abs(w - (sigma.get(string) ?? 0));
        expect(Math.abs(distance - delta)).toBeLessThanOrEqual(1e-12);
        for (const [string, w] of sigma) expect(w).toBe(rho.get(string));

        const event = [DIAMOND, 0, 1, 2, 3].filter(
          (outcome, i) => (bits >> i) & 1 && (outcome === DIAMOND || (outcome as number) < V),
        ) as number[];
        const p = eventProbability(exact.final, event);
        const lower = eventProbability(truncated.final, event);
        expect(p).toBeGreaterThanOrEqual(lower - 1e-14);
        expect(p).toBeLessThanOrEqual(lower + delta + 1e-14);

        let missing = 0;
        for (const [l, { marginal, discarded }] of truncated.steps.entries()) {
          for (let y = 0; y < V; y++) {
            expect(exact.steps[l]!.marginal[y]).toBeGreaterThanOrEqual(marginal[y]! - 1e-14);
            expect(exact.steps[l]!.marginal[y]).toBeLessThanOrEqual(marginal[y]! + missing + 1e-14);
          }
          missing += discarded;
        }
      }),
    );
  });

  it('keeps the heaviest strings of a step, the earlier of equally heavy ones', () => {
    const p = Float64Array.of(2, 1, 3, 1, 2, 1).map((x) => x / 10);
    const law: NextTokenLaw = { V: 6, label: String, probabilities: () => p };
    const start = DiagonalState.ofText(6, [0]);
    const kept = (maxStrings: number) => [...propagate([law], start, 1, { maxStrings }).final.token];
    expect(kept(1)).toEqual([2]);
    expect(kept(2)).toEqual([0, 2]);
    expect(kept(3)).toEqual([0, 2, 4]);
    expect(kept(4)).toEqual([0, 1, 2, 4]);
    expect(kept(5)).toEqual([0, 1, 2, 3, 4]);
    expect(kept(6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...propagate([law], start, 1, { minWeight: 0.2 }).final.token]).toEqual([0, 2, 4]);
  });
});

describe('a vocabulary of 50,257 tokens', () => {
  const V = 50257;
  /** p ∝ 1/(rank+1), the ranks turned by a number that depends on the whole history. */
  const zipf: NextTokenLaw = (() => {
    const probabilities = new Float64Array(V);
    const total = Array.from({ length: V }, (_, r) => 1 / (r + 1)).reduce((a, b) => a + b);
    return {
      V,
      label: (token) => `#${token}`,
      probabilities: (history) => {
        const turn = Array.from(history).reduce((hash, token) => (hash * 31 + token + 7) % V, 1);
        for (let y = 0; y < V; y++) probabilities[y] = 1 / (((y + turn) % V) + 1) / total;
        return probabilities;
      },
    };
  })();

  it('has kept + discarded = 1 to 1e-12, and keeps what a full sort keeps', () => {
    const start = DiagonalState.ofText(V, [17, 4]);
    const { steps, certificate, final } = propagate([zipf], start, 4, { maxStrings: 100 });
    expect(Math.abs(certificate.kept + certificate.discarded - 1)).toBeLessThanOrEqual(1e-12);
    expect(certificate.discarded).toBeGreaterThan(0.5);
    expect(final.count).toBe(100);
    const first = Float64Array.from(zipf.probabilities([17, 4]));
    const heaviest = [...first.keys()].sort((a, b) => first[b]! - first[a]! || a - b).slice(0, 100);
    expect([...steps[0]!.state.token]).toEqual(heaviest.sort((a, b) => a - b));
    expect(Math.min(...final.weight)).toBeGreaterThan(0);
  });
});
