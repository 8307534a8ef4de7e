import type { Backend } from '../../backend/backend.ts';
import { twinBackend } from '../../backend/twin.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkArray } from '../../core/kinds.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { reduceDiagonal, sectorOf } from '../diagonal-sums.ts';
import { applyOperator } from './apply-channel.ts';
import { checkDense } from './complex.ts';
import { toMatrixState } from './conversions.ts';
import { entropy, inUnit, type UnitOption } from './entropies.ts';
import { groupBy } from './group.ts';
import { checkNormalised, checkState, MatrixState, type QuantumState } from './states.ts';
import { type StringBasis, sortedBasis, stringKey } from './string-basis.ts';
import { projectorOnto } from './string-operator.ts';

/**
 * P_n ρ P_n, the part of a state in the sector of n tokens, not renormalised.
 *
 * @throws DomainError unless n ≥ 0 is an integer.
 */
export function sectorPart(state: QuantumState, n: number): QuantumState {
  checkState('sectorPart', 'state', state);
  checkInteger('sectorPart', 'n', n, 0);
  return applyOperator(
    projectorOnto(state.V, (string) => string.length === n),
    state,
  );
}

/**
 * Partial trace over all positions but some, within one sector: the state of the tokens at those positions, in their order.
 * Diagonal states are reduced on `backend`; default TypeScript, with the same bits.
 *
 * @param positions different positions, counted from 0; none of them gives the trace, on the empty string.
 * @throws DomainError for positions outside the strings, or strings of several lengths; CapacityError.
 * @accuracy sums of matrix elements
 * @cost Σ over the strings traced out of (strings that share them)²; diagonal states: O(1) per node of the prefix tree
 */
export function reducedState(
  state: QuantumState,
  positions: readonly number[],
  { backend = twinBackend() }: { readonly backend?: Backend | undefined } = {},
): DiagonalState | MatrixState {
  checkState('reducedState', 'state', state);
  if (state instanceof DiagonalState) {
    checkPositions('reducedState', sectorOf('reducedState', state), positions);
    return reduceDiagonal(backend, state, positions);
  }
  const { basis } = state;
  checkPositions('reducedState', lengthOf('reducedState', basis), positions);
  const parts = basis.strings.map((string) => select(string, positions));
  const reduced = sortedBasis(state.V, parts);
  const places = parts.map((part) => reduced.placeOf(part));
  checkDense('reducedState', 'the matrix', reduced.size, reduced.size);
  const { matrix } = toMatrixState(state);
  const result = new ComplexMatrix(reduced.size, reduced.size);
  for (const group of groupsOfEqualRest(basis, positions)) {
    for (const i of group) {
      for (const j of group) {
        const [from, to] = [2 * (i * basis.size + j), 2 * (places[i]! * reduced.size + places[j]!)];
        result.data[to]! += matrix.data[from]!;
        result.data[to + 1]! += matrix.data[from + 1]!;
      }
    }
  }
  return new MatrixState(reduced, result);
}

/**
 * Mutual information I(A:B) = S(A) + S(B) − S(AB) between two sets of positions.
 *
 * @throws DomainError unless A and B are disjoint and lie inside the strings of one sector, and Tr ρ = 1.
 * @accuracy that of three entropies
 */
export function mutualInformation(
  backend: Backend,
  state: QuantumState,
  A: readonly number[],
  B: readonly number[],
  options: UnitOption = {},
): number {
  return conditionalMutualInformation(backend, state, A, B, [], options);
}

/**
 * Conditional mutual information I(A:B|C) = S(AC) + S(BC) − S(C) − S(ABC), never negative but for rounding.
 *
 * @throws DomainError unless A, B and C are disjoint and lie inside the strings of one sector, and Tr ρ = 1.
 * @accuracy that of four entropies
 * @source E. H. Lieb, M. B. Ruskai, J. Math. Phys. 14 (1973) 1938 (that it is not negative).
 */
export function conditionalMutualInformation(
  backend: Backend,
  state: QuantumState,
  A: readonly number[],
  B: readonly number[],
  C: readonly number[],
  { unit }: UnitOption = {},
): number {
  checkNormalised('mutualInformation', state);
  const where = 'mutualInformation';
  const n = state instanceof DiagonalState ? sectorOf(where, state) : lengthOf(where, state.basis);
  checkPositions(where, n, [...A, ...B, ...C]);
  const S = (positions: readonly number[]) =>
    positions.length === 0 ? 0 : entropy(backend, reducedState(state, positions, { backend }));
  return inUnit(S([...A, ...C]) + S([...B, ...C]) - S(C) - S([...A, ...B, ...C]), unit);
}

/** The tokens at some positions. */
export function select(string: Int32Array, positions: readonly number[]): Int32Array {
  return Int32Array.from(positions, (position) => string[position]!);
}

/** Length of all strings. @throws DomainError if they differ. */
export function lengthOf(where: string, { strings }: StringBasis): number {
  const n = strings[0]?.length ?? 0;
  const odd = strings.find((string) => string.length !== n);
  if (odd === undefined) return n;
  throw new DomainError(
    `${where}: the state must lie in one sector, but it has strings of ${n} and of ${odd.length} tokens. Take its sectorPart.`,
  );
}

/** @throws DomainError unless positions differ and lie in 0 … n−1. */
export function checkPositions(where: string, n: number, positions: readonly number[]): void {
  checkArray(where, 'positions', positions, 'positions');
  for (const position of positions) checkInteger(where, 'every position', position, 0, n - 1);
  if (new Set(positions).size === positions.length) return;
  throw new DomainError(`${where}: positions must differ, but they are ${positions.join(', ')}.`);
}

/** The positions of a string of n tokens that are not among some. */
export function otherPositions(n: number, positions: readonly number[]): number[] {
  return Array.from({ length: n }, (_, i) => i).filter((i) => !positions.includes(i));
}

/** Strings that agree outside the positions, as lists of their places. */
function groupsOfEqualRest(basis: StringBasis, positions: readonly number[]): number[][] {
  const rest = otherPositions(basis.longest, positions);
  const keyOf = (i: number) => stringKey(select(basis.strings[i]!, rest));
  return [...groupBy(basis.strings.keys(), keyOf).values()];
}
