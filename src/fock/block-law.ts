import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { exp } from '../math/exp.ts';
import type { AttentionBlock } from './attention-block.ts';
import type { CountingTables, History, NextTokenLaw } from './next-token-law.ts';

/**
 * The law of an attention block. For a history (x_1 … x_m) with query q = x_m the attention is a_i = softmax_i(G[q, x_i]),
 * and positions that lead to the same token add:  p(y|h) = Σ_{i: φ(x_i) = y} a_i.
 *
 * Scores do not depend on positions, so p is computed from q and the number c_k of times that token k occurs:
 * p(y|h) = Σ_{k: φ(k) = y} c_k e^{G[q,k]−g} / Σ_k c_k e^{G[q,k]−g}, g the largest score that occurs. Histories with the
 * same (c, q) get the same bits.
 *
 * @accuracy stable: relative error about (N + 4)·u per probability, u = 2⁻⁵³.
 * @cost O(m + N) per history of length m.
 * @source Chen, eqs. 3, 5 and 7; that equal tokens add is what the paper's example does.
 */
export class BlockLaw implements NextTokenLaw {
  /** The block whose law it is. */
  readonly block: AttentionBlock;
  readonly counting: CountingTables;
  readonly #counts: Float64Array;
  readonly #weights: Float64Array;
  readonly #law: Float64Array;

  constructor(block: AttentionBlock) {
    this.block = block;
    this.counting = { scores: [block.scores], generated: ([k]) => block.tokenMap[k!]! };
    const N = block.tokens.N;
    this.#counts = new Float64Array(N);
    this.#weights = new Float64Array(N);
    this.#law = new Float64Array(N);
  }

  get V(): number {
    return this.block.tokens.N;
  }

  label(token: number): string {
    return this.block.tokens.names[token]!;
  }

  /**
   * The law by token, p(·|h): N numbers, valid until the next call. It is the law of the measurement (X_ℓ, D).
   *
   * @throws DomainError for an empty history or a token outside the set.
   */
  probabilities(history: History): Float64Array {
    const { tokenMap } = this.block;
    const total = this.#weigh(history);
    this.#law.fill(0);
    for (let k = 0; k < this.V; k++) {
      const y = tokenMap[k]!;
      this.#law[y] = this.#law[y]! + (this.#counts[k]! * this.#weights[k]!) / total;
    }
    return this.#law;
  }

  /**
   * The law by position, a_i = softmax_i(G[x_m, x_i]): m numbers, as eq. 3 indexes it. It is the outcome law of an
   * environment that learns the attended position.
   *
   * @throws DomainError for an empty history or a token outside the set.
   */
  positionProbabilities(history: History): Float64Array {
    const total = this.#weigh(history);
    return Float64Array.from(history, (token) => this.#weights[token]! / total);
  }

  /** Fills counts c_k and weights e^{G[q,k]−g} of the tokens that occur; returns Σ_k c_k e^{G[q,k]−g}. */
  #weigh(history: History): number {
    if (history.length === 0) {
      throw new DomainError(
        'BlockLaw: history must have at least one token, but it is empty. The vacuum has no query.',
      );
    }
    const { scores } = this.block;
    const counts = this.#counts.fill(0);
    for (const token of history) {
      checkInteger('BlockLaw', 'every token of history', token, 0, this.V - 1);
      counts[token] = counts[token]! + 1;
    }
    const row = history.at(-1)! * this.V;
    let largest = -Infinity;
    for (let k = 0; k < this.V; k++) if (counts[k]! > 0) largest = Math.max(largest, scores[row + k]!);
    let total = 0;
    for (let k = 0; k < this.V; k++) {
      this.#weights[k] = counts[k]! > 0 ? exp(scores[row + k]! - largest) : 0;
      total += counts[k]! * this.#weights[k]!;
    }
    return total;
  }
}
