import type { Backend } from '../backend/backend.ts';
import { identityOperator, LinearOperator } from '../linalg/index.ts';
import { applyLowRank, transposed } from './low-rank.ts';
import type { FactoredUnitary } from './operator.ts';

/**
 * U of a step as a real operator of linalg: orthogonal, and symmetric too if it is a reflection. Its basis vectors stay in the
 * backend's memory until `release`, which the caller owes.
 *
 * @throws CapacityError.
 * @accuracy the bits of {@link applyUnitary}. @cost O(rank·V) per product.
 */
export function toLinearOperator(backend: Backend, operator: FactoredUnitary): LinearOperator {
  const { V, kind, rank, coefficients } = operator;
  if (operator.identity) return identityOperator(V);
  const { memory } = backend;
  const [hold, basis] = memory.scope((keep) => {
    const hold = keep(memory.hold());
    return [hold, hold.allocate('f64', rank * V)];
  });
  basis.view().set(operator.basis);
  const through = (C: Float64Array) => (x: Float64Array, y: Float64Array) =>
    memory.scope(() => {
      const vector = memory.allocate('f64', V);
      vector.view().set(x);
      applyLowRank(backend, basis, C, 1, vector, vector);
      y.set(vector.view());
    });
  return new LinearOperator({
    rows: V,
    columns: V,
    field: 'real',
    structure: kind === 'householder' ? 'hermitian-unitary' : 'unitary',
    apply: through(coefficients),
    applyAdjoint: through(transposed(coefficients, rank)),
    release: () => hold.release(),
  });
}
