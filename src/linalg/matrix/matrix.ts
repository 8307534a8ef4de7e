import { Complex } from 'complex.js';
import { MAX_BYTES } from '../../backend/memory.ts';
import { checkInteger, checkLength } from '../../core/checks.ts';
import { CapacityError, DomainError } from '../../core/errors.ts';
import { type ComplexLike, partsOf } from './complex-parts.ts';

/** What real and complex matrices share: shape and a flat row-major array of f64. */
interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A real matrix: element (i, j) is data[i·columns + j]. The array is the caller's, not a copy. */
export class Matrix implements MatrixShape {
  /** Its elements are real. */
  readonly field = 'real';
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** rows·columns elements, row-major. */
  readonly data: Float64Array;

  /** @throws ShapeError unless `data` has rows·columns elements; CapacityError above 4 GiB. */
  constructor(rows: number, columns: number, data?: Float64Array) {
    checkShape('Matrix', rows, columns, 1);
    if (data !== undefined) checkLength('Matrix', 'data', data, rows * columns);
    this.rows = rows;
    this.columns = columns;
    this.data = data ?? new Float64Array(rows * columns);
  }

  /** The matrix of some rows, copied. @throws DomainError unless every row has the same number of elements. */
  static fromRows(rows: readonly ArrayLike<number>[]): Matrix {
    const columns = columnsOf('Matrix.fromRows', rows);
    const matrix = new Matrix(rows.length, columns);
    for (const [i, row] of rows.entries()) matrix.data.set(row, i * columns);
    return matrix;
  }

  /** Element (i, j). @throws DomainError outside the matrix. */
  at(i: number, j: number): number {
    checkIndex('Matrix.at', this, i, j);
    return this.data[i * this.columns + j]!;
  }

  /** The elements as an array of rows. */
  toRows(): number[][] {
    return rowsOf(this, 1);
  }
}

/** A complex matrix, interleaved: element (i, j) is data[2(i·columns + j)] + i·data[2(i·columns + j) + 1]. */
export class ComplexMatrix implements MatrixShape {
  /** Its elements are complex. */
  readonly field = 'complex';
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** 2·rows·columns numbers, row-major: Re, Im, Re, Im, …. */
  readonly data: Float64Array;

  /** @throws ShapeError unless `data` has 2·rows·columns elements; CapacityError above 4 GiB. */
  constructor(rows: number, columns: number, data?: Float64Array) {
    checkShape('ComplexMatrix', rows, columns, 2);
    if (data !== undefined) checkLength('ComplexMatrix', 'data', data, 2 * rows * columns);
    this.rows = rows;
    this.columns = columns;
    this.data = data ?? new Float64Array(2 * rows * columns);
  }

  /** The same matrix with imaginary parts 0. */
  static fromReal({ rows, columns, data }: Matrix): ComplexMatrix {
    const matrix = new ComplexMatrix(rows, columns);
    for (let i = 0; i < data.length; i++) matrix.data[2 * i] = data[i]!;
    return matrix;
  }

  /** Rows of complex.js numbers, pairs [re, im] or real numbers. @throws DomainError unless all rows have the same length. */
  static fromRows(rows: readonly ArrayLike<ComplexLike>[]): ComplexMatrix {
    const columns = columnsOf('ComplexMatrix.fromRows', rows);
    const matrix = new ComplexMatrix(rows.length, columns);
    for (const [i, row] of rows.entries()) {
      for (let j = 0; j < columns; j++) matrix.data.set(partsOf(row[j]!), 2 * (i * columns + j));
    }
    return matrix;
  }

  /** Element (i, j). @throws DomainError outside the matrix. */
  at(i: number, j: number): Complex {
    checkIndex('ComplexMatrix.at', this, i, j);
    const at = 2 * (i * this.columns + j);
    return new Complex(this.data[at]!, this.data[at + 1]!);
  }

  /** Rows of interleaved numbers. */
  toRows(): number[][] {
    return rowsOf(this, 2);
  }
}

/** A matrix over either field. */
export type AnyMatrix = Matrix | ComplexMatrix;

/** The n×n identity. */
export function identity(n: number): Matrix {
  const matrix = new Matrix(n, n);
  for (let i = 0; i < n; i++) matrix.data[i * n + i] = 1;
  return matrix;
}

function checkShape(where: string, rows: number, columns: number, width: number): void {
  checkInteger(where, 'rows', rows, 0);
  checkInteger(where, 'columns', columns, 0);
  const bytes = 8 * width * rows * columns;
  if (bytes <= MAX_BYTES) return;
  throw new CapacityError(
    `${where}: rows·columns must need at most ${MAX_BYTES} bytes, but ${rows}×${columns} needs ${bytes}. Use an operator.`,
    bytes,
  );
}

function checkIndex(where: string, { rows, columns }: MatrixShape, i: number, j: number): void {
  checkInteger(where, 'i', i, 0, rows - 1);
  checkInteger(where, 'j', j, 0, columns - 1);
}

function columnsOf(where: string, rows: readonly ArrayLike<unknown>[]): number {
  const columns = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd < 0) return columns;
  throw new DomainError(`${where}: every row must have ${columns} elements, but row ${odd} has ${rows[odd]!.length}.`);
}

function rowsOf({ rows, columns, data }: MatrixShape, width: number): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns * width, (i + 1) * columns * width)]);
}
