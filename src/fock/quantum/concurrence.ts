import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { singularValues } from '../../linalg/svd/svd.ts';
import { factorOn, toFactoredState } from './conversions.ts';
import { statePurity } from './entropies.ts';
import { checkPositions, lengthOf, otherPositions, reducedState } from './reduced-states.ts';
import { checkNormalised, checkPure, type QuantumState } from './states.ts';
import { StringBasis } from './string-basis.ts';

/**
 * Concurrence of two qubits, strings of two tokens out of two: C = max(0, λ₁ − λ₂ − λ₃ − λ₄), λ the singular values of Aᵀ(σ_y⊗σ_y)A with
 * ρ = AA†, which are the roots of the eigenvalues of ρ(σ_y⊗σ_y)ρ*(σ_y⊗σ_y). From 0 for separable states to 1; the entanglement of formation is
 * h((1 + √(1−C²))/2).
 *
 * @throws DomainError unless the state is of two tokens out of two and Tr ρ = 1.
 * @accuracy absolute about 64·u for factored and diagonal states; for a matrix about the root of that, as for its factor.
 * @source W. K. Wootters, Phys. Rev. Lett. 80 (1998) 2245. QuTiP's and Qiskit's `concurrence`.
 */
export function concurrence(backend: Backend, state: QuantumState): number {
  checkNormalised('concurrence', state);
  const factored = toFactoredState(backend, state);
  const n = lengthOf('concurrence', factored.basis);
  if (state.V !== 2 || n !== 2)
    throw new DomainError(
      `concurrence: the state must be of two tokens out of two, but it is of ${n} out of ${state.V}. Use pureConcurrence or negativity.`,
    );
  const a = factorOn(StringBasis.sectors(2, 2, 2), factored);
  const [first = 0, ...others] = singularValues(backend, multiply(backend, spinFlipped(a), a, { opA: 'transpose' }));
  return Math.max(
    0,
    others.reduce((rest, value) => rest - value, first),
  );
}

/** (σ_y ⊗ σ_y) a: rows in reverse order, the outer two with the sign −1. */
function spinFlipped({ columns, data }: ComplexMatrix): ComplexMatrix {
  const flipped = new ComplexMatrix(4, columns);
  for (let row = 0; row < 4; row++) {
    const sign = row === 0 || row === 3 ? -1 : 1;
    for (let at = 0; at < 2 * columns; at++)
      flipped.data[2 * row * columns + at] = sign * data[2 * (3 - row) * columns + at]!;
  }
  return flipped;
}

/**
 * Concurrence of a pure state across any cut, C = √(2(1 − Tr ρ_A²)), from 0 to √(2(1 − 1/k)) for the smaller dimension k: that of Wootters for
 * two qubits.
 *
 * @param positions one side of the cut, counted from 0.
 * @throws DomainError unless the state is pure, normalised and of one sector, and both sides have a position.
 * @accuracy absolute about √(k·u) near 0, k·u elsewhere.
 * @source P. Rungta, V. Bužek, C. M. Caves, M. Hillery, G. J. Milburn, Phys. Rev. A 64 (2001) 042315.
 */
export function pureConcurrence(backend: Backend, state: QuantumState, positions: readonly number[]): number {
  const where = 'pureConcurrence';
  checkPure(where, state);
  checkNormalised(where, state);
  const n = lengthOf(where, state.basis);
  checkPositions(where, n, positions);
  const sides = [positions.length, otherPositions(n, positions).length];
  if (sides.includes(0))
    throw new DomainError(`${where}: both sides must have a position, but they have ${sides.join(' and ')}.`);
  return Math.sqrt(Math.max(0, 2 * (1 - statePurity(backend, reducedState(state, positions)))));
}
