import fc from 'fast-check';
import { expect, it } from 'vitest';
import example from '../../examples/chen-two-blocks.json' with { type: 'json' };
import {
  compareLumped,
  DiagonalState,
  estimateTraceDistance,
  lump,
  lumpedJointLaw,
  lumpedStates,
  MultiHeadLaw,
  modelOfDescription,
  type NextTokenLaw,
  propagate,
  whyNotLumpable,
} from '../../src/fock/index.ts';
import { eachBackend } from '../support/backends.ts';
import { enumerate, randomLaws, randomStart } from '../support/lumped-laws.ts';
import { expectClose, maxError } from '../support/numbers.ts';

const ALPHAS = [0.3, 1, 1 + 1e-6, 1 - 5e-5, 2, 7.5, Infinity];

/** N, heads, blocks, L, seed: at most 4^8 strings. */
const cases = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 1_000_000 }),
);

/** A law that does not say what it depends on. */
function orderedLaw(N: number): NextTokenLaw {
  return { V: N, label: String, probabilities: () => new Float64Array(N).fill(1 / N) };
}

/** The same scores with another token map. */
function withMap({ V, counting: { scores } }: MultiHeadLaw, map: readonly number[]): MultiHeadLaw {
  return new MultiHeadLaw({
    names: Array.from({ length: V }, (_, k) => `x${k}`),
    scores,
    tokenMap: Int32Array.from(map),
  });
}

function renyiOf(weights: readonly number[], alpha: number): number {
  if (alpha === Infinity) return -Math.log(Math.max(...weights));
  if (alpha === 1) return -weights.reduce((sum, w) => sum + w * Math.log(w), 0);
  if (Math.abs(alpha - 1) > 0.1) return Math.log(weights.reduce((sum, w) => sum + w ** alpha, 0)) / (1 - alpha);
  // Σ w^α − 1 by expm1, so that α near 1 keeps its digits.
  const excess = weights.reduce((sum, w) => sum + w * Math.expm1((alpha - 1) * Math.log(w)), 0);
  return Math.log1p(excess) / (1 - alpha);
}

