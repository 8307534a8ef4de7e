import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { compensatedSum } from '../../core/sums.ts';
import { eigh } from '../../linalg/eigen/eigh.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { checkDense, diagonalOf, scaleColumns } from './complex.ts';
import { checkState, FactoredState, MatrixState, type QuantumState } from './states.ts';
import { StringBasis } from './string-basis.ts';

/** Eigenvalues above minus this much of the trace count as rounding. */
const NEGATIVE_TOLERANCE = 1e-10;

/** The occupied strings. */
export function basisOf(state: QuantumState): StringBasis {
  if (!(state instanceof DiagonalState)) return state.basis;
  return new StringBasis(
    state.V,
    Array.from(state.weight, (_, i) => state.string(i)),
  );
}

/** A diagonal state of strings with weights; strings of weight 0 are left out. */
export function diagonalState({ V, strings }: StringBasis, weights: ArrayLike<number>): DiagonalState {
  const occupied = Array.from(strings.keys()).filter((i) => weights[i] !== 0);
  return new DiagonalState(
    { V, texts: occupied.map((i) => strings[i]!) },
    {
      parent: Int32Array.from(occupied.keys()),
      token: new Int32Array(occupied.length).fill(-1),
      weight: Float64Array.from(occupied, (i) => weights[i]!),
    },
  );
}

/** Σ_h ⟨h|ρ|h⟩ |h⟩⟨h|: the state without its coherences. */
export function dephase(state: QuantumState): DiagonalState {
  checkState('dephase', 'state', state);
  if (state instanceof DiagonalState) return state;
  if (state instanceof MatrixState) return diagonalState(state.basis, diagonalOf(state.matrix));
  const { rows, columns, data } = state.factor;
  const weights = Array.from({ length: rows }, (_, i) =>
    compensatedSum(data.subarray(2 * i * columns, 2 * (i + 1) * columns).map((value) => value * value)),
  );
  return diagonalState(state.basis, weights);
}

/** The state as a matrix on its occupied strings. @throws CapacityError for a matrix of more than 256 MiB. */
export function toMatrixState(state: QuantumState): MatrixState {
  checkState('toMatrixState', 'state', state);
  if (state instanceof MatrixState) return state;
  const basis = basisOf(state);
  checkDense('toMatrixState', 'the matrix', basis.size, basis.size);
  if (state instanceof FactoredState) return new MatrixState(basis, outerSquare(state.factor));
  const matrix = new ComplexMatrix(basis.size, basis.size);
  for (let i = 0; i < basis.size; i++) matrix.data[2 * (i * basis.size + i)] = state.weight[i]!;
  return new MatrixState(basis, matrix);
}

/** A A†, exactly Hermitian. */
function outerSquare({ rows, columns, data }: ComplexMatrix): ComplexMatrix {
  const square = new ComplexMatrix(rows, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let [re, im] = [0, 0];
      for (let c = 0; c < columns; c++) {
        const [x, y] = [2 * (i * columns + c), 2 * (j * columns + c)];
        re += data[x]! * data[y]! + data[x + 1]! * data[y + 1]!;
        im += data[x + 1]! * data[y]! - data[x]! * data[y + 1]!;
      }
      square.data.set([re, i === j ? 0 : im], 2 * (i * rows + j));
      if (i !== j) square.data.set([re, -im], 2 * (j * rows + i));
    }
  }
  return square;
}

/** 8·k·u·λ_max for k ascending eigenvalues: up to here they are what rounding makes of 0. */
export function roundingOf(values: Float64Array): number {
  return 8 * 2 ** -53 * values.length * (values.at(-1) ?? 0);
}

/**
 * ρ = A A† with A = V √Λ: for a matrix state the columns whose eigenvalues exceed 8·k·u·‖ρ‖, for a diagonal one a column for each string.
 *
 * @throws DomainError for a matrix with an eigenvalue below −1e-10·Tr ρ.
 * @accuracy ‖A A† − ρ‖₂ ≤ 12·k·u·‖ρ‖ for a positive ρ.
 */
