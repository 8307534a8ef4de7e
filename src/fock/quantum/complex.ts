/** Small complex matrices on the host: what is not worth a kernel. */
import type { Backend } from '../../backend/backend.ts';
import { CapacityError } from '../../core/errors.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';

/** Largest dense matrix that is made. */
const MOST_BYTES = 2 ** 28;

/** The largest order of a dense square matrix. */
export const MOST_ORDER = Math.floor(Math.sqrt(MOST_BYTES / 16));

/** @throws CapacityError, before anything is allocated, for a dense complex matrix of more than 256 MiB. */
export function checkDense(where: string, name: string, rows: number, columns: number): void {
  const bytes = 16 * rows * columns;
  if (bytes <= MOST_BYTES) return;
  throw new CapacityError(
    `${where}: ${name} must need at most ${MOST_BYTES} bytes, but ${rows}×${columns} complex numbers need ${bytes}. Use fewer strings or shorter ones.`,
    bytes,
  );
}

export function toComplex(a: AnyMatrix): ComplexMatrix {
  return a.field === 'complex' ? a : ComplexMatrix.fromReal(a);
}

/** a† */
export function adjointOf({ rows, columns, data }: ComplexMatrix): ComplexMatrix {
  const b = new ComplexMatrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      b.data[2 * (j * rows + i)] = data[2 * (i * columns + j)]!;
      b.data[2 * (j * rows + i) + 1] = -data[2 * (i * columns + j) + 1]!;
    }
  }
  return b;
}

/** α a + β b for real α, β. */
export function combination(alpha: number, a: ComplexMatrix, beta: number, b: ComplexMatrix): ComplexMatrix {
  const data = a.data.map((value, i) => alpha * value + beta * b.data[i]!);
  return new ComplexMatrix(a.rows, a.columns, data);
}

export function complexIdentity(n: number): ComplexMatrix {
  const one = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) one.data[2 * (i * n + i)] = 1;
  return one;
}

/** (a + a†)/2 */
export function hermitianPart(a: ComplexMatrix): ComplexMatrix {
  return combination(0.5, a, 0.5, adjointOf(a));
}

/** Largest difference of two matrices of one shape in a real or imaginary part. */
export function largestDifference(a: ComplexMatrix, b: ComplexMatrix): number {
  return a.data.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b.data[at]!)), 0);
}

/** Σ |a_ij|² */
export function squaredNorm({ data }: ComplexMatrix): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}

/** Re a_ii */
export function diagonalOf({ columns, data }: ComplexMatrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, i) => data[2 * (i * columns + i)]!);
}

/** Column j times factors[j]; columns beyond the factors are dropped. */
export function scaleColumns(a: ComplexMatrix, factors: ArrayLike<number>): ComplexMatrix {
  const b = new ComplexMatrix(a.rows, factors.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < factors.length; j++) {
      for (const part of [0, 1])
        b.data[2 * (i * b.columns + j) + part] = factors[j]! * a.data[2 * (i * a.columns + j) + part]!;
    }
  }
  return b;
}

/** Matrices of equal height side by side. */
export function sideBySide(rows: number, parts: readonly ComplexMatrix[]): ComplexMatrix {
  const all = new ComplexMatrix(
    rows,
    parts.reduce((sum, part) => sum + part.columns, 0),
  );
  let from = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) {
      const row = part.data.subarray(2 * i * part.columns, 2 * (i + 1) * part.columns);
      all.data.set(row, 2 * (i * all.columns + from));
    }
    from += part.columns;
  }
  return all;
}

/** Matrices of equal width above one another. */
export function stacked(above: ComplexMatrix, below: ComplexMatrix): ComplexMatrix {
  const both = new ComplexMatrix(above.rows + below.rows, above.columns);
  both.data.set(above.data);
  both.data.set(below.data, above.data.length);
  return both;
}

/** Some rows that follow one another; the numbers are not copied. */
export function rowsOf({ columns, data }: ComplexMatrix, first: number, count: number): ComplexMatrix {
  return new ComplexMatrix(count, columns, data.subarray(2 * first * columns, 2 * (first + count) * columns));
}

/** a x a† */
export function conjugateBy(backend: Backend, a: ComplexMatrix, x: ComplexMatrix): ComplexMatrix {
  return multiply(backend, multiply(backend, a, x), a, { opB: 'conjugate-transpose' });
}

/** Re Tr a†b */
export function realInner(a: ComplexMatrix, b: ComplexMatrix): number {
  return a.data.reduce((sum, value, at) => sum + value * b.data[at]!, 0);
}

/** 1_D ⊗ a */
export function onInputs(D: number, a: ComplexMatrix): ComplexMatrix {
  const d = a.rows;
  const lifted = new ComplexMatrix(D * d, D * d);
  for (let row = 0; row < D * d; row++) {
    const i = row % d;
    lifted.data.set(a.data.subarray(2 * i * d, 2 * (i + 1) * d), 2 * (row * D * d + row - i));
  }
  return lifted;
}

/** Tr_out of an operator on outputs ⊗ inputs, d×d. */
export function traceOutput({ rows, data }: ComplexMatrix, d: number): ComplexMatrix {
  const reduced = new ComplexMatrix(d, d);
  for (let row = 0; row < rows; row++) {
    const i = row % d;
    for (let j = 0; j < d; j++) {
      const [from, to] = [2 * (row * rows + row - i + j), 2 * (i * d + j)];
      reduced.data[to]! += data[from]!;
      reduced.data[to + 1]! += data[from + 1]!;
    }
  }
  return reduced;
}
