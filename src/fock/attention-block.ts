import {
  type ClosureOptions,
  closureTolerance,
  givenMap,
  givenScores,
  imagesOfTokens,
  type ScoreScale,
  type ScoreWeights,
  scoreTable,
  tokenOfVector,
} from './block-parts.ts';
import { type FeedForward, feedForward } from './feed-forward.ts';
import { type Rows, rowMajor } from './rows.ts';
import type { TokenSpace } from './token-space.ts';

export type { ClosureOptions, ScoreScale, ScoreWeights } from './block-parts.ts';

/** Weights of one block: W_Q and W_K are d′×d, W_V is d×d, the FFN acts on d numbers (identity if left out). */
export interface AttentionBlockWeights extends ScoreWeights {
  /** W_V, d×d. */
  readonly WV: Rows;
  /** Acts on d numbers; identity if left out. */
  readonly ffn?: FeedForward | undefined;
}

/** What weights come down to, given as it is. */
export interface AttentionBlockTables {
  /** G, N×N with the query as the row. */
  readonly scores: Rows;
  /** φ, N tokens. */
  readonly map: ArrayLike<number>;
}

/** How tables are made from weights; tables that are given are taken as they are. */
export interface AttentionBlockOptions extends ClosureOptions {
  /** Default 'inverse-sqrt-d'. */
  readonly scale?: ScoreScale | undefined;
}

/**
 * One block (attention and FFN) over a token space, reduced to the two tables that determine it:
 *
 *     G[q,k] = scale · ⟨W_Q E_q, W_K E_k⟩        (N×N, row-major)
 *     φ(k) = the token with the embedding FFN(W_V E_k)
 *
 * @source Chen, eqs. 4 and 5; that φ lands in T is the paper's assumption (§II), checked here.
 */
export class AttentionBlock {
  /** The token space that it acts on. */
  readonly tokens: TokenSpace;
  /** G, N×N row-major, q the row. */
  readonly scores: Float64Array;
  /** φ, N tokens. */
  readonly tokenMap: Int32Array;
  /** The factor in G; 1 for tables. */
  readonly scale: number;
  /** Largest ‖FFN(W_V E_k) − E_φ(k)‖₂; 0 for tables. */
  readonly largestDistance: number;

  /** @throws ShapeError, NonFiniteError for the weights; DomainError where φ leaves the token set. */
  constructor(
    tokens: TokenSpace,
    source: AttentionBlockWeights | AttentionBlockTables,
    options: AttentionBlockOptions = {},
  ) {
    const where = 'AttentionBlock';
    this.tokens = tokens;
    if ('scores' in source) {
      this.scores = givenScores(where, 'scores', source.scores, tokens.N);
      this.tokenMap = givenMap(where, source.map, tokens.N, tokens.N);
      this.scale = 1;
      this.largestDistance = 0;
      return;
    }
    const { scores, scale } = scoreTable(where, tokens, source, options.scale);
    this.scores = scores;
    this.scale = scale;
    const WV = rowMajor(where, 'WV', source.WV, { rows: tokens.d, columns: tokens.d });
    const ffn = feedForward(where, source.ffn ?? { kind: 'identity' }, tokens.d);
    const tolerance = closureTolerance(where, options, tokens);
    const images = imagesOfTokens(WV, tokens).map((value, k) => {
      const from = `'${tokens.names[k]}'`;
      return tokenOfVector(where, tokens, ffn(value), tolerance, { formula: 'FFN(W_V E_x)', from });
    });
    this.tokenMap = Int32Array.from(images, ({ token }) => token);
    this.largestDistance = Math.max(...images.map(({ distance }) => distance));
  }
}