export function toFactoredState(backend: Backend, state: QuantumState): FactoredState {
  checkState('toFactoredState', 'state', state);
  if (state instanceof FactoredState) return state;
  if (state instanceof DiagonalState) return factorOfDiagonal(state);
  const { values, vectors } = eigh(backend, state.matrix);
  checkPositive('toFactoredState', values);
  const least = roundingOf(values);
  const dropped = values.filter((value) => value <= least).length;
  const columns = lastColumns(vectors, values.length - dropped);
  return new FactoredState(state.basis, scaleColumns(columns, values.subarray(dropped).map(Math.sqrt)));
}

function lastColumns(a: ComplexMatrix, count: number): ComplexMatrix {
  const b = new ComplexMatrix(a.rows, count);
  for (let i = 0; i < a.rows; i++)
    b.data.set(a.data.subarray(2 * ((i + 1) * a.columns - count), 2 * (i + 1) * a.columns), 2 * i * count);
  return b;
}

/** A = diag √w. @throws CapacityError. */
export function factorOfDiagonal(state: DiagonalState): FactoredState {
  const n = state.count;
  checkDense('toFactoredState', 'the factor', n, n);
  const factor = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) factor.data[2 * (i * n + i)] = Math.sqrt(state.weight[i]!);
  return new FactoredState(basisOf(state), factor);
}

/** @throws DomainError unless eigenvalues are at least −1e-10 times their sum. */
export function checkPositive(where: string, values: Float64Array): void {
  const least = values.reduce((smallest, value) => Math.min(smallest, value), 0);
  if (least >= -NEGATIVE_TOLERANCE * Math.abs(compensatedSum(values))) return;
  throw new DomainError(`${where}: the state must have no negative eigenvalue, but it has ${least}.`);
}

/** The matrix of a state on the strings of a larger basis. @throws CapacityError. */
export function matrixOn(basis: StringBasis, state: QuantumState): ComplexMatrix {
  checkDense('matrixOn', 'the matrix', basis.size, basis.size);
  const small = toMatrixState(state);
  if (small.basis === basis) return small.matrix;
  const places = small.basis.strings.map((string) => basis.placeOf(string));
  const matrix = new ComplexMatrix(basis.size, basis.size);
  const k = places.length;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const at = 2 * (i * k + j);
      matrix.data.set(small.matrix.data.subarray(at, at + 2), 2 * (places[i]! * basis.size + places[j]!));
    }
  }
  return matrix;
}

/** The factor of a state on the strings of a larger basis. */
export function factorOn(basis: StringBasis, { basis: own, factor }: FactoredState): ComplexMatrix {
  if (own === basis) return factor;
  const { columns } = factor;
  const large = new ComplexMatrix(basis.size, columns);
  for (const [i, string] of own.strings.entries())
    large.data.set(factor.data.subarray(2 * i * columns, 2 * (i + 1) * columns), 2 * basis.placeOf(string) * columns);
  return large;
}

/** ρ/Tr ρ. @throws DomainError for a state of trace 0. */
export function normalised(state: QuantumState): QuantumState {
  checkState('normalised', 'state', state);
  const { trace } = state;
  if (!(trace > 0)) throw new DomainError(`normalised: the state must have a positive trace, but it is ${trace}.`);
  if (state instanceof DiagonalState) return state.reweighted((i) => state.weight[i]! / trace);
  if (state instanceof FactoredState) {
    const { rows, columns, data } = state.factor;
    const root = Math.sqrt(trace);
    return new FactoredState(
      state.basis,
      new ComplexMatrix(
        rows,
        columns,
        data.map((value) => value / root),
      ),
    );
  }
  const { rows, data } = state.matrix;
  return new MatrixState(
    state.basis,
    new ComplexMatrix(
      rows,
      rows,
      data.map((value) => value / trace),
    ),
  );
}
