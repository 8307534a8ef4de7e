import { checkInteger, checkLength } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import type { AttentionBlockOptions } from './attention-block.ts';
import {
  closureTolerance,
  givenMap,
  givenScores,
  imagesOfTokens,
  type ScoreWeights,
  scoreTable,
  tokenOfVector,
} from './block-parts.ts';
import { type FeedForward, feedForward } from './feed-forward.ts';
import { applyRows, type Rows, rowMajor } from './rows.ts';
import type { TokenSpace } from './token-space.ts';

/** Weights of one head: W_Q and W_K are d′×d, W_V is v×d; heads may differ in d′ and v. */
export interface HeadWeights extends ScoreWeights {
  /** W_V, v×d. */
  readonly WV: Rows;
}

/** Weights of a block with several heads. */
export interface MultiHeadWeights {
  /** Weights of each head. */
  readonly heads: readonly HeadWeights[];
  /** d×Σv: acts on the heads' values one after another. */
  readonly WO: Rows;
  /** Acts on d numbers; identity if left out. */
  readonly ffn?: FeedForward | undefined;
}

/** What such weights come down to, given as it is. */
export interface MultiHeadScores {
  /** G^(h), N×N with the query as the row. */
  readonly heads: readonly { readonly scores: Rows }[];
  /** φ(k_1, …, k_H), N^H tokens with k_1 the slowest. */
  readonly map: ArrayLike<number>;
}

/**
 * One block with H heads over a token space, reduced to what determines it:
 *
 *     G^(h)[q,k] = scale · ⟨W_Q^(h) E_q, W_K^(h) E_k⟩
 *     φ(k_1, …, k_H) = the token with the embedding FFN(W_O · (W_V^(1) E_{k_1}, …, W_V^(H) E_{k_H}))
 *
 * φ has N^H entries; from weights each is found, and its closure checked, when it is first asked for.
 *
 * @source own; Chen (§II) says of several heads only that they go “similarly”.
 * @example
 * const block = new MultiHeadBlock(tokens, { heads: [{ WQ, WK, WV }, { WQ: WK, WK: WQ, WV }], WO });
 * const law = new MultiHeadLaw(block);
 */
export class MultiHeadBlock {
  /** The token space that it acts on. */
  readonly tokens: TokenSpace;
  /** G^(h), N×N row-major, q the row. */
  readonly scores: readonly Float64Array[];
  /** The factors in G^(h); 1 for tables. */
  readonly scales: readonly number[];
  readonly #find: (place: number) => number;
  #largestDistance = 0;

  /** @throws ShapeError, NonFiniteError, DomainError for weights or tables that do not fit. */
  constructor(tokens: TokenSpace, source: MultiHeadWeights | MultiHeadScores, options: AttentionBlockOptions = {}) {
    const where = 'MultiHeadBlock';
    this.tokens = tokens;
    const { N } = tokens;
    const H = source.heads.length;
    if (H === 0) throw new ShapeError(`${where}: heads must have at least one head, but it is empty.`);
    if (!(N ** H <= Number.MAX_SAFE_INTEGER)) {
      throw new DomainError(`${where}: N^H must be at most 2^53, but it is ${N}^${H}. Take fewer heads.`);
    }
    if ('map' in source) {
      this.scores = source.heads.map(({ scores }, h) => givenScores(where, `heads[${h}].scores`, scores, N));
      this.scales = this.scores.map(() => 1);
      const map = givenMap(where, source.map, N ** H, N);
      this.#find = (place) => map[place]!;
      return;
    }
    const tables = source.heads.map((head, h) => scoreTable(`${where}, head ${h}`, tokens, head, options.scale));
    this.scores = tables.map(({ scores }) => scores);
    this.scales = tables.map(({ scale }) => scale);
    this.#find = this.#fromWeights(where, source, options);
  }

  /** H */
  get H(): number {
    return this.scores.length;
  }

  /** Largest distance of a generated vector from its token's row, over the tuples asked for so far; 0 for tables. */
  get largestDistance(): number {
    return this.#largestDistance;
  }

  /**
   * φ(k_1, …, k_H).
   *
   * @throws ShapeError, DomainError unless H tokens are given; DomainError, NonFiniteError naming the tokens where φ leaves the token set.
   */
  generated(attended: readonly number[]): number {
    checkLength('MultiHeadBlock.generated', 'attended', attended, this.H);
    for (const k of attended) checkInteger('MultiHeadBlock.generated', 'every token', k, 0, this.tokens.N - 1);
    return this.tokenAt(attended.reduce((place, k) => place * this.tokens.N + k, 0));
  }

  /** φ of the tuple with a number in 0 … N^H−1, k_1 the slowest: {@link generated} without its checks of the tuple. */
  tokenAt(place: number): number {
    return this.#find(place);
  }

  #fromWeights(
    where: string,
    { heads, WO, ffn }: MultiHeadWeights,
    options: AttentionBlockOptions,
  ): (place: number) => number {
    const { tokens } = this;
    const values = heads.map(({ WV }, h) =>
      imagesOfTokens(rowMajor(where, `heads[${h}].WV`, WV, { columns: tokens.d }), tokens),
    );
    const width = values.reduce((sum, [first]) => sum + first!.length, 0);
    const output = rowMajor(where, 'WO', WO, { rows: tokens.d, columns: width });
    const apply = feedForward(where, ffn ?? { kind: 'identity' }, tokens.d);
    const tolerance = closureTolerance(where, options, tokens);
    const found = new Map<number, number>();
    return (place) => {
      const known = found.get(place);
      if (known !== undefined) return known;
      const tuple = digitsOf(place, tokens.N, heads.length);
      const together = Float64Array.from(tuple.flatMap((k, h) => [...values[h]![k]!]));
      const { token, distance } = tokenOfVector(where, tokens, apply(applyRows(output, together)), tolerance, {
        formula: 'FFN(W_O · concat_h W_V E_{x_h})',
        from: `(${tuple.map((k) => `'${tokens.names[k]}'`).join(', ')})`,
      });
      found.set(place, token);
      this.#largestDistance = Math.max(this.#largestDistance, distance);
      return token;
    };
  }
}

/** The H digits of a number in base N, the first the most significant. */
function digitsOf(place: number, N: number, H: number): number[] {
  const digits = new Array<number>(H);
  let rest = place;
  for (let h = H - 1; h >= 0; h--) {
    digits[h] = rest % N;
    rest = Math.floor(rest / N);
  }
  return digits;
}
