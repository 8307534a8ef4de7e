import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkArray, checkMembers } from '../../core/kinds.ts';
import { compensatedSum } from '../../core/sums.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { DiagonalState, TRACE_TOLERANCE } from '../diagonal-state.ts';
import { checkDense, scaleColumns, sideBySide } from './complex.ts';
import { basisOf, dephase, diagonalState, factorOfDiagonal, factorOn, matrixOn } from './conversions.ts';
import { checkState, FactoredState, MatrixState, type QuantumState } from './states.ts';
import { StringBasis } from './string-basis.ts';

/** What a mixture is made of. */
export interface WeightedState {
  /** A state of the mixture. */
  readonly state: QuantumState;
  /** Its weight, above 0; all sum to 1. */
  readonly weight: number;
}

/**
 * Σ_i w_i ρ_i over the strings of all of them: diagonal if all are, a factor if none is a matrix and that needs fewer columns
 * than there are strings, else a matrix.
 *
 * @throws DomainError unless weights are positive and sum to 1 to 1e-12; ShapeError unless all have the same tokens; CapacityError.
 */
export function mixStates(mixture: readonly WeightedState[]): QuantumState {
  checkArray('mixStates', 'mixture', mixture, 'states with their weights');
  checkInteger('mixStates', 'the number of states', mixture.length, 1);
  for (const [i, weighted] of mixture.entries()) {
    checkMembers('mixStates', `mixture[${i}]`, weighted, 'an object', { state: 'object', weight: 'number' });
    checkState('mixStates', `mixture[${i}].state`, weighted.state);
  }
  checkWeights(mixture);
  const states = mixture.map(({ state }) => state);
  const basis = states.map(basisOf).reduce((all, one) => all.union(one), new StringBasis(states[0]!.V, []));
  if (states.every((state) => state instanceof DiagonalState)) return mixDiagonals(basis, mixture);
  const columns = states.reduce((all, state) => all + columnsOf(state), 0);
  return columns < basis.size ? mixFactors(basis, mixture) : mixMatrices(basis, mixture);
}

function checkWeights(mixture: readonly WeightedState[]): void {
  for (const { weight } of mixture) {
    if (!(weight > 0)) throw new DomainError(`mixStates: weights must be positive, but one is ${weight}.`);
  }
  const sum = compensatedSum(mixture.map(({ weight }) => weight));
  if (Math.abs(sum - 1) <= TRACE_TOLERANCE) return;
  throw new DomainError(`mixStates: weights must sum to 1 to ${TRACE_TOLERANCE}, but the sum is ${sum}.`);
}

function columnsOf(state: QuantumState): number {
  if (state instanceof DiagonalState) return state.count;
  return state instanceof MatrixState ? Number.POSITIVE_INFINITY : state.factor.columns;
}

function mixDiagonals(basis: StringBasis, mixture: readonly WeightedState[]): DiagonalState {
  const weights = new Float64Array(basis.size);
  for (const { state, weight } of mixture) {
    const diagonal = dephase(state);
    for (let i = 0; i < diagonal.count; i++)
      weights[basis.placeOf(diagonal.string(i))]! += weight * diagonal.weight[i]!;
  }
  return diagonalState(basis, weights);
}

function mixFactors(basis: StringBasis, mixture: readonly WeightedState[]): FactoredState {
  const parts = mixture.map(({ state, weight }) => {
    const factor = factorOn(basis, state instanceof DiagonalState ? factorOfDiagonal(state) : (state as FactoredState));
    return scaleColumns(factor, new Float64Array(factor.columns).fill(Math.sqrt(weight)));
  });
  return new FactoredState(basis, sideBySide(basis.size, parts));
}

function mixMatrices(basis: StringBasis, mixture: readonly WeightedState[]): MatrixState {
  checkDense('mixStates', 'the matrix', basis.size, basis.size);
  const matrix = new ComplexMatrix(basis.size, basis.size);
  for (const { state, weight } of mixture) {
    const { data } = matrixOn(basis, state);
    for (let at = 0; at < data.length; at++) matrix.data[at]! += weight * data[at]!;
  }
  return new MatrixState(basis, matrix);
}
