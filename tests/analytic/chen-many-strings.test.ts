import { describe, expect, it } from 'vitest';
import { BlockLaw, DiagonalState, modelOfDescription, propagate, quantum } from '../../src/fock/index.ts';
import { eachBackend } from '../support/backends.ts';
import { blockSystem } from '../support/block-systems.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const N = 2;
const BLOCKS = [
  { scores: [0.3, 1.1, -0.4, 0.2], map: [1, 0] },
  { scores: [0.9, -0.2, 0.5, 0.1], map: [0, 1] },
];

/** p(y|h) by its definition: softmax over the positions, added where they give the same token. */
function law(step: number, h: readonly number[]): number[] {
  const { scores, map } = BLOCKS[(step - 1) % BLOCKS.length]!;
  const mass = h.map((token) => Math.exp(scores[h.at(-1)! * N + token]!));
  const p = [0, 0];
  for (const [i, token] of h.entries()) p[map[token]!]! += mass[i]! / mass.reduce((sum, m) => sum + m, 0);
  return p;
}

/** P(y₁ … y_L) after a text, the first token the most significant bit. */
function jointLaw(text: readonly number[], steps: number): number[] {
  let strings: { readonly h: readonly number[]; readonly P: number }[] = [{ h: text, P: 1 }];
  for (let step = 1; step <= steps; step++)
    strings = strings.flatMap(({ h, P }) => law(step, h).map((p, y) => ({ h: [...h, y], P: P * p })));
  return strings.map(({ P }) => P);
}

/** Eigenvalues of a symmetric matrix, by Jacobi's rotations. */
function eigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map((row) => Float64Array.from(row));
  const n = a.length;
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue;
        const theta = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2;
        const [c, s] = [Math.cos(theta), Math.sin(theta)];
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k]![p]!, a[k]![q]!];
          [a[k]![p], a[k]![q]] = [c * x - s * y, s * x + c * y];
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p]![k]!, a[q]![k]!];
          [a[p]![k], a[q]![k]] = [c * x - s * y, s * x + c * y];
        }
      }
    }
  }
  return a.map((row, i) => row[i]!);
}

const entropy = (p: readonly number[]) => -p.filter((x) => x > 0).reduce((sum, x) => sum + x * Math.log(x), 0);

/** Entropy of the reduced density matrix and classical information of Σ √P |left⟩|right⟩, both by definition. */
function cut(P: readonly number[], rows: number): { entanglement: number; classical: number } {
  const columns = P.length / rows;
  const psi = (i: number, j: number) => Math.sqrt(P[i * columns + j]!);
  const small = Math.min(rows, columns);
  const element = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < P.length / small; k++) sum += rows <= columns ? psi(a, k) * psi(b, k) : psi(k, a) * psi(k, b);
    return sum;
  };
  const rho = Array.from({ length: small }, (_, a) => Array.from({ length: small }, (_, b) => element(a, b)));
  const left = Array.from({ length: rows }, (_, i) =>
    P.slice(i * columns, (i + 1) * columns).reduce((sum, p) => sum + p, 0),
  );
  const right = Array.from({ length: columns }, (_, j) => left.reduce((sum, _p, i) => sum + P[i * columns + j]!, 0));
  return { entanglement: entropy(eigenvalues(rho)), classical: entropy(left) + entropy(right) - entropy([...P]) };
}

const model = (steps: number, start: object = { text: ['a', 'b', 'a'] }) =>
  modelOfDescription({
    name: 'two blocks',
    tokens: [{ name: 'a' }, { name: 'b' }],
    blocks: BLOCKS.map(({ scores, map }) => ({
      scores: [scores.slice(0, 2), scores.slice(2)],
      map: map.map((token) => 'ab'[token]!),
    })),
    steps,
    ...start,
  });

eachBackend('the coherent state of chen --quantum', (backend) => {
  it.each([9, 10, 12])('has the entanglement of its dense density matrix after %d steps', (steps) => {
    const P = jointLaw([0, 1, 0], steps);
    const { coherent, coherentRefused } = quantum.runQuantum(backend, model(steps), { sectors: 1 });
    expect(coherentRefused).toBe(null);
    expect(coherent!.strings).toBe(2 ** steps);
    expect(coherent!.cuts).toHaveLength(steps - 1);
    for (const { after, schmidt, entanglement, classical } of coherent!.cuts) {
      const expected = cut(P, 2 ** after);
      expectClose(entanglement, expected.entanglement, 1e-11, `entanglement after ${after}`);
      expectClose(classical, expected.classical, 1e-11, `information after ${after}`);
      expectClose(
        schmidt.reduce((sum, s) => sum + s * s, 0),
        1,
        1e-13,
      );
    }
  });

  it('is refused beyond 4096 strings and for a mixture, with the reason', () => {
    const { coherent, coherentRefused } = quantum.runQuantum(backend, model(13), { sectors: 1 });
    expect(coherent).toBe(null);
    expect(coherentRefused).toBe(
      'the state must have at most 4096 strings, but it has 8192 after step 13. Take fewer steps.',
    );
    const mixture = [
      { text: ['a'], weight: 0.5 },
      { text: ['b'], weight: 0.5 },
    ];
    expect(quantum.runQuantum(backend, model(2, { mixture }), { sectors: 1 })).toMatchObject({
      coherent: null,
      coherentRefused: 'the model must start from one text, but it starts from a mixture of 2.',
    });
  });
});

