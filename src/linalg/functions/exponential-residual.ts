import type { Block } from '../../backend/memory.ts';
import { columnSums, largest } from '../norms.ts';
import type { MatrixSpace } from './matrix-space.ts';
import { padeFraction } from './pade-exponential.ts';
import type { TriangularParts } from './triangular-parts.ts';

/** Degrees of the logarithm's approximant up to which 2^−s·log T is small enough for degree 5 of the exponential's. */
const SMALL_DEGREE = 5;

/** Matrices of the space that {@link exponentialResidual} takes. */
export const RESIDUAL_MATRICES = 9;

/**
 * ‖e^x − t‖₁/‖t‖₁, 0 for t = 0, of triangular matrices of the same blocks: e^x by a Padé approximant at 2^−s x and s squarings, with the s and from the
 * degree that the logarithm took.
 */
export function exponentialResidual(
  space: MatrixSpace,
  parts: TriangularParts,
  x: Block<'f64'>,
  { degree, roots }: { readonly degree: number; readonly roots: number },
  t: Block<'f64'>,
): number {
  const size = space.norm1(t);
  if (size === 0) return 0;
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
  for (let k = 0; k < roots; k++) {
    parts.multiply(value, value, next);
    [value, next] = [next, value];
  }
  const [found, given] = [value.view(), t.view()];
  for (let at = 0; at < space.length; at++) found[at] = found[at]! - given[at]!;
  return largest(columnSums(found, space.n, space.n, space.ld, space.width)) / size;
}
