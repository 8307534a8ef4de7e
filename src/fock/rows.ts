import { NonFiniteError, ShapeError } from '../core/errors.ts';

/** A matrix as a description writes it: an array of rows of equal length. */
export type Rows = readonly (readonly number[])[];

/** A row-major matrix. */
export interface RowMajor {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/**
 * Copies rows into one array, checking them.
 *
 * @param shape what each side must be; undefined leaves a side free (but at least 1).
 * @throws ShapeError, NonFiniteError naming the matrix and the row.
 */
export function rowMajor(
  where: string,
  name: string,
  matrix: Rows,
  shape: { readonly rows?: number; readonly columns?: number },
): RowMajor {
  const rows = shape.rows ?? matrix.length;
  const columns = shape.columns ?? matrix[0]?.length ?? 0;
  if (matrix.length !== rows || rows === 0 || columns === 0) {
    const wanted = `${shape.rows ?? 'at least 1'} rows of ${shape.columns ?? 'at least 1'}`;
    throw new ShapeError(`${where}: ${name} must have ${wanted} numbers, but it has ${matrix.length} rows.`);
  }
  const data = new Float64Array(rows * columns);
  for (const [i, row] of matrix.entries()) {
    if (row.length !== columns) {
      throw new ShapeError(`${where}: ${name}[${i}] must have ${columns} numbers, but it has ${row.length}.`);
    }
    for (const [j, value] of row.entries()) {
      if (!Number.isFinite(value)) {
        throw new NonFiniteError(`${where}: ${name} must be finite, but ${name}[${i}][${j}] is ${value}.`);
      }
      data[i * columns + j] = value;
    }
  }
  return { rows, columns, data };
}

/** A x for a vector of A's columns. Every element is one left-to-right sum. */
export function applyRows({ rows, columns, data }: RowMajor, x: ArrayLike<number>): Float64Array {
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * x[j]!;
    y[i] = sum;
  }
  return y;
}
