import { checkSequence, type Extrapolation, type VectorSequence } from './sequence.ts';
import { vectorEpsilon } from './vector-epsilon.ts';

/**
 * Wynn's scalar epsilon algorithm on every component by itself: Shanks' transform e_k(s) = ε_2k. As {@link vectorEpsilon}, of which it is
 * the case of one dimension; a component with r geometric modes is exact from 2r + 1 terms on.
 *
 * `order` is the lowest over the components; one of constant steps counts as a fallback.
 *
 * @throws DomainError for no terms; ShapeError, NonFiniteError.
 * @accuracy conditionally stable, as {@link vectorEpsilon}.
 * @cost m²/2 operations for m terms and each component.
 * @source D. Shanks, J. Math. Phys. 34 (1955) 1; P. Wynn, Math. Tables Aids Comp. 10 (1956) 91.
 * @example
 * scalarEpsilon([[1], [1.5], [1.75]]).value; // [2]
 */
export function scalarEpsilon(sequence: VectorSequence): Extrapolation {
  const n = checkSequence('scalarEpsilon', sequence, 1);
  const value = new Float64Array(n);
  let order = Number.POSITIVE_INFINITY;
  let fallbacks = 0;
  for (let i = 0; i < n; i++) {
    const component = vectorEpsilon(sequence.map((term) => [term[i]!]));
    order = Math.min(order, component.order);
    value[i] = component.value[0]!;
    fallbacks += component.fallbacks;
  }
  return { value, order, fallbacks };
}
