import { checkFinite, checkInteger, checkLength } from '../../core/checks.ts';
import { CapacityError, DomainError } from '../../core/errors.ts';

/** How far |‖v‖ − 1| of an added vector may be. */
const NORM_TOLERANCE = 1e-6;

/** Unit vectors of V components that can be read a few components at a time, so that not all of them need be in memory. */
export interface VectorSet {
  readonly V: number;
  readonly count: number;
  /** ‖Δψ_i‖. */
  readonly lengths: readonly number[];
  /** Components `first` to before `first + width` of every vector, in f32; valid until the next call. */
  block(first: number, width: number): readonly Float32Array[];
}

/**
 * The Householder vectors of one step over a data set, v_i = Δψ_i/‖Δψ_i‖, kept in f32, and the lengths ‖Δψ_i‖. Steps that do not
 * move the state have no vector: they are counted and left out of every statistic.
 *
 * @cost 4·V bytes per vector: 201 MB for 1,000 of V = 50,258.
 */
export class UnitVectors implements VectorSet {
  /** Number of output units, the length of every vector. */
  readonly V: number;
  readonly #rows: Float32Array[] = [];
  readonly #lengths: number[] = [];
  readonly #members: number[] = [];
  #seen = 0;

  /** @throws DomainError unless V is a whole number of at least 1. */
  constructor(V: number) {
    checkInteger('UnitVectors', 'V', V, 1);
    this.V = V;
  }

  /** Vectors held. */
  get count(): number {
    return this.#rows.length;
  }

  /** Observations without a vector. */
  get coinciding(): number {
    return this.#seen - this.#rows.length;
  }

  /** V components each. */
  get rows(): readonly Float32Array[] {
    return this.#rows;
  }

  block(first: number, width: number): readonly Float32Array[] {
    return this.#rows.map((row) => row.subarray(first, first + width));
  }

  /** ‖Δψ_i‖; 1 where the vector came without a length. */
  get lengths(): readonly number[] {
    return this.#lengths;
  }

  /** Which observation, from 0, each vector belongs to. */
  get members(): readonly number[] {
    return this.#members;
  }

  /**
   * Adds the next observation: a unit vector, rounded to f32, or null if its states coincide.
   *
   * @throws ShapeError, NonFiniteError, or DomainError unless ‖v‖ = 1 within 1e-6; CapacityError.
   */
  add(v: Float64Array | Float32Array | null, length = 1): void {
    const where = 'UnitVectors.add';
    if (v !== null) {
      checkLength(where, 'v', v, this.V);
      checkFinite(where, 'v', v);
      let square = 0;
      for (let i = 0; i < v.length; i++) square += v[i]! * v[i]!;
      if (!(Math.abs(Math.sqrt(square) - 1) <= NORM_TOLERANCE)) {
        throw new DomainError(
          `${where}: v must have norm 1 within ${NORM_TOLERANCE}, but it has ${Math.sqrt(square)}. Divide it by its norm.`,
        );
      }
      if (!(length > 0 && length < Infinity)) {
        throw new DomainError(`${where}: length must be above 0 and finite, but it is ${String(length)}.`);
      }
      this.#rows.push(rounded(where, v));
      this.#lengths.push(length);
      this.#members.push(this.#seen);
    }
    this.#seen++;
  }
}

function rounded(where: string, v: Float64Array | Float32Array): Float32Array {
  try {
    return new Float32Array(v);
  } catch (cause) {
    throw cause instanceof RangeError
      ? new CapacityError(
          `${where}: v must fit into memory, but ${4 * v.length} bytes do not. Take fewer texts or steps.`,
          4 * v.length,
        )
      : cause;
  }
}

/** Σ_i weights[i]·lengths[i]·v_i: means, principal directions. V components. @cost O(count·V) */
export function combination(
  vectors: UnitVectors,
  weights: ArrayLike<number>,
  lengths?: ArrayLike<number>,
): Float64Array {
  checkLength('combination', 'weights', weights, vectors.count);
  const sum = new Float64Array(vectors.V);
  vectors.rows.forEach((row, i) => {
    const weight = weights[i]! * (lengths?.[i] ?? 1);
    for (let u = 0; u < row.length; u++) sum[u]! += weight * row[u]!;
  });
  return sum;
}
