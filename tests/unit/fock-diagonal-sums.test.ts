import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockLaw, DiagonalState, MultiHeadLaw, propagate, quantum } from '../../src/fock/index.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { arbitrarySystem, blockSystem } from '../support/block-systems.ts';
import { expectClose } from '../support/numbers.ts';

/** Weights by string. */
function table(state: DiagonalState, keyOf = (string: Int32Array) => string.join()): Map<string, number> {
  const sums = new Map<string, number>();
  for (let i = 0; i < state.count; i++) {
    const key = keyOf(state.string(i));
    sums.set(key, (sums.get(key) ?? 0) + state.weight[i]!);
  }
  return sums;
}

const coin = blockSystem(2, [{ scores: [0, 1, 1, 0], map: [0, 1] }], [{ tokens: [0, 1], weight: 1 }]);

describe('reduced diagonal states', () => {
  it('add the weights of strings that agree at the positions, in the order of the positions', () => {
    const positions = fc.uniqueArray(fc.nat(4), { maxLength: 4 });
    fc.assert(
      fc.property(arbitrarySystem, positions, fc.integer({ min: 1, max: 4 }), ({ laws, start }, chosen, length) => {
        const texts = start.texts.map((text) => Array.from({ length }, (_, i) => text[i % text.length]!));
        const state = propagate(
          laws,
          DiagonalState.ofMixture(
            start.V,
            texts.map((text, i) => ({ tokens: text, weight: start.weight[i]! })),
          ),
          3,
        ).final;
        const inside = chosen.filter((position) => position < length + 3);
        const reduced = quantum.reducedState(state, inside) as DiagonalState;
        for (const backend of [tsBackend, wasmBackend]) {
          const same = quantum.reducedState(state, inside, { backend }) as DiagonalState;
          expect(same.weight).toEqual(reduced.weight);
          expect(same.texts).toEqual(reduced.texts);
        }
        expectClose(reduced.trace, 1, 1e-14);
        const expected = table(state, (string) => inside.map((position) => string[position]).join());
        expect(reduced.count).toBe(expected.size);
        for (const [key, weight] of table(reduced)) expectClose(weight, expected.get(key)!, 1e-15);
        const strings = Array.from({ length: reduced.count }, (_, i) => [...reduced.string(i)]);
        expect(strings).toEqual(strings.toSorted((a, b) => lexical(a, b)));
      }),
      { numRuns: 60 },
    );
  });

  it('take strings whose texts end at different places, and leave out what was dropped', () => {
    const law = new BlockLaw(coin.blocks[0]!);
    const longer = propagate([law], DiagonalState.ofText(2, [0, 1]), 1).final;
    const other = propagate(
      [law],
      DiagonalState.ofMixture(2, [
        { tokens: [0, 1], weight: 0.5 },
        { tokens: [1], weight: 0.5 },
      ]),
      2,
    );
    const onlyLong = other.final.reweighted((i) => (other.final.textOf(i) === 0 ? 2 * other.final.weight[i]! : 0));
    expect(table(quantum.reducedState(onlyLong, [0]) as DiagonalState)).toEqual(
      new Map([['0', expect.closeTo(1, 15)]]),
    );
    const found = longer.reweighted((i) => (longer.lastToken(i) === 1 ? longer.weight[i]! : 0));
    expect((quantum.reducedState(found, [2]) as DiagonalState).count).toBe(1);
    expect(() => quantum.reducedState(other.final, [0])).toThrow('one sector, but it has strings of 4 and of 3 tokens');
    expect(() => quantum.reducedState(longer, [3])).toThrow('every position must be an integer from 0 to 2');
  });

  it('stay exact and quick over 2¹⁶ strings', () => {
    const noisy = new MultiHeadLaw({
      names: ['a', 'b'],
      scores: [Float64Array.of(0, 1, -1, 0)],
      tokenMap: Int32Array.of(0, 1),
    });
    const { final } = propagate([noisy], DiagonalState.ofText(2, [0, 1]), 16);
    expect(final.count).toBe(2 ** 16);
    const { weight } = quantum.reducedState(final, [17, 2]) as DiagonalState;
    expect(weight.length).toBe(4);
    expectClose(
      weight.reduce((sum, w) => sum + w, 0),
      1,
      1e-13,
    );
  });
});

function lexical(a: readonly number[], b: readonly number[]): number {
  const site = a.findIndex((token, i) => token !== b[i]);
  return site < 0 ? 0 : a[site]! - b[site]!;
}

eachBackend('distances of diagonal states', (backend) => {
  it('agree with those of their matrices, wherever texts end', () => {
    fc.assert(
      fc.property(
        arbitrarySystem,
        fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
        (system, w) => {
          const rho = propagate(system.laws, system.start, 1).final;
          // The same strings as plain texts, another law over them, one left out.
          const kept = Array.from({ length: Math.max(1, rho.count - 1) }, (_, i) => i);
          const total = kept.reduce((sum, i) => sum + w[i]!, 0);
          const sigma = DiagonalState.ofMixture(
            rho.V,
            kept.map((i) => ({ tokens: rho.string(i), weight: w[i]! / total })),
          );
          const [a, b] = [quantum.toMatrixState(rho), quantum.toMatrixState(sigma)];
          expectClose(quantum.traceDistance(backend, rho, sigma), quantum.traceDistance(backend, a, b), 1e-12);
          expectClose(quantum.rootFidelity(backend, rho, sigma), quantum.rootFidelity(backend, a, b), 1e-7);
          expectClose(
            Math.cos(quantum.buresAngle(backend, rho, sigma)),
            quantum.rootFidelity(backend, rho, sigma),
            1e-14,
          );
          expectClose(quantum.relativeEntropy(backend, sigma, rho), quantum.relativeEntropy(backend, b, a), 1e-9);
          if (rho.count > kept.length) expect(quantum.relativeEntropy(backend, rho, sigma)).toBe(Infinity);
          expect(quantum.buresAngle(backend, rho, rho)).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('refuse other tokens', () => {
    const [two, three] = [2, 3].map((V) => DiagonalState.ofText(V, [0]));
    for (const of of ['traceDistance', 'rootFidelity', 'buresAngle', 'relativeEntropy'] as const)
      expect(() => quantum[of](backend, two!, three!)).toThrow('must be over the same tokens, but they have 2 and 3');
  });
});
