import { checkFinite, checkInteger, checkLength } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { exp } from '../math/exp.ts';
import { MultiHeadBlock } from './multi-head-block.ts';
import type { CountingTables, History, NextTokenLaw } from './next-token-law.ts';

/** Tables of a block with H heads over N named tokens. */
export interface MultiHeadTables {
  /** Names of the N tokens. */
  readonly names: readonly string[];
  /** G^(h) = scale · ⟨W_Q^(h) E_q, W_K^(h) E_k⟩, N×N row-major with the query as the row, one for each head. */
  readonly scores: readonly Float64Array[];
  /** φ(k_1, …, k_H) = FFN(W_O · concat_h W_V^(h) E_{k_h}) as a token, N^H row-major with k_1 the slowest. */
  readonly tokenMap: Int32Array;
}

/**
 * The law of a block whose H heads attend independently, each with its own scores, and that generates one token from the tokens
 * they attend to:
 *
 *     p(y|h) = Σ_{(k_1 … k_H): φ(k_1, …, k_H) = y} Π_h a^(h)_{k_h},   a^(h)_k = c_k e^{G^(h)[q,k]} / Σ_k c_k e^{G^(h)[q,k]}
 *
 * over tuples of tokens that occur, c_k times each, not over positions.
 *
 * @accuracy stable: relative error about (N + 4)·H·u per probability, u = 2⁻⁵³.
 * @cost O(m + N^H) per history of length m.
 * @source own; Chen (§II) says of several heads only that they go “similarly”.
 */
export class MultiHeadLaw implements NextTokenLaw {
  readonly counting: CountingTables;
  readonly #names: readonly string[];
  readonly #tokenAt: (place: number) => number;
  readonly #law: Float64Array;

  /** @throws ShapeError, NonFiniteError, DomainError for tables that do not fit one another. */
  constructor(source: MultiHeadTables | MultiHeadBlock) {
    const { names, scores, tokenAt } = source instanceof MultiHeadBlock ? partsOf(source) : checkedTables(source);
    this.counting = {
      scores,
      generated: (attended) => tokenAt(attended.reduce((place, k) => place * names.length + k, 0)),
    };
    this.#names = names;
    this.#tokenAt = tokenAt;
    this.#law = new Float64Array(names.length);
  }

  get V(): number {
    return this.#names.length;
  }

  label(token: number): string {
    return this.#names[token]!;
  }

  /**
   * p(·|h): N numbers, valid until the next call.
   *
   * @throws DomainError for an empty history or a token outside the set, and where φ leaves the set ({@link MultiHeadBlock}).
   */
  probabilities(history: History): Float64Array {
    if (history.length === 0) {
      throw new DomainError('MultiHeadLaw: history must have at least one token, but it is empty.');
    }
    const counts = new Float64Array(this.V);
    for (const token of history) {
      checkInteger('MultiHeadLaw', 'every token of history', token, 0, this.V - 1);
      counts[token]! += 1;
    }
    const masses = this.counting.scores.map((table) => attention(table.subarray(history.at(-1)! * this.V), counts));
    this.#law.fill(0);
    this.#add(masses, 0, 0, 1);
    return this.#law;
  }

  /** Adds the mass of every tuple that continues a prefix of heads, `place` being the prefix's row of φ. */
  #add(masses: readonly Float64Array[], head: number, place: number, product: number): void {
    if (head === masses.length) {
      this.#law[this.#tokenAt(place)]! += product;
      return;
    }
    for (const [k, mass] of masses[head]!.entries()) {
      if (mass > 0) this.#add(masses, head + 1, place * this.V + k, product * mass);
    }
  }
}

/** What a law reads of its block. */
interface LawParts {
  readonly names: readonly string[];
  readonly scores: readonly Float64Array[];
  /** φ by the number of a tuple. */
  readonly tokenAt: (place: number) => number;
}

function partsOf(block: MultiHeadBlock): LawParts {
  return { names: block.tokens.names, scores: block.scores, tokenAt: (place) => block.tokenAt(place) };
}

function checkedTables({ names, scores, tokenMap }: MultiHeadTables): LawParts {
  const N = names.length;
  if (N === 0 || scores.length === 0) {
    throw new ShapeError(
      `MultiHeadLaw: tables must have at least one token and one head, but they have ${N} and ${scores.length}.`,
    );
  }
  for (const [h, table] of scores.entries()) {
    checkLength('MultiHeadLaw', `scores[${h}]`, table, N * N);
    checkFinite('MultiHeadLaw', `scores[${h}]`, table);
  }
  checkLength('MultiHeadLaw', 'tokenMap', tokenMap, N ** scores.length);
  for (const token of tokenMap) checkInteger('MultiHeadLaw', 'every token of tokenMap', token, 0, N - 1);
  return { names, scores, tokenAt: (place) => tokenMap[place]! };
}

/** a_k = c_k e^{s_k − g} / Σ_k c_k e^{s_k − g}, g the largest score that occurs. */
function attention(scores: Float64Array, counts: Float64Array): Float64Array {
  let largest = -Infinity;
  for (const [k, count] of counts.entries()) if (count > 0) largest = Math.max(largest, scores[k]!);
  const masses = counts.map((count, k) => (count > 0 ? count * exp(scores[k]! - largest) : 0));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}
