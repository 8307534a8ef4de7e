import type { Complex } from 'complex.js';
import type { Backend } from '../../backend/backend.ts';
import { inNameOf } from '../../core/errors.ts';
import { checkFiniteMatrix, checkSquare } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { pairOf } from '../matrix/operands.ts';
import { type SmallestSingularTriplet, smallestSingularTriplet } from '../svd/svd.ts';

/**
 * σ = σ_min(z − A) with its vectors, (z − A) v = σ u: v is an eigenvector of the perturbed matrix A + σ u v*, to the eigenvalue z.
 *
 * @throws ShapeError unless A is square; DomainError if it is empty; and what {@link smallestSingularTriplet} throws.
 * @accuracy stable: ‖(z − A) v − σ u‖ ≤ 8·n·u·‖z − A‖.
 * @cost a whole singular value decomposition, 39n³ flops: for single points.
 * @source L. N. Trefethen, M. Embree, Spectra and Pseudospectra (2005), § 2.
 */
export function pseudomode(
  backend: Backend,
  a: AnyMatrix,
  z: number | Complex,
): SmallestSingularTriplet<ComplexMatrix> {
  checkSquare('pseudomode', a);
  checkFiniteMatrix('pseudomode', 'a', a);
  const shifted = a.field === 'real' ? ComplexMatrix.fromReal(a) : new ComplexMatrix(a.rows, a.columns, a.data.slice());
  const [re, im] = pairOf('pseudomode', 'z', z, shifted);
  for (let k = 0; k < shifted.data.length; k++) shifted.data[k] = -shifted.data[k]!;
  for (let i = 0; i < a.rows; i++) {
    shifted.data[2 * i * (a.rows + 1)]! += re;
    shifted.data[2 * i * (a.rows + 1) + 1]! += im;
  }
  return inNameOf('pseudomode', () => smallestSingularTriplet(backend, shifted));
}
