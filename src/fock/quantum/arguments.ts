/** What callers without types can get wrong: names the function, the argument, what it must be, what came, and what to do. */
import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkFiniteMatrix, widthOf } from '../../linalg/matrix/arguments.ts';
import type { AnyMatrix } from '../../linalg/matrix/matrix.ts';

const ADVICE = 'Make it with ComplexMatrix.fromRows or Matrix.fromRows.';

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value))
    return Array.isArray(value[0]) ? 'an array of arrays' : `an array of ${value.length} elements`;
  if (typeof value === 'object') {
    const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
    return typeof name === 'string' && name !== 'Object' ? `of the class ${name}` : 'an object';
  }
  return typeof value === 'number' ? `the number ${value}` : `a ${typeof value}`;
}

/** @throws DomainError unless a value is a Matrix or a ComplexMatrix. */
export function checkMatrix(where: string, name: string, value: unknown): asserts value is AnyMatrix {
  if (isMatrix(value)) return;
  throw new DomainError(`${where}: ${name} must be a Matrix or a ComplexMatrix, but it is ${kindOf(value)}. ${ADVICE}`);
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

/** @throws DomainError unless a value is an array of at least one element. */
export function checkList(where: string, name: string, value: unknown, of: string): void {
  if (!Array.isArray(value))
    throw new DomainError(`${where}: ${name} must be an array of ${of}, but it is ${kindOf(value)}.`);
  checkInteger(where, `the number of ${of}`, value.length, 1);
}

/** @throws DomainError unless there are operators, all of them matrices; ShapeError unless all have one shape; NonFiniteError. */
export function checkOperators(where: string, operators: readonly AnyMatrix[]): void {
  checkList(where, 'kraus', operators, 'operators');
  for (const [e, operator] of operators.entries()) {
    checkMatrix(where, `operator ${e}`, operator);
    checkSize(where, `operator ${e}`, operator, operators[0]!.rows, operators[0]!.columns);
  }
}

/** @throws DomainError unless a value is a function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new DomainError(`${where}: ${name} must be a function, but it is ${kindOf(value)}.`);
}

/** @throws DomainError unless a value is an object with these members. */
export function checkMembers(
  where: string,
  name: string,
  value: unknown,
  what: string,
  members: readonly string[],
): void {
  const lacking =
    typeof value === 'object' && value !== null ? members.find((member) => !(member in value)) : members[0];
  if (lacking === undefined) return;
  throw new DomainError(`${where}: ${name} must be ${what}, but it is ${kindOf(value)} without '${lacking}'.`);
}
