/** What stands for matrices and lists of operators is checked before it is read. */
import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkArray, kindOf } from '../../core/kinds.ts';
import { checkFiniteMatrix, widthOf } from '../../linalg/matrix/arguments.ts';
import type { AnyMatrix } from '../../linalg/matrix/matrix.ts';

/** @throws DomainError unless a value is a Matrix or a ComplexMatrix. */
export function checkMatrix(where: string, name: string, value: unknown): asserts value is AnyMatrix {
  if (isMatrix(value)) return;
  throw new DomainError(
    `${where}: ${name} must be a Matrix or a ComplexMatrix, but it is ${kindOf(value)}. Make it with ComplexMatrix.fromRows or Matrix.fromRows.`,
  );
}

function isMatrix(value: unknown): value is AnyMatrix {
  if (typeof value !== 'object' || value === null) return false;
  const matrix = value as AnyMatrix;
  if (matrix.field !== 'real' && matrix.field !== 'complex') return false;
  return matrix.data instanceof Float64Array && matrix.data.length === widthOf(matrix) * matrix.rows * matrix.columns;
}

/** @throws DomainError unless a is a matrix; ShapeError unless it has that size; NonFiniteError. */
export function checkSize(where: string, name: string, a: AnyMatrix, rows: number, columns: number): void {
  checkMatrix(where, name, a);
  if (a.rows !== rows || a.columns !== columns)
    throw new ShapeError(`${where}: ${name} must be ${rows}×${columns}, but it is ${a.rows}×${a.columns}.`);
  checkFiniteMatrix(where, name, a);
}

/** @throws DomainError unless there are operators, all of them matrices; ShapeError unless all have one shape; NonFiniteError. */
export function checkOperators(where: string, operators: readonly AnyMatrix[]): void {
  checkArray(where, 'kraus', operators, 'matrices, one for each operator');
  checkInteger(where, 'the number of operators', operators.length, 1);
  for (const [e, operator] of operators.entries()) {
    checkMatrix(where, `operator ${e}`, operator);
    checkSize(where, `operator ${e}`, operator, operators[0]!.rows, operators[0]!.columns);
  }
}
