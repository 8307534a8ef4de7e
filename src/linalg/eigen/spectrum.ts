import type { Backend } from '../../backend/backend.ts';
import { inNameOf } from '../../core/errors.ts';
import { modulus } from '../../math/complex-pairs.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { eig } from './eig.ts';

/**
 * ρ(A) = max |λ|, 0 for the empty matrix.
 *
 * @accuracy that of the eigenvalues: see {@link eig}. @cost about 10·n³ complex multiply-adds.
 * @throws what {@link eig} throws.
 * @example
 * spectralRadius(backend, Matrix.fromRows([[0, 2], [-2, 0]])); // 2
 */
export function spectralRadius(backend: Backend, a: AnyMatrix): number {
  const { values } = inNameOf('spectralRadius', () => eig(backend, a));
  let radius = 0;
  for (let k = 0; k < values.length; k += 2) radius = Math.max(radius, modulus(values[k]!, values[k + 1]!));
  return radius;
}

/**
 * α(A) = max Re λ, −∞ for the empty matrix: e^{tA} decays if and only if it is negative.
 *
 * @accuracy that of the eigenvalues: see {@link eig}. @cost about 10·n³ complex multiply-adds.
 * @throws what {@link eig} throws.
 * @example
 * spectralAbscissa(backend, Matrix.fromRows([[-1, 5], [0, -2]])); // −1
 */
export function spectralAbscissa(backend: Backend, a: AnyMatrix): number {
  const { values } = inNameOf('spectralAbscissa', () => eig(backend, a));
  let abscissa = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k += 2) abscissa = Math.max(abscissa, values[k]!);
  return abscissa;
}
