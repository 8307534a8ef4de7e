import { DomainError, ShapeError } from '../core/errors.ts';
import { type RowMajor, type Rows, rowMajor } from './rows.ts';

/** The token whose embedding lies nearest to a vector. */
export interface NearestToken {
  /** Token number. */
  readonly token: number;
  /** ‖vector − E_token‖₂ */
  readonly distance: number;
}

/**
 * The token set T: N names, each identified with one row of the embedding E ∈ R^{N×d}; rows are pairwise distinct. The
 * names label the orthonormal basis |x⟩ of the token Hilbert space C^N.
 *
 * @source Chen, §II (tokens as vectors) and §III (the space h).
 */
export class TokenSpace {
  /** Names of the tokens, one for each row of the embedding. */
  readonly names: readonly string[];
  /** N×d, row-major. */
  readonly embedding: RowMajor;
  readonly #tokens: ReadonlyMap<string, number>;
  #smallestDistance: number | undefined;

  /**
   * @param names N different names.
   * @param embedding N rows of d numbers.
   * @throws ShapeError, NonFiniteError, DomainError for equal names or equal rows.
   */
  constructor(names: readonly string[], embedding: Rows) {
    if (names.length === 0) throw new ShapeError('TokenSpace: names must have at least one token, but it is empty.');
    this.names = [...names];
    this.embedding = rowMajor('TokenSpace', 'embedding', embedding, { rows: names.length });
    this.#tokens = new Map(names.map((name, token) => [name, token]));
    const repeated = names.find((name, token) => this.#tokens.get(name) !== token);
    if (repeated !== undefined) {
      throw new DomainError(`TokenSpace: names must differ, but '${repeated}' occurs more than once.`);
    }
    const rows = new Map<string, string>();
    for (const [token, name] of names.entries()) {
      const row = this.row(token).join();
      const same = rows.get(row);
      if (same !== undefined) {
        throw new DomainError(
          `TokenSpace: embedding rows must be pairwise distinct, but '${same}' and '${name}' have the same row.`,
        );
      }
      rows.set(row, name);
    }
  }

  /** Smallest ‖E_x − E_y‖₂ over x ≠ y; ∞ for a single token. @cost O(N²d) when it is first asked for. */
  get smallestDistance(): number {
    this.#smallestDistance ??= smallestDistanceOf(Array.from(this.names, (_, token) => this.row(token)));
    return this.#smallestDistance;
  }

  /** Tokens whose embeddings are the N unit vectors. @throws ShapeError, DomainError as the constructor. */
  static ofNames(names: readonly string[]): TokenSpace {
    return new TokenSpace(
      names,
      names.map((_, i) => names.map((_, j) => (i === j ? 1 : 0))),
    );
  }

  /** Number of tokens. */
  get N(): number {
    return this.names.length;
  }

  /** Width of the embedding. */
  get d(): number {
    return this.embedding.columns;
  }

  /** The embedding row of a token: d numbers, a view. */
  row(token: number): Float64Array {
    return this.embedding.data.subarray(token * this.d, (token + 1) * this.d);
  }

  /** Token of a name. @throws DomainError for a name that is not in the set. */
  token(name: string): number {
    const token = this.#tokens.get(name);
    if (token !== undefined) return token;
    const known = this.names.slice(0, 8).join(', ');
    throw new DomainError(
      `TokenSpace.token: name must be one of ${known}${this.N > 8 ? ', …' : ''}, but it is '${name}'.`,
    );
  }

  /** The nearest token of a vector of d numbers; of equally near ones the first. */
  nearest(vector: ArrayLike<number>): NearestToken {
    let nearest: NearestToken = { token: 0, distance: distance2(vector, this.row(0)) };
    for (let token = 1; token < this.N; token++) {
      const distance = distance2(vector, this.row(token));
      if (distance < nearest.distance) nearest = { token, distance };
    }
    return nearest;
  }
}

function smallestDistanceOf(rows: readonly Float64Array[]): number {
  let smallest = Infinity;
  for (const [x, row] of rows.entries()) {
    for (let y = 0; y < x; y++) smallest = Math.min(smallest, distance2(row, rows[y]!));
  }
  return smallest;
}

/** ‖a − b‖₂, scaled by the largest difference so that no square under- or overflows. */
function distance2(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < b.length; i++) {
    const part = (a[i]! - b[i]!) / largest;
    sum += part * part;
  }
  return largest * Math.sqrt(sum);
}
