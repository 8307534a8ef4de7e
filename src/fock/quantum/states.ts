import { Complex } from 'complex.js';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkArray, checkMembers, kindOf } from '../../core/kinds.ts';
import { compensatedSum } from '../../core/sums.ts';
import { checkFiniteMatrix, checkHermitian } from '../../linalg/matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { checkNotNegative, DiagonalState, TRACE_TOLERANCE } from '../diagonal-state.ts';
import type { History } from '../next-token-law.ts';
import { checkMatrix } from './arguments.ts';
import { diagonalOf, toComplex } from './complex.ts';
import { checkBasis, StringBasis } from './string-basis.ts';

/** A text with its amplitude ⟨text|ψ⟩: a real number, a pair [re, im] or a complex.js number. */
export interface AmplitudeOfText {
  /** Token numbers of the text. */
  readonly text: History;
  /** ⟨text|ψ⟩. */
  readonly amplitude: number | readonly [number, number] | Complex;
}

/**
 * ρ = A A† with one row of A for each occupied string: pure for one column, of low rank for few. A value, never changed;
 * the trace may be below 1 after an operation that keeps one outcome.
 */
export class FactoredState {
  /** The occupied strings, one for each row of `factor`. */
  readonly basis: StringBasis;
  /** A: one row for each string. */
  readonly factor: ComplexMatrix;

  /** @throws ShapeError unless A has a row for each string; NonFiniteError. */
  constructor(basis: StringBasis, factor: ComplexMatrix) {
    checkRows('FactoredState', basis, factor);
    this.basis = basis;
    this.factor = factor;
  }

  /** Σ a_i |text_i⟩. @throws DomainError unless Σ|a_i|² = 1 to 1e-12 and the texts differ. */
  static pure(V: number, terms: readonly AmplitudeOfText[]): FactoredState {
    checkArray('FactoredState.pure', 'terms', terms, 'texts with their amplitudes');
    for (const [i, term] of terms.entries())
      checkMembers('FactoredState.pure', `terms[${i}]`, term, 'an object', { text: 'object' });
    const basis = new StringBasis(
      V,
      terms.map(({ text }) => text),
    );
    return FactoredState.of(basis, ComplexMatrix.fromRows(terms.map(({ amplitude }) => [amplitude])));
  }

  /** The state A A†. @throws DomainError unless its trace is 1 to 1e-12. */
  static of(basis: StringBasis, factor: AnyMatrix): FactoredState {
    checkMatrix('FactoredState.of', 'factor', factor);
    const state = new FactoredState(basis, toComplex(factor));
    checkNormalised('FactoredState', state);
    return state;
  }

  /** Number of tokens. */
  get V(): number {
    return this.basis.V;
  }

  /** Tr ρ = Σ|A_ij|². */
  get trace(): number {
    return compensatedSum(this.factor.data.map((value) => value * value));
  }

  /** ⟨text|ψ⟩ of a pure state. @throws DomainError for a mixed one. */
  amplitude(text: History): Complex {
    checkPure('FactoredState.amplitude', this);
    const place = this.basis.placeOf(text);
    return place < 0 ? new Complex(0, 0) : this.factor.at(place, 0);
  }
}

/** A Hermitian matrix on the occupied strings. A value, never changed; the trace may be below 1. */
export class MatrixState {
  /** The occupied strings, one for each row and column of `matrix`. */
  readonly basis: StringBasis;
  /** ⟨h|ρ|h′⟩, Hermitian. */
  readonly matrix: ComplexMatrix;

  /** @throws ShapeError unless the matrix has a row and a column for each string; NonFiniteError; DomainError unless it is Hermitian to 1e-10. */
  constructor(basis: StringBasis, matrix: ComplexMatrix) {
    checkRows('MatrixState', basis, matrix);
    if (matrix.columns !== matrix.rows)
      throw new ShapeError(`MatrixState: matrix must be square, but it is ${matrix.rows}×${matrix.columns}.`);
    checkHermitian('MatrixState', matrix, 'Take (a + a†)/2 if that is meant.');
    this.basis = basis;
    this.matrix = matrix;
  }

  /** The state of a Hermitian matrix of trace 1. @throws DomainError unless the trace is 1 to 1e-12. That no eigenvalue is negative is checked where eigenvalues are taken. */
  static of(basis: StringBasis, matrix: AnyMatrix): MatrixState {
    checkMatrix('MatrixState.of', 'matrix', matrix);
    const state = new MatrixState(basis, toComplex(matrix));
    checkNormalised('MatrixState', state);
    return state;
  }

  /** Number of tokens. */
  get V(): number {
    return this.basis.V;
  }

  /** Tr ρ. */
  get trace(): number {
    return compensatedSum(diagonalOf(this.matrix));
  }
}

/** A state in any of its three forms: weights of strings, a factor, a matrix. */
export type QuantumState = DiagonalState | FactoredState | MatrixState;

/** Whether a state is stored as one vector of amplitudes. */
export function isPure(state: QuantumState): state is FactoredState {
  return state instanceof FactoredState && state.factor.columns === 1;
}

/** @throws DomainError unless the state is stored as one vector of amplitudes. */
export function checkPure(where: string, state: QuantumState): asserts state is FactoredState {
  if (isPure(state)) return;
  throw new DomainError(
    `${where}: state must be pure, one vector of amplitudes, but it is not. Make it with FactoredState.pure.`,
  );
}

/** @throws DomainError unless a value is a state. */
export function checkState(where: string, name: string, value: unknown): asserts value is QuantumState {
  if (value instanceof DiagonalState || value instanceof FactoredState || value instanceof MatrixState) return;
  throw new DomainError(
    `${where}: ${name} must be a DiagonalState, FactoredState or MatrixState, but it is ${kindOf(value)}. Make it with DiagonalState.ofText, FactoredState.pure or MatrixState.of.`,
  );
}

/** @throws DomainError unless Tr ρ = 1 to 1e-12, or for a negative weight. Eigenvalues are checked where they are taken. */
export function checkNormalised(where: string, state: QuantumState): void {
  checkState(where, 'state', state);
  if (state instanceof DiagonalState) checkNotNegative(where, state.weight);
  const { trace } = state;
  if (Math.abs(trace - 1) <= TRACE_TOLERANCE) return;
  throw new DomainError(
    `${where}: the state must have trace 1 to ${TRACE_TOLERANCE}, but it is ${trace}. Divide by it.`,
  );
}

function checkRows(where: string, basis: StringBasis, matrix: ComplexMatrix): void {
  checkBasis(where, 'basis', basis);
  checkMatrix(where, 'the matrix', matrix);
  if (matrix.rows !== basis.size)
    throw new ShapeError(
      `${where}: there must be one row for each of ${basis.size} strings, but there are ${matrix.rows}.`,
    );
  checkFiniteMatrix(where, 'the matrix', matrix);
}
