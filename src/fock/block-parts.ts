import { checkFinite, checkInteger, checkLength } from '../core/checks.ts';
import { DomainError, NonFiniteError } from '../core/errors.ts';
import { applyRows, type RowMajor, type Rows, rowMajor } from './rows.ts';
import type { NearestToken, TokenSpace } from './token-space.ts';

/**
 * Factor on the scores: 1/√d with the embedding width d (eq. 5), 1/√d′ with the rows d′ of W_Q, 1 (what the paper's worked
 * example uses), or a number.
 */
export type ScoreScale = 'inverse-sqrt-d' | 'inverse-sqrt-key' | 'none' | number;

/** W_Q and W_K of one head, d′×d. */
export interface ScoreWeights {
  /** W_Q, d′×d. */
  readonly WQ: Rows;
  /** W_K, d′×d. */
  readonly WK: Rows;
}

/** How a token map is found from weights. */
export interface ClosureOptions {
  /**
   * What to do where the vector that a block generates is no token's row: `exact` (default) throws, `nearest` takes the nearest
   * token and reports the largest distance.
   */
  readonly closure?: 'exact' | 'nearest' | undefined;
  /**
   * Largest distance of that vector from a token's row that `exact` takes for equality; must lie below half the smallest distance
   * between two rows. Default 1e-6, or a quarter of that smallest distance where it is less.
   */
  readonly tolerance?: number | undefined;
}

const DEFAULT_TOLERANCE = 1e-6;

/** G[q,k] = scale · ⟨W_Q E_q, W_K E_k⟩, N×N row-major. @throws ShapeError, NonFiniteError, DomainError for a bad scale. */
export function scoreTable(
  where: string,
  tokens: TokenSpace,
  weights: ScoreWeights,
  scale: ScoreScale = 'inverse-sqrt-d',
): { readonly scores: Float64Array; readonly scale: number } {
  const WQ = rowMajor(where, 'WQ', weights.WQ, { columns: tokens.d });
  const WK = rowMajor(where, 'WK', weights.WK, { rows: WQ.rows, columns: tokens.d });
  const factor = scoreFactor(where, scale, tokens.d, WQ.rows);
  const { N } = tokens;
  const scores = new Float64Array(N * N);
  const keys = Array.from({ length: N }, (_, k) => applyRows(WK, tokens.row(k)));
  for (let q = 0; q < N; q++) {
    const query = applyRows(WQ, tokens.row(q));
    for (let k = 0; k < N; k++) {
      let product = 0;
      for (let i = 0; i < query.length; i++) product += query[i]! * keys[k]![i]!;
      scores[q * N + k] = factor * product;
    }
  }
  checkFinite(where, 'the score table', scores);
  return { scores, scale: factor };
}

function scoreFactor(where: string, scale: ScoreScale, d: number, keyWidth: number): number {
  if (scale === 'inverse-sqrt-d') return 1 / Math.sqrt(d);
  if (scale === 'inverse-sqrt-key') return 1 / Math.sqrt(keyWidth);
  if (scale === 'none') return 1;
  if (Number.isFinite(scale)) return scale;
  throw new DomainError(
    `${where}: scale must be inverse-sqrt-d, inverse-sqrt-key, none or a finite number, but it is ${String(scale)}.`,
  );
}

/** A score table that was given. @throws ShapeError, NonFiniteError unless it is N×N and finite. */
export function givenScores(where: string, name: string, scores: Rows, N: number): Float64Array {
  return rowMajor(where, name, scores, { rows: N, columns: N }).data;
}

/** A token map that was given. @throws ShapeError unless it has `length` entries; DomainError unless they are tokens. */
export function givenMap(where: string, map: ArrayLike<number>, length: number, N: number): Int32Array {
  checkLength(where, 'map', map, length);
  for (let i = 0; i < length; i++) checkInteger(where, 'every token of map', map[i]!, 0, N - 1);
  return Int32Array.from(map);
}

/** The distance up to which a vector counts as a token's row; ∞ for `nearest`. @throws DomainError for a bad tolerance. */
export function closureTolerance(
  where: string,
  { closure, tolerance }: ClosureOptions,
  { smallestDistance }: TokenSpace,
): number {
  if (closure === 'nearest') return Infinity;
  if (tolerance === undefined) return Math.min(DEFAULT_TOLERANCE, smallestDistance / 4);
  if (tolerance >= 0 && tolerance < smallestDistance / 2) return tolerance;
  throw new DomainError(
    `${where}: tolerance must be at least 0 and below half the smallest distance between two embedding rows (${smallestDistance / 2}), but it is ${tolerance}.`,
  );
}

/** What a block generates, for messages: the formula, and what it was applied to. */
export interface Generated {
  readonly formula: string;
  readonly from: string;
}

/**
 * The token whose row a generated vector is.
 *
 * @throws NonFiniteError; DomainError where no token lies within the tolerance.
 */
export function tokenOfVector(
  where: string,
  tokens: TokenSpace,
  vector: ArrayLike<number>,
  tolerance: number,
  { formula, from }: Generated,
): NearestToken {
  const nearest = tokens.nearest(vector);
  if (!Number.isFinite(nearest.distance)) {
    throw new NonFiniteError(`${where}: ${formula} must be finite, but for x = ${from} it is not.`);
  }
  if (nearest.distance <= tolerance) return nearest;
  throw new DomainError(
    `${where}: ${formula} must be a token's embedding to ${tolerance}, but for x = ${from} the nearest token, '${tokens.names[nearest.token]}', is ${nearest.distance} away. Change the weights, or snap with closure 'nearest'.`,
  );
}

/** A matrix on the embeddings of all tokens: row k is A E_k. */
export function imagesOfTokens(matrix: RowMajor, tokens: TokenSpace): Float64Array[] {
  return Array.from({ length: tokens.N }, (_, k) => applyRows(matrix, tokens.row(k)));
}