/** Sums of the weights of strings that agree at some positions. */
function marginals(state: DiagonalState, positions: readonly number[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (let i = 0; i < state.count; i++) {
    const key = positions.map((position) => state.string(i)[position]).join();
    sums.set(key, (sums.get(key) ?? 0) + state.weight[i]!);
  }
  return sums;
}

/** As many texts of 6 tokens over 5 as give the wanted number of nodes of a prefix tree, the root among them. */
function textsOfNodes(nodes: number): number[][] {
  const seen = new Set(['']);
  const texts: number[][] = [];
  for (let i = 0; seen.size < nodes; i++) {
    // Multiplied by an odd number, so that the tree grows everywhere at once.
    const code = (i * 7919) % 5 ** 6;
    const text = Array.from({ length: 6 }, (_, k) => Math.floor(code / 5 ** k) % 5);
    const added = text.filter((_, k) => !seen.has(text.slice(0, k + 1).join())).length;
    if (seen.size + added > nodes) continue;
    for (let k = 0; k < 6; k++) seen.add(text.slice(0, k + 1).join());
    texts.push(text);
  }
  return texts;
}

eachBackend('reduced states', (backend) => {
  const positions = [[0, 1, 2, 3, 4, 5], [5, 0, 3], []];

  function expectReduced(state: DiagonalState): void {
    for (const chosen of positions) {
      const reduced = quantum.reducedState(state, chosen, { backend }) as DiagonalState;
      const expected = marginals(state, chosen);
      expect(reduced.count).toBe(expected.size);
      expectClose(reduced.trace, 1, 1e-13);
      for (let i = 0; i < reduced.count; i++)
        expectClose(reduced.weight[i]!, expected.get(reduced.string(i).join())!, 1e-13);
    }
  }

  it.each([500, 1000, 1024, 1025, 2000, 4096])('of texts with %d prefixes', (nodes) => {
    const texts = textsOfNodes(nodes);
    const weights = testNumbers(texts.length, nodes).map((x) => x + 1.5);
    const total = weights.reduce((sum, w) => sum + w, 0);
    const state = DiagonalState.ofMixture(
      5,
      texts.map((text, i) => ({ tokens: text, weight: weights[i]! / total })),
    );
    expectReduced(state);
    // The same strings, other weights: T = ½ Σ |w − w′|.
    const even = DiagonalState.ofMixture(
      5,
      texts.map((text) => ({ tokens: text, weight: 1 / texts.length })),
    );
    expectClose(
      quantum.traceDistance(backend, state, even),
      weights.reduce((sum, w) => sum + Math.abs(w / total - 1 / texts.length), 0) / 2,
      1e-13,
    );
  });

  it.each([440, 1000])('of %d texts whose lengths differ from those of strings that continue them', (count) => {
    const { blocks } = blockSystem(
      5,
      [{ scores: new Array(25).fill(0), map: [0, 1, 2, 3, 4] }],
      [{ tokens: [0], weight: 1 }],
    );
    const texts = textsOfNodes(8000).slice(0, count - 1);
    const mixed = [...texts.map((text) => ({ tokens: text, weight: 0.5 / (count - 1) })), { tokens: [0], weight: 0.5 }];
    const { final } = propagate([new BlockLaw(blocks[0]!)], DiagonalState.ofMixture(5, mixed), 1);
    const long = final.reweighted((i) => (final.length(i) === 7 ? 2 * final.weight[i]! : 0));
    expectReduced(long);
  });
});

describe('the sizes of these trees', () => {
  it('are what they are called', () => {
    for (const nodes of [500, 1024, 4096]) {
      const prefixes = new Set(textsOfNodes(nodes).flatMap((text) => text.map((_, k) => text.slice(0, k + 1).join())));
      expect(prefixes.size + 1).toBe(nodes);
    }
  });
});
