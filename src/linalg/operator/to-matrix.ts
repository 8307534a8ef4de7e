import { MAX_BYTES } from '../../backend/memory.ts';
import { CapacityError } from '../../core/errors.ts';
import { matrixOver } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import type { LinearOperator } from './linear-operator.ts';

/** Options of `toMatrix`. */
export interface ToMatrixOptions {
  /** Most bytes the matrix may take, up to 2³²; default {@link MATRIX_BYTES}. */
  readonly maxBytes?: number;
}

/** Most bytes of the matrix of an operator unless others are asked for. */
export const MATRIX_BYTES = 2 ** 27;

/** Columns that are applied at once. */
const COLUMNS_AT_ONCE = 64;

/**
 * The matrix of an operator, column by column, for inspection at small sizes.
 *
 * @throws CapacityError with the bytes it needs, before anything is allocated, if they exceed `maxBytes`.
 * @throws NonFiniteError if a product is not finite.
 * @cost `columns` products.
 */
export function toMatrix(operator: LinearOperator, { maxBytes = MATRIX_BYTES }: ToMatrixOptions = {}): AnyMatrix {
  const { rows, columns, width } = operator;
  const most = Math.min(maxBytes, MAX_BYTES);
  const bytes = 8 * width * rows * columns;
  if (!(bytes <= most))
    throw new CapacityError(
      `toMatrix: operator must fit in ${most} bytes, but ${rows}×${columns} needs ${bytes}. Raise maxBytes, or work with products.`,
      bytes,
    );
  const matrix = matrixOver(operator.field, rows, columns, new Float64Array(width * rows * columns));
  for (let first = 0; first < columns; first += COLUMNS_AT_ONCE) {
    const count = Math.min(COLUMNS_AT_ONCE, columns - first);
    const x = new Float64Array(columns * count * width);
    for (let k = 0; k < count; k++) x[((first + k) * count + k) * width] = 1;
    const y = operator.applyMany(x, count);
    const row = count * width;
    for (let i = 0; i < rows; i++) matrix.data.set(y.subarray(i * row, (i + 1) * row), (i * columns + first) * width);
  }
  return matrix;
}
