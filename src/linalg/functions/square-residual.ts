import type { Backend } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError } from '../../core/errors.ts';
import { type AnyMatrix, ComplexMatrix, type Matrix } from '../matrix/matrix.ts';
import { norm } from '../matrix/vectors.ts';
import { singularValues } from '../svd/svd.ts';
import type { MatrixSpace } from './matrix-space.ts';

const UNIT_ROUNDOFF = 2 ** -53;
/** ‖x‖² may exceed ‖a‖ so far before a is looked at for a zero eigenvalue in a Jordan block: there it does by 1/√u at least. */
const SUSPICIOUS = 2 ** -36;
/** Half of the digits. */
const LARGEST_RESIDUAL = 2 ** -26;

/** How well a matrix x solves x² = a. Norms are Frobenius'. */
export interface SquareResidual {
  /** a − x², n×n without gaps. */
  readonly difference: Float64Array;
  /** ‖a − x²‖/‖a‖; ‖x‖ for a = 0. */
  readonly relative: number;
  /** n·u·‖x‖²/‖a‖, which rounding takes. */
  readonly rounding: number;
}

/** The same of numbers without gaps and of x in a block; `square` is overwritten. */
export function squareResidual(
  space: MatrixSpace,
  block: Block<'f64'>,
  square: Block<'f64'>,
  x: AnyMatrix,
  a: AnyMatrix,
): SquareResidual {
  space.multiply(block, block, square);
  const { n, width, ld } = space;
  const product = square.view();
  const difference = (a.field === x.field ? a : ComplexMatrix.fromReal(a as Matrix)).data.slice();
  for (let i = 0; i < n; i++) {
    const [from, to] = [i * ld * width, i * n * width];
    for (let k = 0; k < n * width; k++) difference[to + k]! -= product[from + k]!;
  }
  const [size, sizeX] = [norm(a.data), norm(x.data)];
  if (size === 0) return { difference, relative: sizeX, rounding: 0 };
  // √‖a‖ first: squares of the norms may leave the range.
  const ratio = sizeX / Math.sqrt(size);
  return { difference, relative: norm(difference) / size, rounding: n * UNIT_ROUNDOFF * ratio * ratio };
}

/**
 * @throws DomainError unless x² = a to 4·n·u·‖x‖². Unless a is `exact`, that is its own Schur form, x² = a must hold to half of the digits
 * of a too, and a singular a must have a smaller x than rounding errors make where there is no root.
 */
export function checkRoot(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  { relative, rounding }: SquareResidual,
  exact: boolean,
): void {
  if (!(relative <= 4 * rounding && relative <= (exact ? Number.MAX_VALUE : LARGEST_RESIDUAL))) {
    throw new DomainError(
      `${where}: a must have a square root, but the x found has ‖x² − a‖ = ${relative.toExponential(1)}·‖a‖: eigenvalues lie in a Jordan block close to 0 or to the negative axis. Use schur to see them.`,
    );
  }
  if (exact || rounding <= SUSPICIOUS || relative <= 4 * a.rows * UNIT_ROUNDOFF) return;
  if (isSingular(backend, a)) throw noRoot(where);
}

/** That an eigenvalue 0 stands in the way. */
export function noRoot(where: string): DomainError {
  return new DomainError(
    `${where}: a must have a square root, but its eigenvalue 0 is in a Jordan block or too close to one. Use svd to see its null space.`,
  );
}

/** Whether a is singular to rounding. */
export function isSingular(backend: Backend, a: AnyMatrix): boolean {
  const values = singularValues(backend, a);
  return values.at(-1)! <= a.rows * UNIT_ROUNDOFF * values[0]!;
}
