import type { Backend } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError } from '../../core/errors.ts';
import { matrixLike } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix, type Matrix } from '../matrix/matrix.ts';
import { allTimesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { columnSums, largest, normFrobenius } from '../norms.ts';
import { expm } from './expm.ts';
import type { MatrixSpace } from './matrix-space.ts';
import { padeFraction } from './pade-exponential.ts';
import type { TriangularParts } from './triangular-parts.ts';

const UNIT_ROUNDOFF = 2 ** -53;
/** Degrees of the logarithm's approximant up to which 2^−s·log T is small enough for degree 5 of the exponential's. */
const SMALL_DEGREE = 5;

/** Matrices of the space that {@link exponentialResidual} takes. */
export const RESIDUAL_MATRICES = 9;

/** How well x solves e^x = t. */
export interface ExponentialResidual {
  /** ‖e^x − t‖₁/‖t‖₁, 0 for t = 0. */
  readonly relative: number;
  /** About how far e^x moves, relative to t, where every element of x is rounded: n·u·‖x‖(‖x‖ + ‖e^{x/2}‖²/‖t‖). */
  readonly rounding: number;
}

/**
 * The residual triangular matrices of the same blocks: e^x by a Padé approximant at 2^−s x and s squarings, with the s and from the
 * degree that the logarithm took.
 */
export function exponentialResidual(
  space: MatrixSpace,
  parts: TriangularParts,
  x: Block<'f64'>,
  { degree, roots }: { readonly degree: number; readonly roots: number },
  t: Block<'f64'>,
): ExponentialResidual {
  const size = space.norm1(t);
  if (size === 0) return { relative: 0, rounding: 0 };
  const powers = space.matrices(3);
  const [y, square] = [space.matrix(), space.at(powers, 0)];
  space.copy(x, y);
  space.scale(y, 2 ** -roots);
  parts.multiply(y, y, square);
  parts.multiply(square, square, space.at(powers, 1));
  const seventh = degree > SMALL_DEGREE;
  if (seventh) parts.multiply(square, space.at(powers, 1), space.at(powers, 2));
  let [value, next] = [space.matrix(), space.matrix()];
  const below = padeFraction(space, y, powers, seventh ? 7 : 5, value);
  parts.solve(below, value);
  let half = space.norm1(value);
  for (let k = 0; k < roots; k++) {
    if (k === roots - 1) half = space.norm1(value);
    parts.multiply(value, value, next);
    [value, next] = [next, value];
  }
  const [found, given] = [value.view(), t.view()];
  for (let at = 0; at < space.length; at++) found[at] = found[at]! - given[at]!;
  const norm = space.norm1(x);
  return {
    relative: largest(columnSums(found, space.n, space.n, space.ld, space.width)) / size,
    rounding: space.n * UNIT_ROUNDOFF * norm * (norm + (half * half) / size),
  };
}

/** ‖e^x − 2^−exponent·a‖/‖2^−exponent·a‖ as {@link expm} finds it, ∞ where it overflows. */
export function wholeResidual(backend: Backend, x: AnyMatrix, a: AnyMatrix, exponent: number): number {
  const target = matrixLike(a, a.rows, a.rows, allTimesPowerOfTwo(a.data, -exponent));
  try {
    const { data } = expm(backend, x).value;
    const start = x.field === a.field ? target.data : ComplexMatrix.fromReal(target as Matrix).data;
    const difference = matrixLike(
      x,
      a.rows,
      a.rows,
      data.map((value, k) => value - start[k]!),
    );
    return normFrobenius(difference) / normFrobenius(target);
  } catch (error) {
    if (error instanceof DomainError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
