import type { Backend } from '../../backend/backend.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix, identity, type Matrix } from '../matrix/matrix.ts';
import { timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { columnSums, largest } from '../norms.ts';
import { multiplyInto } from '../products.ts';
import { factorise, solveColumns } from './lu-blocks.ts';

/** P a = L U. */
export interface Lu<M extends AnyMatrix> {
  /** n×n, unit lower triangular; its entries are at most √2 in size. */
  readonly l: M;
  /** n×n, upper triangular; ±∞ where an element is beyond f64. */
  readonly u: M;
  /** Row i of P a is row permutation[i] of a. */
  readonly permutation: Int32Array;
  /** The determinant of P, 1 or −1. */
  readonly sign: 1 | -1;
  /** Index of the first pivot that is exactly zero, −1 if there is none. */
  readonly zeroPivot: number;
}

/**
 * LU factorisation of a square matrix with partial pivoting.
 *
 * @throws ShapeError unless a is square, NonFiniteError naming the first element that is not finite, CapacityError before anything is
 * allocated.
 * @accuracy stable: ‖P a − L U‖ ≤ 2·n·u·‖L‖·‖U‖ (Frobenius, u = 2⁻⁵³). The same bits from both backends.
 * @cost 2n³/3 flops real, 8n³/3 complex
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), chapter 9.
 * @example
 * const { l, u, permutation } = lu(backend, Matrix.fromRows([[0, 1], [2, 3]]));
 */
export function lu<M extends AnyMatrix>(backend: Backend, a: M): Lu<M> {
  return backend.memory.scope(() => {
    const { factors, pivots, zeroPivot, exponent } = factorise('lu', backend, a);
    const n = a.rows;
    const width = widthOf(a);
    const packed = factors.view();
    const l = new Float64Array(packed.length);
    const u = new Float64Array(packed.length);
    for (let i = 0; i < n; i++) {
      const row = i * n * width;
      const diagonal = row + i * width;
      l.set(packed.subarray(row, diagonal), row);
      l[diagonal] = 1;
      for (let at = diagonal; at < row + n * width; at++) u[at] = timesPowerOfTwo(packed[at]!, exponent);
    }
    const { permutation, sign } = permutationOf(pivots.view());
    return { l: matrixLike(a, n, n, l), u: matrixLike(a, n, n, u), permutation, sign, zeroPivot };
  });
}

/** The permutation that a list of exchanges makes, and its sign. */
export function permutationOf(pivots: Int32Array): { permutation: Int32Array; sign: 1 | -1 } {
  const permutation = Int32Array.from(pivots, (_, i) => i);
  let sign: 1 | -1 = 1;
  for (const [k, pivot] of pivots.entries()) {
    if (pivot === k) continue;
    const kept = permutation[k]!;
    permutation[k] = permutation[pivot]!;
    permutation[pivot] = kept;
    sign = sign === 1 ? -1 : 1;
  }
  return { permutation, sign };
}

/**
 * The solution x of a x = b, b with one right-hand side per column. If one of the two is complex, so is x. Where a or b is near the ends of
 * f64, they are scaled by powers of two on the way; an element of x is ±∞ only if it is beyond f64.
 *
 * @throws ShapeError unless a is square and b has as many rows, NonFiniteError, CapacityError as {@link lu};
 * DomainError if a pivot is exactly zero.
 * @accuracy stable: ‖a x − b‖ ≤ c·n·u·‖L‖‖U‖‖x‖; the error of x is up to κ(a) times larger ({@link conditionEstimate}).
 * @cost 2n³/3 + 2n²·columns flops real, four times that complex
 * @source as {@link lu}.
 * @example
 * const x = solve(backend, Matrix.fromRows([[2, 0], [0, 4]]), Matrix.fromRows([[2], [2]])); // 1, 0.5
 */
export function solve(backend: Backend, a: Matrix, b: Matrix): Matrix;
export function solve(backend: Backend, a: AnyMatrix, b: AnyMatrix): AnyMatrix;
export function solve(backend: Backend, a: AnyMatrix, b: AnyMatrix): AnyMatrix {
  return solveFor('solve', backend, a, b);
}

/**
 * The inverse of a square matrix. To solve equations use {@link solve}: it is faster and more accurate.
 *
 * @throws as {@link solve}; DomainError where ‖1 − a x‖₁ or ‖1 − x a‖₁ exceeds 1/128, so that no digit of x is certain.
 * @accuracy stable: ‖a x − 1‖ ≤ c·n·u·‖L‖‖U‖‖x‖ for the inverse x.
 * @cost 8n³/3 flops real, four times that complex; 4n³ more where κ₁(a) > 10¹²
 * @source as {@link lu}.
 * @example
 * const half = inverse(backend, Matrix.fromRows([[2]])); // 0.5
 */
export function inverse<M extends AnyMatrix>(backend: Backend, a: M): M {
  checkSquare('inverse', a, 'Use svd or qr for rectangular matrices.');
  const x = solveFor('inverse', backend, a, identity(a.rows)) as M;
  if (!isInverse(backend, a, x)) {
    throw new DomainError(
      'inverse: a must be regular, but it is singular to rounding: no digit of its inverse is certain. Use svd to find its null space.',
    );
  }
  return x;
}

/** κ₁(a) below which an inverse keeps digits. */
const LARGE_CONDITION = 2 ** 40;
/** ‖1 − a x‖₁ from which on x is no inverse. */
const NO_INVERSE = 2 ** -7;

/** Whether a x and x a are the identity as far as numbers of this size can tell; an infinite x, whose true elements are beyond f64, passes. */
function isInverse(backend: Backend, a: AnyMatrix, x: AnyMatrix): boolean {
  const width = widthOf(a);
  const [sizeA, sizeX] = [a, x].map(({ data, rows: n }) => largest(columnSums(data, n, n, n, width))) as [
    number,
    number,
  ];
  if (!(sizeX < Number.POSITIVE_INFINITY) || sizeA * sizeX <= LARGE_CONDITION) return true;
  return [
    [a, x],
    [x, a],
  ].every(([left, right]) => {
    const rest = matrixLike(a, a.rows, a.rows, new Float64Array(a.data.length));
    for (let at = 0; at < rest.data.length; at += width * (a.rows + 1)) rest.data[at] = 1;
    multiplyInto(backend, rest, left!, right!, { alpha: -1, beta: 1 });
    return largest(columnSums(rest.data, a.rows, a.rows, a.rows, width)) <= NO_INVERSE;
  });
}

function solveFor(where: string, backend: Backend, a: AnyMatrix, b: AnyMatrix): AnyMatrix {
  if (b.rows !== a.rows) {
    throw new ShapeError(`${where}: b must have ${a.rows} rows, as a has, but it has ${b.rows}.`);
  }
  checkFiniteMatrix(where, 'b', b);
  const complex = a.field === 'complex' || b.field === 'complex';
  const matrix = complex && a.field === 'real' ? ComplexMatrix.fromReal(a) : a;
  const right = complex && b.field === 'real' ? ComplexMatrix.fromReal(b) : b;
  return backend.memory.scope(() => {
    const blocks = factorise(where, backend, matrix, right.data.length);
    if (blocks.zeroPivot >= 0) {
      throw new DomainError(
        `${where}: a must be regular, but pivot ${blocks.zeroPivot + 1} of ${a.rows} is exactly zero. Use svd to find its null space.`,
      );
    }
    const x = solveColumns(backend, blocks, widthOf(matrix), b.columns, right.data);
    return matrixLike(matrix, b.rows, b.columns, x);
  });
}
