import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigenvaluesHermitian } from '../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { log } from '../../math/log.ts';
import type { OperatorOnStrings } from './apply-channel.ts';
import { checkDense } from './complex.ts';
import { toMatrixState } from './conversions.ts';
import { inUnit, type UnitOption } from './entropies.ts';
import { checkPositions, lengthOf, otherPositions, select } from './reduced-states.ts';
import { checkNormalised, checkState, type QuantumState } from './states.ts';
import { StringBasis, sortedBasis } from './string-basis.ts';

/**
 * The partial transpose ρ^{T_A} over some positions: ⟨a b|ρ^{T_A}|a′ b′⟩ = ⟨a′ b|ρ|a b′⟩, on all strings that join what stands at the
 * positions in one string of ρ with what stands elsewhere in another. Hermitian, of the same trace, not positive where A is entangled with
 * the rest by more than bound entanglement.
 *
 * @param positions different positions, counted from 0.
 * @throws DomainError for positions outside the strings, or strings of several lengths; CapacityError.
 * @accuracy exact: elements change places.
 * @source A. Peres, Phys. Rev. Lett. 77 (1996) 1413. QuTiP's `partial_transpose`.
 */
export function partialTranspose(state: QuantumState, positions: readonly number[]): OperatorOnStrings {
  const where = 'partialTranspose';
  checkState(where, 'state', state);
  const { basis, matrix } = toMatrixState(state);
  const n = lengthOf(where, basis);
  checkPositions(where, n, positions);
  const rest = otherPositions(n, positions);
  const inside = sortedBasis(
    basis.V,
    basis.strings.map((string) => select(string, positions)),
  );
  const outside = sortedBasis(
    basis.V,
    basis.strings.map((string) => select(string, rest)),
  );
  const size = inside.size * outside.size;
  checkDense(where, 'the matrix', size, size);
  const joined = inside.strings.flatMap((a) => outside.strings.map((b) => join(n, [positions, a], [rest, b])));
  const places = basis.strings.map((string) => [
    inside.placeOf(select(string, positions)),
    outside.placeOf(select(string, rest)),
  ]);
  const transposed = new ComplexMatrix(size, size);
  for (const [i, [a, b]] of places.entries()) {
    for (const [j, [c, d]] of places.entries()) {
      const from = 2 * (i * basis.size + j);
      const [row, column] = [c! * outside.size + b!, a! * outside.size + d!];
      transposed.data.set(matrix.data.subarray(from, from + 2), 2 * (row * size + column));
    }
  }
  return { basis: new StringBasis(basis.V, joined), matrix: transposed };
}

function join(n: number, ...parts: readonly (readonly [readonly number[], Int32Array])[]): Int32Array {
  const string = new Int32Array(n);
  for (const [positions, tokens] of parts)
    for (const [i, position] of positions.entries()) string[position] = tokens[i]!;
  return string;
}

/**
 * Negativity N = (‖ρ^{T_A}‖₁ − 1)/2 across the cut between some positions and the rest: the sum of the sizes of the negative eigenvalues.
 * From 0, for separable states, to (k − 1)/2 for two parts of dimension k.
 *
 * @throws DomainError unless Tr ρ = 1, all strings have one length, and both sides have a position; CapacityError.
 * @accuracy absolute 4·k²·u for k strings of the partial transpose.
 * @cost eigenvalues of order k.
 * @source G. Vidal, R. F. Werner, Phys. Rev. A 65 (2002) 032314. QuTiP's `negativity`.
 */
export function negativity(backend: Backend, state: QuantumState, positions: readonly number[]): number {
  return compensatedSum(transposedSpectrum('negativity', backend, state, positions).map((x) => Math.max(0, -x)));
}

/**
 * Logarithmic negativity E_N = log ‖ρ^{T_A}‖₁, additive, and an upper bound of distillable entanglement. In nats unless asked for in bits,
 * which is QuTiP's `negativity(…, logarithmic=True)`.
 *
 * @throws, @accuracy, @cost, @source as {@link negativity}.
 */
export function logarithmicNegativity(
  backend: Backend,
  state: QuantumState,
  positions: readonly number[],
  { unit }: UnitOption = {},
): number {
  const values = transposedSpectrum('logarithmicNegativity', backend, state, positions);
  // ‖ρ^{T_A}‖₁ = 1 + 2N: a sum of sizes could fall below 1 by rounding.
  const negative = compensatedSum(values.map((x) => Math.max(0, -x)));
  return inUnit(log(1 + 2 * negative), unit);
}

function transposedSpectrum(where: string, backend: Backend, state: QuantumState, positions: readonly number[]) {
  checkNormalised(where, state);
  const { basis, matrix } = partialTranspose(state, positions);
  const sides = [positions.length, basis.longest - positions.length];
  if (sides.includes(0))
    throw new DomainError(`${where}: both sides must have a position, but they have ${sides.join(' and ')}.`);
  return eigenvaluesHermitian(backend, matrix);
}
