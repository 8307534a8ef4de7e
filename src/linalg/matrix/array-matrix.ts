import { DomainError, ShapeError } from '../../core/errors.ts';
import type { NamedArray } from '../../formats/named-array.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from './matrix.ts';

/**
 * An array of numbers as a matrix of f64: two axes are rows and columns, one axis is a column. A complex array becomes a
 * {@link ComplexMatrix}. The numbers are copied.
 *
 * @throws ShapeError for other numbers of axes, or if shape and numbers disagree; DomainError for a 64-bit integer that no f64 holds.
 * @example
 * const a = matrixFrom({ name: 'a', shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) });
 */
export function matrixFrom({ name, shape, data, complex = false }: NamedArray): AnyMatrix {
  const [rows, columns = 1] = shape;
  if (rows === undefined || shape.length > 2) {
    throw new ShapeError(`matrixFrom: ${name} must have one or two axes, but its shape is [${shape.join(', ')}].`);
  }
  const numbers =
    data instanceof BigInt64Array || data instanceof BigUint64Array
      ? Float64Array.from(data, (value, i) => exact(name, value, i))
      : Float64Array.from(data);
  return complex ? new ComplexMatrix(rows, columns, numbers) : new Matrix(rows, columns, numbers);
}

/** A matrix as an array that {@link formats.npyBytes} and its like write; the numbers are not copied. */
export function arrayFrom(name: string, { rows, columns, data, field }: AnyMatrix): NamedArray {
  return { name, shape: [rows, columns], data, ...(field === 'complex' ? { complex: true } : {}) };
}

function exact(name: string, value: bigint, i: number): number {
  const number = Number(value);
  if (BigInt(number) === value) return number;
  throw new DomainError(`matrixFrom: ${name} must hold integers that f64 holds, but ${name}[${i}] is ${value}.`);
}
