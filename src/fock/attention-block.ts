import { checkFinite } from '../core/checks.ts';
import { DomainError, NonFiniteError } from '../core/errors.ts';
import { type FeedForward, feedForward } from './feed-forward.ts';
import { applyRows, type RowMajor, type Rows, rowMajor } from './rows.ts';
import type { TokenSpace } from './token-space.ts';

/**
 * Factor on the scores: 1/√d with the embedding width d (eq. 5), 1/√d′ with the rows d′ of W_Q, 1 (what the paper's worked
 * example uses), or a number.
 */
export type ScoreScale = 'inverse-sqrt-d' | 'inverse-sqrt-key' | 'none' | number;

/** Weights of one block: W_Q and W_K are d′×d, W_V is d×d, the FFN acts on d numbers (identity if left out). */
export interface AttentionBlockWeights {
  readonly WQ: Rows;
  readonly WK: Rows;
  readonly WV: Rows;
  readonly ffn?: FeedForward | undefined;
}

export interface AttentionBlockOptions {
  /** Default 'inverse-sqrt-d'. */
  readonly scale?: ScoreScale | undefined;
  /**
   * What to do where FFN(W_V E_k) is no token's row: `exact` (default) throws, `nearest` takes the nearest token and
   * reports the largest distance.
   */
  readonly closure?: 'exact' | 'nearest' | undefined;
  /**
   * Largest ‖FFN(W_V E_k) − E_y‖₂ that `exact` takes for equality; must lie below half the smallest distance between two
   * rows. Default 1e-6, or a quarter of that smallest distance where it is less.
   */
  readonly tolerance?: number | undefined;
}

const DEFAULT_TOLERANCE = 1e-6;

/**
 * One block (attention and FFN) over a token space, reduced to the two tables that determine it:
 *
 *   G[q,k] = scale · ⟨W_Q E_q, W_K E_k⟩        (N×N, row-major)
 *   φ(k) = the token with the embedding FFN(W_V E_k)
 *
 * @source Chen, eqs. 4 and 5; that φ lands in T is the paper's assumption (§II), checked here.
 */
export class AttentionBlock {
  readonly tokens: TokenSpace;
  /** G, N×N row-major, q the row. */
  readonly scores: Float64Array;
  /** φ, N tokens. */
  readonly tokenMap: Int32Array;
  /** The factor in G. */
  readonly scale: number;
  /** Largest ‖FFN(W_V E_k) − E_φ(k)‖₂. */
  readonly largestDistance: number;

  /** @throws ShapeError, NonFiniteError for the weights; DomainError where φ leaves the token set. */
  constructor(tokens: TokenSpace, weights: AttentionBlockWeights, options: AttentionBlockOptions = {}) {
    const where = 'AttentionBlock';
    const WQ = rowMajor(where, 'WQ', weights.WQ, { columns: tokens.d });
    const WK = rowMajor(where, 'WK', weights.WK, { rows: WQ.rows, columns: tokens.d });
    const WV = rowMajor(where, 'WV', weights.WV, { rows: tokens.d, columns: tokens.d });
    this.tokens = tokens;
    this.scale = scoreFactor(options.scale ?? 'inverse-sqrt-d', tokens.d, WQ.rows);
    this.scores = scoreTable(tokens, WQ, WK, this.scale);
    const ffn = feedForward(where, weights.ffn ?? { kind: 'identity' }, tokens.d);
    const tolerance = options.closure === 'nearest' ? Infinity : closureTolerance(options.tolerance, tokens);
    this.tokenMap = new Int32Array(tokens.N);
    let largest = 0;
    for (let k = 0; k < tokens.N; k++) {
      const { token, distance } = image(tokens, k, ffn(applyRows(WV, tokens.row(k))), tolerance);
      this.tokenMap[k] = token;
      largest = Math.max(largest, distance);
    }
    this.largestDistance = largest;
  }
}

function scoreFactor(scale: ScoreScale, d: number, keyWidth: number): number {
  if (scale === 'inverse-sqrt-d') return 1 / Math.sqrt(d);
  if (scale === 'inverse-sqrt-key') return 1 / Math.sqrt(keyWidth);
  if (scale === 'none') return 1;
  if (Number.isFinite(scale)) return scale;
  throw new DomainError(
    `AttentionBlock: scale must be inverse-sqrt-d, inverse-sqrt-key, none or a finite number, but it is ${String(scale)}.`,
  );
}

function scoreTable(tokens: TokenSpace, WQ: RowMajor, WK: RowMajor, scale: number): Float64Array {
  const { N } = tokens;
  const scores = new Float64Array(N * N);
  const keys = Array.from({ length: N }, (_, k) => applyRows(WK, tokens.row(k)));
  for (let q = 0; q < N; q++) {
    const query = applyRows(WQ, tokens.row(q));
    for (let k = 0; k < N; k++) {
      let product = 0;
      for (let i = 0; i < query.length; i++) product += query[i]! * keys[k]![i]!;
      scores[q * N + k] = scale * product;
    }
  }
  checkFinite('AttentionBlock', 'the score table', scores);
  return scores;
}

function closureTolerance(tolerance: number | undefined, { smallestDistance }: TokenSpace): number {
  if (tolerance === undefined) return Math.min(DEFAULT_TOLERANCE, smallestDistance / 4);
  if (tolerance >= 0 && tolerance < smallestDistance / 2) return tolerance;
  throw new DomainError(
    `AttentionBlock: tolerance must be at least 0 and below half the smallest distance between two embedding rows (${smallestDistance / 2}), but it is ${tolerance}.`,
  );
}

function image(tokens: TokenSpace, k: number, vector: ArrayLike<number>, tolerance: number) {
  const name = tokens.names[k]!;
  const nearest = tokens.nearest(vector);
  if (!Number.isFinite(nearest.distance)) {
    throw new NonFiniteError(`AttentionBlock: FFN(W_V E_x) must be finite, but for x = '${name}' it is not.`);
  }
  if (nearest.distance <= tolerance) return nearest;
  throw new DomainError(
    `AttentionBlock: FFN(W_V E_x) must be a token's embedding to ${tolerance}, but for x = '${name}' the nearest token, '${tokens.names[nearest.token]}', is ${nearest.distance} away. Change the weights, or snap with closure 'nearest'.`,
  );
}
