import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { matrixLike, widthOf } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { multiply } from '../products.ts';
import { svd } from '../svd/svd.ts';
import type { MatrixPower } from './matrix-power.ts';
import { shapeOf } from './triangular-shape.ts';

const UNIT_ROUNDOFF = 2 ** -53;

export type Power = Omit<MatrixPower<AnyMatrix>, 'backend'>;

/** A singular n×n matrix of rank r as B C, B n×r and C r×n of full rank. */
export interface FullRankFactors {
  readonly b: AnyMatrix;
  readonly c: AnyMatrix;
  /** The largest singular value that counted as 0 in the matrix where the question began. */
  readonly floor: number;
}

/**
 * Factors of a singular matrix, null for a regular one. Without a `floor`, singular values up to n·u·‖a‖₂ count as 0, unless a is triangular:
 * then it is singular where its diagonal has a zero.
 */
export function fullRankFactors(backend: Backend, a: AnyMatrix, floor?: number): FullRankFactors | null {
  const n = a.rows;
  if (floor === undefined && shapeOf(a) !== 'full' && !hasZeroOnDiagonal(a)) return null;
  const { u, values, v } = svd(backend, a);
  const smallest = floor ?? n * UNIT_ROUNDOFF * (values[0] ?? 0);
  const rank = values.filter((value) => value > smallest).length;
  if (rank === n) return null;
  const b = firstColumns(u, values.slice(0, rank), false);
  return { b, c: firstColumns(v, new Float64Array(rank).fill(1), true), floor: smallest };
}

/**
 * a^p = B (C B)^{p−1} C of a singular a = B C, for a p that is no integer; the same for C B while it is singular, then by `regular`.
 *
 * @throws DomainError if a^p does not exist.
 * @source N. J. Higham, Functions of Matrices (2008), theorem 1.35: f(BC) = B g(CB) C for f(z) = z·g(z).
 */
export function singularPower(
  backend: Backend,
  first: FullRankFactors,
  p: number,
  regular: (core: AnyMatrix, p: number) => Power,
): Power {
  if (p < 0) {
    throw new DomainError(
      'matrixPower: a must be regular for p < 0, but it is singular to rounding. Use svd to find its null space.',
    );
  }
  const levels = [first];
  let core = multiply(backend, first.c, first.b);
  for (let next = fullRankFactors(backend, core, first.floor); next !== null; ) {
    if (levels.length > p) throw missing(p, levels.length);
    levels.push(next);
    core = multiply(backend, next.c, next.b);
    next = fullRankFactors(backend, core, first.floor);
  }
  const power = regular(core, p - levels.length);
  const value = levels.reduceRight(
    (inner, { b, c }) => productOf(backend, productOf(backend, b, inner), c),
    power.value,
  );
  return { ...power, value };
}

/** a b, complex if one of the two is. @throws DomainError if an element of a or b is not finite. */
export function productOf(backend: Backend, a: AnyMatrix, b: AnyMatrix): AnyMatrix {
  for (const factor of [a, b]) checkInRange(factor);
  if (a.field === b.field) return multiply(backend, a, b);
  const [x, y] = [a, b].map((m) => (m.field === 'real' ? ComplexMatrix.fromReal(m) : m)) as [AnyMatrix, AnyMatrix];
  return multiply(backend, x, y);
}

/** @throws DomainError unless every element is finite. */
export function checkInRange({ data }: AnyMatrix): void {
  if (data.every((x) => Number.isFinite(x))) return;
  throw new DomainError('matrixPower: a^p must stay below 1.8e308, but an element overflows. Scale a down.');
}

function missing(p: number, order: number): DomainError {
  return new DomainError(
    `matrixPower: a^p must exist, but for p = ${p} it does not: a's eigenvalue 0 is in a Jordan block of order ${order + 1} or more. Take an integer p, or one above the order less 1.`,
  );
}

function hasZeroOnDiagonal(a: AnyMatrix): boolean {
  const width = widthOf(a);
  for (let at = 0; at < a.data.length; at += width * (a.rows + 1)) {
    if (a.data[at] === 0 && (width === 1 || a.data[at + 1] === 0)) return true;
  }
  return false;
}

/** The first columns of a matrix, column j times factors[j]; its adjoint with `adjoint`. */
function firstColumns(a: AnyMatrix, factors: Float64Array, adjoint: boolean): AnyMatrix {
  const width = widthOf(a);
  const [m, n] = [a.rows, factors.length];
  const data = new Float64Array(m * n * width);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const [from, to] = [(i * a.columns + j) * width, (adjoint ? j * m + i : i * n + j) * width];
      data[to] = factors[j]! * a.data[from]!;
      if (width === 2) data[to + 1] = (adjoint ? -1 : 1) * factors[j]! * a.data[from + 1]!;
    }
  }
  return adjoint ? matrixLike(a, n, m, data) : matrixLike(a, m, n, data);
}
