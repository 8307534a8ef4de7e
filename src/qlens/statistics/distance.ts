import { DomainError } from '../../core/errors.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import { checkCosines } from './similarity.ts';

/** What a distance is between: operators, which do not know the sign of v, or the vectors themselves. */
export type Between = 'operators' | 'vectors';

/**
 * √(2(1 − c²)) between operators (‖H_i − H_j‖_F in units of |π/α|), √(2(1 − c)) = ‖v_i − v_j‖ between vectors.
 *
 * @throws DomainError for any other kind.
 * @accuracy loses half the digits near c = ±1, where cosines of f32 vectors have no more.
 */
export function pairDistance(cosine: number, between: Between): number {
  if (between === 'operators') return Math.sqrt(Math.max(0, 2 * (1 - cosine) * (1 + cosine)));
  if (between === 'vectors') return Math.sqrt(Math.max(0, 2 * (1 - cosine)));
  throw new DomainError(`pairDistance: between must be operators or vectors, but it is ${String(between)}.`);
}

/** {@link pairDistance} of every entry, 0 on the diagonal. @throws ShapeError unless the matrix is square. */
export function distanceMatrix(cosines: Matrix, between: Between = 'operators'): Matrix {
  const n = checkCosines('distanceMatrix', cosines);
  const data = cosines.data.map((cosine, at) => (at % (n + 1) === 0 ? 0 : pairDistance(cosine, between)));
  return new Matrix(n, n, data);
}
