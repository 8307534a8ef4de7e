import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { DiagonalState } from '../diagonal-state.ts';
import { FockSpace } from '../fock-space.ts';
import { checkDense, hermitianPart, sideBySide } from './complex.ts';
import { basisOf, diagonalState, toMatrixState } from './conversions.ts';
import { addConjugated, applyTable, type KrausTables, krausTables } from './kraus-tables.ts';
import { checkState, FactoredState, MatrixState, type QuantumState } from './states.ts';
import type { StringBasis } from './string-basis.ts';
import { channelOfOperators, type StringChannel } from './string-channel.ts';
import { checkStringOperator, type StringOperator } from './string-operator.ts';

/** Options of `applyChannel`. */
export interface ApplyOptions {
  /** Fock-space cut-off M of the strings reached; default: none. */
  readonly cutoff?: number | undefined;
}

/**
 * E(ρ) = Σ_e K_e ρ K_e†. A diagonal state stays one where every Kraus operator sends a string to one string; a factored state
 * stays one while the columns do not outnumber the strings; otherwise the result is a matrix. Nothing is renormalised.
 *
 * @throws CutoffError for a string beyond M; ShapeError unless state and channel have the same tokens; CapacityError.
 * @accuracy stable: element by element, (k + 2)·u times the sum of the moduli of its k terms.
 * @cost Σ_e (elements of K_e)² for a matrix, elements × columns for a factor.
 */
export function applyChannel(channel: StringChannel, state: QuantumState, { cutoff }: ApplyOptions = {}): QuantumState {
  checkState('applyChannel', 'state', state);
  const kraus = krausTables(channel, basisOf(state));
  if (cutoff !== undefined) new FockSpace(state.V, cutoff).checkSteps('applyChannel', kraus.output.longest, 0);
  if (state instanceof DiagonalState && keepsStrings(kraus)) return applyToWeights(kraus, state.weight);
  if (state instanceof FactoredState && kraus.tables.length * state.factor.columns <= kraus.output.size) {
    const { size } = kraus.output;
    checkDense('applyChannel', 'the factor', size, kraus.tables.length * state.factor.columns);
    const parts = kraus.tables.map((table) => applyTable(table, size, state.factor));
    return new FactoredState(kraus.output, sideBySide(size, parts));
  }
  if (state instanceof DiagonalState && kraus.tables.length === 1) return applyToStrings(kraus, state.weight);
  return new MatrixState(kraus.output, hermitianPart(mapByKraus(kraus, toMatrixState(state).matrix).matrix));
}

/** O ρ O†, not renormalised: as {@link applyChannel}. */
export function applyOperator(operator: StringOperator, state: QuantumState): QuantumState {
  checkStringOperator('applyOperator', 'operator', operator);
  checkState('applyOperator', 'state', state);
  return applyChannel(channelOfOperators('operator', [operator]), state);
}

/** An operator on some strings, Hermitian or not, such as the matrix unit |h⟩⟨h′|. */
export interface OperatorOnStrings {
  /** The strings of its rows and columns. */
  readonly basis: StringBasis;
  /** One row and one column for each string. */
  readonly matrix: ComplexMatrix;
}

/** E(a) for any operator a, by the Kraus operators. */
export function mapOperator(channel: StringChannel, { basis, matrix }: OperatorOnStrings): OperatorOnStrings {
  return mapByKraus(krausTables(channel, basis), matrix);
}

/** Σ_e K_e a K_e† for any matrix a on the strings of the tables. */
export function mapByKraus(kraus: KrausTables, a: ComplexMatrix): OperatorOnStrings {
  const { output, tables } = kraus;
  checkDense('applyChannel', 'the matrix', output.size, output.size);
  const matrix = new ComplexMatrix(output.size, output.size);
  for (const table of tables) addConjugated(table, a, matrix);
  return { basis: output, matrix };
}

/** Tr[O ρ] as [re, im]. @throws ShapeError unless both have the same tokens. */
export function expectation(operator: StringOperator, state: QuantumState): readonly [re: number, im: number] {
  checkState('expectation', 'state', state);
  checkStringOperator('expectation', 'operator', operator);
  const basis = basisOf(state);
  const element = elementOf(state);
  let [re, im] = [0, 0];
  // Tr[O ρ] = Σ_h Σ_{h′} ⟨h′|O|h⟩⟨h|ρ|h′⟩
  const { output, tables } = krausTables(channelOfOperators('observable', [operator]), basis);
  const places = output.strings.map((string) => basis.placeOf(string));
  for (const { row, column, re: x, im: y } of tables.flatMap(({ elements }) => elements)) {
    if (places[row]! < 0) continue;
    const [u, v] = element(column, places[row]!);
    re += x * u - y * v;
    im += x * v + y * u;
  }
  return [re, im];
}

/** ⟨i|ρ|j⟩ over the occupied strings. */
function elementOf(state: QuantumState): (i: number, j: number) => readonly [number, number] {
  if (state instanceof DiagonalState) return (i, j) => [i === j ? state.weight[i]! : 0, 0];
  if (state instanceof MatrixState) {
    const { columns, data } = state.matrix;
    return (i, j) => [data[2 * (i * columns + j)]!, data[2 * (i * columns + j) + 1]!];
  }
  const { columns, data } = state.factor;
  return (i, j) => {
    let [re, im] = [0, 0];
    for (let c = 0; c < columns; c++) {
      const [x, y] = [2 * (i * columns + c), 2 * (j * columns + c)];
      re += data[x]! * data[y]! + data[x + 1]! * data[y + 1]!;
      im += data[x + 1]! * data[y]! - data[x]! * data[y + 1]!;
    }
    return [re, im];
  };
}

/** Whether every Kraus operator sends every string to at most one. */
function keepsStrings({ tables }: KrausTables): boolean {
  return tables.every(({ elements }) => {
    const columns = new Set(elements.map(({ column }) => column));
    return columns.size === elements.length;
  });
}

function applyToWeights({ output, tables }: KrausTables, weight: Float64Array): DiagonalState {
  const weights = new Float64Array(output.size);
  for (const { elements } of tables) {
    for (const { row, column, re, im } of elements) weights[row]! += (re * re + im * im) * weight[column]!;
  }
  return diagonalState(output, weights);
}

/** One Kraus operator on a diagonal state: a column for each string. */
function applyToStrings({ input, output, tables }: KrausTables, weight: Float64Array): FactoredState {
  checkDense('applyChannel', 'the factor', output.size, input.size);
  const factor = new ComplexMatrix(output.size, input.size);
  for (const { row, column, re, im } of tables[0]!.elements) {
    const size = Math.sqrt(weight[column]!);
    factor.data.set([size * re, size * im], 2 * (row * input.size + column));
  }
  return new FactoredState(output, factor);
}
