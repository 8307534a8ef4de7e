import { DiagonalState, MultiHeadLaw, type NextTokenLaw, propagate } from '../../src/fock/index.ts';
import { testNumbers } from './numbers.ts';

/** Random laws over N tokens with H heads: scores in [−3, 3), any token map. */
export function randomLaws(N: number, H: number, count: number, seed: number): MultiHeadLaw[] {
  return Array.from({ length: count }, (_, i) => {
    const numbers = testNumbers(H * N * N + N ** H, 1000 * seed + i);
    return new MultiHeadLaw({
      names: Array.from({ length: N }, (_, k) => `x${k}`),
      scores: Array.from({ length: H }, (_, h) => numbers.slice(h * N * N, (h + 1) * N * N).map((x) => 3 * x)),
      tokenMap: Int32Array.from(numbers.subarray(H * N * N), (x) => Math.floor(((x + 1) / 2) * N)),
    });
  });
}

/** A mixture of one to four texts of up to three tokens, the vacuum and equal counts among them. */
export function randomStart(N: number, seed: number): DiagonalState {
  const numbers = testNumbers(40, 77 + seed).map((x) => (x + 1) / 2);
  const texts = Array.from({ length: 1 + Math.floor(numbers[0]! * 4) }, (_, t) =>
    Array.from({ length: Math.floor(numbers[1 + t]! * 4) }, (_, i) => Math.floor(numbers[5 + 4 * t + i]! * N)),
  );
  const weights = texts.map((_, t) => 0.1 + numbers[30 + t]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return DiagonalState.ofMixture(
    N,
    texts.map((text, t) => ({ tokens: text, weight: weights[t]! / total })),
  );
}

/** Every string of an exact evolution with its weight, by its tokens joined with commas. */
export function enumerate(laws: readonly NextTokenLaw[], start: DiagonalState, L: number): Map<string, number> {
  const { final } = propagate(laws, start, L);
  return new Map(Array.from(final.weight, (weight, i) => [final.string(i).join(','), weight]));
}
