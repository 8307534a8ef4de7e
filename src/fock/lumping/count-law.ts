import { lumpedCounts } from '../../backend/plain.ts';
import { checkInteger } from '../../core/checks.ts';
import { CompensatedSum } from '../../core/sums.ts';
import { startTotal } from './channels.ts';
import type { CountIndex } from './count-index.ts';
import { valueOfScaled } from './scaled-number.ts';
import type { LumpedWalk } from './walk.ts';

/** Count vectors that a group of starts ends with: tokens, counts at d = 0, and the law over the vectors d of sum `sum`. */
export interface CountVectors {
  readonly slots: Int32Array;
  readonly tokens: Int32Array;
  readonly base: Float64Array;
  readonly sum: number;
  readonly index: CountIndex;
  /** By rank of d. */
  readonly probability: Float64Array;
}

/** The count vectors that a walk has come to, from its vector of probabilities. */
export function countVectorsOf(walk: LumpedWalk, probabilities: number): CountVectors {
  const { group, index, taken } = walk;
  const { slots, tokens, base, spare } = group;
  const [S, sum] = [slots.length, spare + taken];
  const probability = new Float64Array(index.vectors(sum));
  if (taken === 0) {
    for (const [i, lump] of group.lumps.entries()) {
      probability[index.rank(group.offsets[i]!)]! += valueOfScaled(startTotal(walk.channels[probabilities]!, lump));
    }
    return { slots, tokens, base, sum, index, probability };
  }
  const vector = walk.vector(probabilities);
  const [cursor, counts, sources] = [new Int32Array(S), new Int32Array(S), new Int32Array(S)];
  for (let rank = 0; rank < probability.length; rank++) {
    lumpedCounts(cursor, index.ranks, index.width, S, sum, walk.stride, counts, sources, 1);
    for (const source of sources) if (source >= 0) probability[rank]! += valueOfScaled(vector, source);
  }
  return { slots, tokens, base, sum, index, probability };
}

/**
 * Full counting statistics: the law of the number operators N_x (how often token x occurs in the string, its text included) in the
 * state after the last step. Probabilities below the smallest double count as 0.
 */
export class CountLaw {
  /** Number of tokens. */
  readonly V: number;
  /** Count vectors with their probabilities, by groups of texts. */
  readonly groups: readonly CountVectors[];
  constructor(V: number, groups: readonly CountVectors[]) {
    this.V = V;
    this.groups = groups;
  }

  /** The tokens that can occur, ascending. */
  get tokens(): number[] {
    return [...new Set(this.groups.flatMap(({ tokens }) => [...tokens]))].sort((a, b) => a - b);
  }

  /** Every count vector (V numbers) of positive probability. Those of different texts may be equal. */
  *vectors(): Generator<{ readonly counts: Int32Array; readonly probability: number }> {
    for (const { slots, tokens, base, sum, index, probability } of this.groups) {
      for (let rank = 0; rank < probability.length; rank++) {
        if (probability[rank] === 0) continue;
        const counts = new Int32Array(this.V);
        for (const [k, token] of tokens.entries()) counts[token] = base[k]!;
        for (const [k, part] of index.vector(rank, sum).entries()) counts[slots[k]!]! += part;
        yield { counts, probability: probability[rank]! };
      }
    }
  }

  /**
   * P(N_x = n) for n = 0, 1, … up to the largest that has a positive probability.
   *
   * @throws DomainError for a token outside 0 … V−1.
   * @cost one pass over the count vectors
   */
  ofToken(token: number): Float64Array {
    checkInteger('CountLaw.ofToken', 'token', token, 0, this.V - 1);
    const sums: CompensatedSum[] = [];
    const add = (n: number, probability: number) => {
      if (probability === 0) return;
      while (sums.length <= n) sums.push(new CompensatedSum());
      sums[n]!.add(probability);
    };
    for (const { slots, tokens, base, sum, index, probability } of this.groups) {
      const [slot, constant] = [slots.indexOf(token), base[tokens.indexOf(token)] ?? 0];
      for (let rank = 0; rank < probability.length; rank++) {
        add(constant + (slot < 0 ? 0 : index.vector(rank, sum)[slot]!), probability[rank]!);
      }
    }
    return Float64Array.from(sums, ({ value }) => value);
  }

  /** ⟨N_x⟩. */
  mean(token: number): number {
    return meanOf(this.ofToken(token));
  }

  /** ⟨N_x²⟩ − ⟨N_x⟩², as Σ (n − ⟨N_x⟩)² P(n). */
  variance(token: number): number {
    const law = this.ofToken(token);
    const mean = meanOf(law);
    const sum = new CompensatedSum();
    for (const [n, p] of law.entries()) sum.add((n - mean) ** 2 * p);
    return sum.value;
  }
}

function meanOf(law: Float64Array): number {
  const sum = new CompensatedSum();
  for (const [n, p] of law.entries()) sum.add(n * p);
  return sum.value;
}
