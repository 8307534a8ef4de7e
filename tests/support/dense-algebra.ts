/** Plain dense algebra for residuals, independent of the code under test. Everything is complex inside. */
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { testNumbers } from './numbers.ts';

/** Unit roundoff. */
export const U = 2 ** -53;

export function asComplex(a: AnyMatrix): ComplexMatrix {
  return a.field === 'complex' ? a : ComplexMatrix.fromReal(a);
}

export function adjoint(a: AnyMatrix): ComplexMatrix {
  const { rows, columns, data } = asComplex(a);
  const b = new ComplexMatrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      b.data[2 * (j * rows + i)] = data[2 * (i * columns + j)]!;
      b.data[2 * (j * rows + i) + 1] = -data[2 * (i * columns + j) + 1]!;
    }
  }
  return b;
}

export function product(x: AnyMatrix, y: AnyMatrix): ComplexMatrix {
  const [a, b] = [asComplex(x), asComplex(y)];
  const c = new ComplexMatrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const re = a.data[2 * (i * a.columns + k)]!;
      const im = a.data[2 * (i * a.columns + k) + 1]!;
      for (let j = 0; j < b.columns; j++) {
        const at = 2 * (i * b.columns + j);
        const from = 2 * (k * b.columns + j);
        c.data[at] = c.data[at]! + re * b.data[from]! - im * b.data[from + 1]!;
        c.data[at + 1] = c.data[at + 1]! + re * b.data[from + 1]! + im * b.data[from]!;
      }
    }
  }
  return c;
}

export function difference(x: AnyMatrix, y: AnyMatrix): ComplexMatrix {
  const [a, b] = [asComplex(x), asComplex(y)];
  return new ComplexMatrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => value - b.data[i]!),
  );
}

/** a·diag(d): column j times d[j]; columns beyond d are dropped. */
export function timesDiagonal(a: AnyMatrix, d: ArrayLike<number>): ComplexMatrix {
  const { rows, columns, data } = asComplex(a);
  const b = new ComplexMatrix(rows, d.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d.length; j++) {
      for (const part of [0, 1]) b.data[2 * (i * d.length + j) + part] = data[2 * (i * columns + j) + part]! * d[j]!;
    }
  }
  return b;
}

/** Row i of the result is row order[i] of a. */
export function permuteRows(a: AnyMatrix, order: ArrayLike<number>): ComplexMatrix {
  const { rows, columns, data } = asComplex(a);
  const b = new ComplexMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    b.data.set(data.subarray(2 * order[i]! * columns, 2 * (order[i]! + 1) * columns), 2 * i * columns);
  }
  return b;
}

/** Column j of the result is column order[j] of a. */
export function permuteColumns(a: AnyMatrix, order: ArrayLike<number>): ComplexMatrix {
  return adjoint(permuteRows(adjoint(a), order));
}

/** ‖a‖_F without overflow. */
export function frobenius(a: AnyMatrix): number {
  let largest = 0;
  for (const value of a.data) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  let sum = 0;
  for (const value of a.data) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** ‖a†a − 1‖_F. */
export function departureFromUnitary(a: AnyMatrix): number {
  const gram = product(adjoint(a), a);
  for (let i = 0; i < gram.rows; i++) gram.data[2 * (i * gram.columns + i)]! -= 1;
  return frobenius(gram);
}

/** Every element times `factor`. */
export function scaled<M extends AnyMatrix>(a: M, factor: number): M {
  const data = a.data.map((value) => value * factor);
  return (a.field === 'real' ? new Matrix(a.rows, a.columns, data) : new ComplexMatrix(a.rows, a.columns, data)) as M;
}

/** Entries in [−1, 1). */
export function randomMatrix(field: AnyMatrix['field'], rows: number, columns: number, seed: number): AnyMatrix {
  const numbers = testNumbers((field === 'real' ? 1 : 2) * rows * columns, seed);
  return field === 'real' ? new Matrix(rows, columns, numbers) : new ComplexMatrix(rows, columns, numbers);
}

/** (x + x†)/2 of a random x. */
export function randomHermitian(field: AnyMatrix['field'], n: number, seed: number): AnyMatrix {
  const x = randomMatrix(field, n, n, seed);
  const y = adjoint(x);
  const width = field === 'real' ? 1 : 2;
  const data = x.data.map((value, at) => (value + y.data[width === 2 ? at : 2 * at]!) / 2);
  return field === 'real' ? new Matrix(n, n, data) : new ComplexMatrix(n, n, data);
}

/** A power of two that brings the largest entry near 1, so that residuals neither overflow nor vanish. */
export function unitScale(a: AnyMatrix): number {
  let largest = 0;
  for (const value of a.data) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 1 : 2 ** Math.min(-Math.floor(Math.log2(largest)), 1023);
}

/** Element (i, j) = 1/(i + j + 1), counted from 0. */
export function hilbert(n: number): Matrix {
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.data[i * n + j] = 1 / (i + j + 1);
  return a;
}

/** The largest real or imaginary part in size among the elements that `which` selects. */
export function largestEntry(a: AnyMatrix, which: (i: number, j: number) => boolean): number {
  const width = a.field === 'real' ? 1 : 2;
  let largest = 0;
  for (const [at, value] of a.data.entries()) {
    const element = Math.floor(at / width);
    const [i, j] = [Math.floor(element / a.columns), element % a.columns];
    if (which(i, j)) largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
