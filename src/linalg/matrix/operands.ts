/** What products and solves check about several operands, and how operands reach a backend. */
import { Complex } from 'complex.js';
import type { Backend } from '../../backend/backend.ts';
import { type ComplexPair, OPERATION_CODE, type Operation } from '../../backend/contract/dense.ts';
import type { Allocator, Block } from '../../backend/memory.ts';
import { checkChoice } from '../../core/checks.ts';
import { DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import type { AnyMatrix } from './matrix.ts';

/** @throws DomainError unless it is an operation. */
export function checkOperation(where: string, name: string, op: Operation): void {
  checkChoice(where, name, op, Object.keys(OPERATION_CODE));
}

/** Rows and columns of op(a). */
export function shapeUnder(op: Operation, { rows, columns }: AnyMatrix): readonly [rows: number, columns: number] {
  return op === 'none' ? [rows, columns] : [columns, rows];
}

/** @throws DomainError unless both matrices are over the same field. */
export function checkSameField(where: string, a: AnyMatrix, name: string, b: AnyMatrix): void {
  if (a.field === b.field) return;
  throw new DomainError(
    `${where}: ${name} must be ${a.field} like a, but it is ${b.field}. Convert with ComplexMatrix.fromReal.`,
  );
}

/** @throws ShapeError if an output shares memory with an input. */
export function checkApart(where: string, name: string, output: Float64Array, inputs: readonly Float64Array[]): void {
  const apart = ({ buffer, byteOffset, byteLength }: Float64Array): boolean =>
    buffer !== output.buffer ||
    byteOffset + byteLength <= output.byteOffset ||
    output.byteOffset + output.byteLength <= byteOffset;
  if (inputs.every(apart)) return;
  throw new ShapeError(`${where}: ${name} must not overlap an input, but it does. Give it an array of its own.`);
}

/** A block holding a copy of the numbers, of the innermost scope or a holding. */
export function put({ memory }: Backend, data: Float64Array, from: Allocator = memory): Block<'f64'> {
  const block = from.allocate('f64', data.length);
  block.view().set(data);
  return block;
}

/** Parts of a scalar for matrices like a. @throws NonFiniteError; DomainError if it is complex where they are real. */
export function pairOf(where: string, name: string, value: number | Complex, a: AnyMatrix): ComplexPair {
  const [re, im]: ComplexPair = value instanceof Complex ? [value.re, value.im] : [value, 0];
  if (!Number.isFinite(re) || !Number.isFinite(im))
    throw new NonFiniteError(`${where}: ${name} must be finite, but it is ${String(value)}.`);
  if (a.field === 'complex' || im === 0) return [re, im];
  throw new DomainError(
    `${where}: ${name} must be real like a, but it is ${String(value)}. Convert a with ComplexMatrix.fromReal.`,
  );
}