eachBackend('lumping', (backend) => {
  const twoBlocks = (steps: number) => {
    const { cutoff: _, ...description } = structuredClone(example);
    return modelOfDescription({ ...description, steps });
  };

  it('the paper’s two blocks alternated 100 times, against published numbers', async () => {
    const { laws, start } = twoBlocks(200);
    const { steps, mostProbable, counts } = await lump(backend, laws, start, 200);
    const last = steps[199]!;
    expect(last.states).toBe(400);
    expectClose(last.entropy, 115.444417122038, 1e-10);
    expectClose(last.minEntropy, 58.9421989811, 1e-10);
    expectClose(last.purity / 7.385496786919e-43, 1, 1e-12);
    expectClose(last.marginal[0]!, 0.496950078801, 1e-12);
    expectClose(last.marginal[1]!, 0.503049921199, 1e-12);
    expectClose(last.trace, 1, 1e-13);
    const path = start.string(0);
    let logProbability = 0;
    const history = [...path];
    for (const [l, y] of mostProbable.tokens.entries()) {
      logProbability += Math.log(laws[l % 2]!.probabilities(history)[y]!);
      history.push(y);
    }
    expectClose(mostProbable.logProbability, logProbability, 1e-11);
    expectClose(counts.mean(0) + counts.mean(1), 203, 1e-9);
    expectClose(counts.variance(0), counts.variance(1), 1e-9);
  });

  it('lumped = enumerated: entropies, marginals, the most probable string, counts', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([N, H, blocks, L, seed]) => {
        const laws = randomLaws(N, H, blocks, seed);
        const start = randomStart(N, seed);
        const { steps, mostProbable, counts } = await lump(backend, laws, start, L, { alphas: ALPHAS });
        const exact = propagate(laws, start, L);
        for (const [l, { state, marginal, conditionalEntropy }] of exact.steps.entries()) {
          const step = steps[l]!;
          const weights = [...state.weight];
          expect(maxError(step.marginal, marginal)).toBeLessThanOrEqual(1e-12);
          expectClose(step.conditionalEntropy, conditionalEntropy, 1e-12);
          expectClose(
            step.purity,
            weights.reduce((sum, w) => sum + w * w, 0),
            1e-12,
          );
          expectClose(step.trace, 1, 1e-13);
          expectClose(step.minEntropy, renyiOf(weights, Infinity), 1e-12);
          for (const [a, alpha] of ALPHAS.entries()) {
            expectClose(
              step.renyi[a]!,
              renyiOf(weights, alpha),
              alpha === 1 || Math.abs(alpha - 1) > 0.1 ? 1e-11 : 3e-10,
            );
          }
        }
        const strings = enumerate(laws, start, L);
        const heaviest = Math.max(...strings.values());
        const text = start.string(mostProbable.text);
        expectClose(strings.get([...text, ...mostProbable.tokens].join(','))! / heaviest, 1, 1e-12);
        expectClose(mostProbable.logProbability, Math.log(heaviest), 1e-12);
        for (let token = 0; token < N; token++) {
          const expected = new Float64Array(L + 4);
          for (const [string, weight] of strings) {
            expected[string.split(',').filter((x) => x === String(token)).length]! += weight;
          }
          const law = new Float64Array(L + 4);
          law.set(counts.ofToken(token));
          expect(maxError(law, expected)).toBeLessThanOrEqual(1e-13);
          const mean = expected.reduce((sum, p, n) => sum + n * p, 0);
          expectClose(counts.mean(token), mean, 1e-12);
          expectClose(
            counts.variance(token),
            expected.reduce((sum, p, n) => sum + (n - mean) ** 2 * p, 0),
            1e-12,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('N = 4, L = 8, one head and two', async () => {
    for (const H of [1, 2]) {
      const laws = randomLaws(4, H, 2, 5 + H);
      const start = DiagonalState.ofText(4, [0, 1, 2, 3]);
      const { steps } = await lump(backend, laws, start, 8);
      const weights = [...enumerate(laws, start, 8).values()];
      expectClose(steps[7]!.entropy, renyiOf(weights, 1), 1e-11);
      expectClose(steps[7]!.logPurity, -renyiOf(weights, 2), 1e-11);
    }
  });

  it('the joint law of two steps = enumerated', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([N, H, blocks, L, seed]) => {
        const laws = randomLaws(N, H, blocks, seed);
        const start = randomStart(N, seed);
        const [i, j] = [1 + (seed % L), L + 1];
        const joint = await lumpedJointLaw(backend, { laws, start }, [i, j]);
        const expected = new Float64Array(N * N);
        const { final } = propagate(laws, start, j);
        for (let s = 0; s < final.count; s++) {
          const tokens = final.generated(s);
          expected[tokens[i - 1]! * N + tokens[j - 1]!]! += final.weight[s]!;
        }
        expect(maxError(joint, expected)).toBeLessThanOrEqual(1e-12);
      }),
      { numRuns: 30 },
    );
  });

  it('two models: fidelity, relative entropy, Chernoff sums = enumerated; the trace distance lies within its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([N, H, blocks, L, seed]) => {
        const a = { laws: randomLaws(N, H, blocks, seed), start: randomStart(N, seed) };
        const b = { laws: randomLaws(N, 1, 2, seed + 1), start: seed % 3 === 0 ? randomStart(N, seed + 1) : a.start };
        const { steps } = await compareLumped(backend, a, b, L, { chernoff: [0.2, 0.5] });
        const step = steps[L - 1]!;
        const [pa, pb] = [enumerate(a.laws, a.start, L), enumerate(b.laws, b.start, L)];
        const sum = (term: (p: number, q: number) => number) =>
          [...pa].reduce((total, [string, p]) => total + term(p, pb.get(string) ?? 0), 0);
        const root = sum((p, q) => Math.sqrt(p * q));
        expectClose(step.rootFidelity, root, 1e-12);
        expectClose(step.fidelity, root * root, 1e-12);
        expectClose(Math.cos(step.buresAngle), root, 1e-12);
        expectClose(
          Math.exp(step.logChernoff[0]!),
          sum((p, q) => p ** 0.2 * q ** 0.8),
          1e-12,
        );
        expectClose(Math.exp(step.logChernoff[1]!), root, 1e-12);
        const divergence = sum((p, q) => p * Math.log(p / q));
        if (divergence === Infinity) expect(step.relativeEntropy).toBe(Infinity);
        else expectClose(step.relativeEntropy, divergence, 1e-11);
        const distance = sum((p, q) => Math.max(0, p - q));
        expect(step.traceDistance.atLeast).toBeLessThanOrEqual(distance + 1e-12);
        expect(step.traceDistance.atMost).toBeGreaterThanOrEqual(distance - 1e-7);
      }),
      { numRuns: 40 },
    );
  });

  it('the sampled trace distance agrees with the enumerated one, and does not depend on the number of trajectories before', () => {
    const a = { laws: randomLaws(3, 1, 2, 8), start: randomStart(3, 8) };
    const b = { laws: randomLaws(3, 1, 2, 9), start: a.start };
    const { estimate, standardError } = estimateTraceDistance(a, b, 5, { trajectories: 2000, seed: 3n });
    const pb = enumerate(b.laws, b.start, 5);
    let distance = 0;
    for (const [string, p] of enumerate(a.laws, a.start, 5)) distance += Math.max(0, p - (pb.get(string) ?? 0));
    expect(standardError!).toBeLessThanOrEqual(0.5 / Math.sqrt(2000));
    expectClose(estimate, distance, 4 * standardError!);
    expect(estimateTraceDistance(a, a, 5, { trajectories: 5, seed: 3n })).toEqual({ estimate: 0, standardError: 0 });
    expect(estimateTraceDistance(a, b, 5, { trajectories: 1, seed: 3n }).standardError).toBeNull();
  });

  it('closed forms: Pólya’s urn, and one token', async () => {
    // Equal scores, the identity as φ: the next token is one of those so far, drawn at random.
    const urn = new MultiHeadLaw({
      names: ['a', 'b'],
      scores: [new Float64Array(4)],
      tokenMap: Int32Array.of(0, 1),
    });
    const L = 60;
    const { steps, counts, mostProbable } = await lump(backend, [urn], DiagonalState.ofText(2, [0, 1]), L);
    // The count of a token beyond the first is uniform on 0 … L.
    expect(maxError(counts.ofToken(0), [0, ...new Array(L + 1).fill(1 / (L + 1))])).toBeLessThanOrEqual(1e-14);
    expectClose(counts.mean(1), 1 + L / 2, 1e-11);
    expectClose(counts.variance(1), ((L + 1) ** 2 - 1) / 12, 1e-9);
    // Strings of one token throughout are the most probable: L!/(L+1)! each.
    expectClose(steps[L - 1]!.minEntropy, Math.log(L + 1), 1e-12);
    expect([...mostProbable.tokens]).toEqual(new Array(L).fill(0));
    for (const step of steps) expectClose(step.marginal[0]!, 0.5, 1e-13);

    const constant = new MultiHeadLaw({
      names: ['a', 'b'],
      scores: [new Float64Array(4)],
      tokenMap: Int32Array.of(1, 1),
    });
    const sure = (await lump(backend, [constant], DiagonalState.ofText(2, [0]), 5)).steps[4]!;
    expect([sure.states, sure.entropy, sure.purity, sure.minEntropy, sure.marginal[1]]).toEqual([1, 0, 1, -0, 1]);
  });

  it('keeps what underflows: Tr ρ² of thousands of steps, scores far apart', async () => {
    const { laws, start } = twoBlocks(1600);
    const last = (await lump(backend, laws, start, 1600, { alphas: [2] })).steps[1599]!;
    expect(last.purity).toBe(0);
    expectClose(last.logPurity, -last.renyi[0]!, 1e-9);
    expect(last.logPurity).toBeLessThan(-750);
    expect(last.minEntropy).toBeGreaterThan(-last.logPurity / 2);
    const steep = new MultiHeadLaw({
      names: ['a', 'b'],
      scores: [Float64Array.of(0, 900, -900, 0)],
      tokenMap: Int32Array.of(0, 1),
    });
    const text = DiagonalState.ofText(2, [0, 0]);
    const never = await lump(backend, [steep], text, 4, { alphas: [1e9] });
    expect(never.steps[3]!.entropy).toBe(0);
    expect(never.steps[3]!.renyi[0]).toBe(-0);
  });

  it('lumps texts with equal counts and last token, and shares one grid between texts of one length', async () => {
    const laws = randomLaws(3, 1, 1, 4);
    const identity = laws.map((law) => withMap(law, [0, 1, 2]));
    const all = Array.from({ length: 27 }, (_, i) => [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3]);
    const start = DiagonalState.ofMixture(
      3,
      all.map((text) => ({ tokens: text, weight: 1 / 27 })),
    );
    const { steps } = await lump(backend, identity, start, 6);
    // One grid for the 10 count vectors and 3 last tokens, instead of one for each.
    expect(steps[5]!.states).toBeLessThanOrEqual(lumpedStates(3, 9) + 3 * lumpedStates(2, 6) + 3);
    const weights = [...enumerate(identity, start, 6).values()];
    expectClose(steps[5]!.entropy, renyiOf(weights, 1), 1e-11);
    expectClose(steps[5]!.minEntropy, renyiOf(weights, Infinity), 1e-12);
  });

  it('refuses, and says why', async () => {
    const start = DiagonalState.ofText(2, [0, 1]);
    const laws = randomLaws(2, 1, 1, 1);
    const ordered = [laws[0]!, orderedLaw(2)];
    expect(whyNotLumpable(laws)).toBeNull();
    expect(whyNotLumpable(ordered)).toContain('laws[1] may depend on the order of the tokens');
    await expect(lump(backend, ordered, start, 3)).rejects.toThrow(
      /^lump: laws must depend on token counts .* laws\[1\] may .* a language model's law do\. Propagate with/,
    );
    await expect(lump(backend, laws, start, 0)).rejects.toThrow('L must be an integer of at least 1');
    await expect(lump(backend, laws, start, 3, { alphas: [0] })).rejects.toThrow('every alpha must be positive');
    await expect(lump(backend, laws, start, 3, { alphas: [NaN] })).rejects.toThrow('every alpha must be positive');
    await expect(lumpedJointLaw(backend, { laws, start }, [2, 2])).rejects.toThrow(
      'j must be an integer of at least 3',
    );
    const other = { laws: randomLaws(3, 1, 1, 1), start: DiagonalState.ofText(3, [0]) };
    await expect(compareLumped(backend, { laws, start }, other, 3)).rejects.toThrow('b must have the tokens of a');
    await expect(compareLumped(backend, { laws, start }, { laws, start }, 3, { chernoff: [1] })).rejects.toThrow(
      'every s must lie between 0 and 1',
    );
  });

  it('refuses what is too large before it allocates, naming states and bytes', async () => {
    const before = backend.memory.bytesInUse;
    const laws = randomLaws(4, 1, 1, 2).map((law) => withMap(law, [0, 1, 2, 3]));
    const start = DiagonalState.ofText(4, [0, 1, 2, 3]);
    expect(lumpedStates(4, 100)).toBe(686_800);
    const error = await lump(backend, laws, start, 2000).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CAPACITY', bytes: expect.any(Number) });
    expect((error as Error).message).toContain('2000 steps over 4 tokens make 5341336000 states');
    await expect(lump(backend, laws, start, 10, { maxBytes: 1000 })).rejects.toThrow('must fit in 1000 bytes');
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('can be watched and stopped, and leaves no memory behind', async () => {
    const before = backend.memory.bytesInUse;
    const { laws, start } = twoBlocks(900);
    const seen: number[] = [];
    await lump(backend, laws, start, 900, { onProgress: (done, total) => seen.push(done / total) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every((share, i) => share > (seen[i - 1] ?? 0) && share <= 1)).toBe(true);
    const controller = new AbortController();
    const stopped = lump(backend, laws, start, 900, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    await expect(lump(backend, laws, start, 9, { signal: AbortSignal.abort(new Error('at once')) })).rejects.toThrow(
      'at once',
    );
    expect(backend.memory.bytesInUse).toBe(before);
  });
});
