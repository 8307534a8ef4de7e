import type { Backend } from '../../backend/backend.ts';
import { checkLength } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import type { Steps } from './baselines.ts';
import { cosineMatrix } from './gram.ts';

/** Inner products of n steps, n×n each: everything that operators other than the Householder ones depend on. */
export interface StepProducts {
  /** ψ_in,i·ψ_in,j. */
  readonly states: Matrix;
  /** ψ_in,i·v_j. */
  readonly mixed: Matrix;
  /** v_i·v_j. */
  readonly vectors: Matrix;
  /** ‖Δψ_i‖. */
  readonly lengths: readonly number[];
}

/**
 * Inner products of the steps of all sets, one set behind the other, from one Gram matrix of 2n vectors.
 *
 * @throws ShapeError, DomainError if a length exceeds √2 by more than rounding; CapacityError above n = 6,000.
 * @cost 4n²V floating-point operations.
 */
export function stepProducts(backend: Backend, sets: readonly Steps[]): StepProducts {
  const where = 'stepProducts';
  for (const { vectors, inputs } of sets) checkLength(where, 'inputs', inputs.rows, vectors.count);
  const lengths = sets.flatMap(({ vectors }) => vectors.lengths);
  const long = lengths.find((length) => !(length <= 1.4143));
  if (long !== undefined) {
    throw new DomainError(`${where}: lengths must be at most √2, the distance of two states, but one is ${long}.`);
  }
  const all = cosineMatrix(backend, [...sets.map(({ inputs }) => inputs), ...sets.map(({ vectors }) => vectors)]);
  const n = lengths.length;
  const part = (row: number, column: number): Matrix => {
    const block = new Matrix(n, n);
    for (let i = 0; i < n; i++) {
      const start = (row + i) * 2 * n + column;
      block.data.set(all.data.subarray(start, start + n), i * n);
    }
    return block;
  };
  return { states: part(0, 0), mixed: part(0, n), vectors: part(n, n), lengths };
}

/** The products of the steps `from` … `to` − 1 alone. */
export function productsOf({ states, mixed, vectors, lengths }: StepProducts, from: number, to: number): StepProducts {
  const n = lengths.length;
  const part = ({ data }: Matrix): Matrix => {
    const block = new Matrix(to - from, to - from);
    for (let i = from; i < to; i++) block.data.set(data.subarray(i * n + from, i * n + to), (i - from) * (to - from));
    return block;
  };
  return { states: part(states), mixed: part(mixed), vectors: part(vectors), lengths: lengths.slice(from, to) };
}
