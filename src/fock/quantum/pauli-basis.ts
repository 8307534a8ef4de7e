import { ShapeError } from '../../core/errors.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { checkMatrix, checkSize } from './arguments.ts';
import { checkDense, toComplex } from './complex.ts';

/** The n with inputs = outputs = 2ⁿ. @throws ShapeError */
export function qubitsOf(where: string, inputs: number, outputs: number): number {
  const n = Math.round(Math.log2(inputs));
  if (inputs === outputs && 2 ** n === inputs) return n;
  throw new ShapeError(
    `${where}: inputs and outputs must be the same power of two, but they are ${inputs} and ${outputs}. Paulis act on qubits.`,
  );
}

/** The n with a of order 4ⁿ. @throws DomainError unless a is a matrix; ShapeError; NonFiniteError; CapacityError. */
export function qubitsOfOrder(where: string, name: string, a: AnyMatrix): number {
  checkMatrix(where, name, a);
  const n = Math.round(Math.log2(a.rows) / 2);
  if (a.rows !== a.columns || 4 ** n !== a.rows)
    throw new ShapeError(`${where}: ${name} must be 4ⁿ×4ⁿ for n qubits, but it is ${a.rows}×${a.columns}.`);
  checkDense(where, name, a.rows, a.rows);
  checkSize(where, name, a, a.rows, a.rows);
  return n;
}

/**
 * factor·B†aB, where column j of B is vec P_j, row by row, of the j-th product of 1, X, Y, Z, the first qubit the slowest: B†B = 2ⁿ. One qubit
 * after another.
 */
export function toPaulis(a: AnyMatrix, n: number, factor: number): ComplexMatrix {
  const mixed = scaledCopy(a, factor);
  for (const { high, low, sign } of bitPairs(n)) mix(mixed.data, high, low, sign);
  const places = pairedPlaces(n);
  return moved(mixed, (row, column) => [places[row]!, places[column]!]);
}

/** factor·BaB†. */
export function fromPaulis(a: AnyMatrix, n: number, factor: number): ComplexMatrix {
  const places = pairedPlaces(n);
  const order = 4 ** n;
  const back = new Int32Array(order);
  for (const [at, place] of places.entries()) back[place] = at;
  const unmixed = moved(scaledCopy(a, factor), (row, column) => [back[row]!, back[column]!]);
  for (const { high, low, sign } of bitPairs(n)) unmix(unmixed.data, high, low, sign);
  return unmixed;
}

function scaledCopy(a: AnyMatrix, factor: number): ComplexMatrix {
  return new ComplexMatrix(
    a.rows,
    a.columns,
    toComplex(a).data.map((value) => factor * value),
  );
}

function moved(a: ComplexMatrix, to: (row: number, column: number) => readonly [number, number]): ComplexMatrix {
  const b = new ComplexMatrix(a.rows, a.columns);
  for (let row = 0; row < a.rows; row++) {
    for (let column = 0; column < a.columns; column++) {
      const [x, y] = to(row, column);
      const from = 2 * (row * a.columns + column);
      b.data.set(a.data.subarray(from, from + 2), 2 * (x * a.columns + y));
    }
  }
  return b;
}

/** The strides of the row and column bit of every qubit, in the rows of the matrix (sign 1) and in its columns (−1: conjugated). */
function bitPairs(n: number) {
  return Array.from({ length: 2 * n }, (_, at) => {
    const low = 2 ** (at >> 1);
    const stride = at % 2 === 0 ? 4 ** n : 1;
    return { high: stride * low * 2 ** n, low: stride * low, sign: at % 2 === 0 ? 1 : -1 };
  });
}

/** Bits a₁…a_n b₁…b_n as a₁b₁…a_nb_n. */
function pairedPlaces(n: number): Int32Array {
  return Int32Array.from({ length: 4 ** n }, (_, at) => {
    let place = 0;
    for (let bit = 0; bit < n; bit++) place |= (((at >> bit) & 1) | (((at >> (n + bit)) & 1) << 1)) << (2 * bit);
    return place;
  });
}

/** (x₀₀, x₀₁, x₁₀, x₁₁) ↦ (x₀₀ + x₁₁, x₀₁ + x₁₀, ±i(x₀₁ − x₁₀), x₀₀ − x₁₁) at 0, low, high, high + low. */
function mix(data: Float64Array, high: number, low: number, sign: number): void {
  forFirstOfFour(data, high, low, (a, b, c, d) => {
    const [ar, ai, br, bi] = [data[a]!, data[a + 1]!, data[b]!, data[b + 1]!];
    const [cr, ci, dr, di] = [data[c]!, data[c + 1]!, data[d]!, data[d + 1]!];
    data[a] = ar + dr;
    data[a + 1] = ai + di;
    data[b] = br + cr;
    data[b + 1] = bi + ci;
    data[c] = sign * (ci - bi);
    data[c + 1] = sign * (br - cr);
    data[d] = ar - dr;
    data[d + 1] = ai - di;
  });
}

/** (p₀, p_X, p_Y, p_Z) ↦ (p₀ + p_Z, p_X ∓ i p_Y, p_X ± i p_Y, p₀ − p_Z). */
function unmix(data: Float64Array, high: number, low: number, sign: number): void {
  forFirstOfFour(data, high, low, (a, b, c, d) => {
    const [ar, ai, br, bi] = [data[a]!, data[a + 1]!, data[b]!, data[b + 1]!];
    const [cr, ci, dr, di] = [data[c]!, data[c + 1]!, data[d]!, data[d + 1]!];
    data[a] = ar + dr;
    data[a + 1] = ai + di;
    data[b] = br + sign * ci;
    data[b + 1] = bi - sign * cr;
    data[c] = br - sign * ci;
    data[c + 1] = bi + sign * cr;
    data[d] = ar - dr;
    data[d + 1] = ai - di;
  });
}

function forFirstOfFour(
  data: Float64Array,
  high: number,
  low: number,
  act: (a: number, b: number, c: number, d: number) => void,
): void {
  for (let at = 0; at < data.length / 2; at++)
    if ((at & high) === 0 && (at & low) === 0) act(2 * at, 2 * (at + low), 2 * (at + high), 2 * (at + high + low));
}
