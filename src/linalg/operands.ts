/** What every facade of this folder checks about its operands, and how they reach a backend. */
import { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import type { ComplexPair, Operation } from '../backend/contract/dense.ts';
import { type Block, BYTES_PER_ELEMENT } from '../backend/memory.ts';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../core/errors.ts';
import type { AnyMatrix } from './matrix.ts';

/** Bytes a WebAssembly memory can hold. */
const WASM_BYTES = 2 ** 32;

/** Rows and columns of op(a). */
export function shapeUnder(op: Operation, { rows, columns }: AnyMatrix): readonly [rows: number, columns: number] {
  return op === 'none' ? [rows, columns] : [columns, rows];
}

/** @throws NonFiniteError naming the first element that is NaN or infinite. */
export function checkFiniteMatrix(where: string, name: string, { field, columns, data }: AnyMatrix): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const at = field === 'complex' ? i >> 1 : i;
    const part = field === 'real' ? '' : i % 2 === 0 ? 'the real part of ' : 'the imaginary part of ';
    const place = `${name}(${Math.floor(at / columns)}, ${at % columns})`;
    throw new NonFiniteError(`${where}: ${name} must be finite, but ${part}${place} is ${data[i]}.`);
  }
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

/** @throws CapacityError, before anything is allocated, if the backend cannot hold so many more elements of f64. */
export function checkCapacity(where: string, { kind, memory }: Backend, elements: number): void {
  const bytes = elements * BYTES_PER_ELEMENT.f64;
  if (kind === 'ts' || memory.bytesInUse + bytes <= WASM_BYTES) return;
  const inUse = memory.bytesInUse;
  throw new CapacityError(
    `${where}: operands and work space must fit into 4 GiB, but they need ${bytes} bytes beside ${inUse} in use. Split them, or use a backend of kind 'ts'.`,
    bytes,
  );
}

/** A block holding a copy of the numbers. */
export function put({ memory }: Backend, data: Float64Array): Block<'f64'> {
  const block = memory.allocate('f64', data.length);
  block.view().set(data);
  return block;
}

/** Parts of a scalar. @throws NonFiniteError unless both are finite. */
export function pairOf(where: string, name: string, value: number | Complex): ComplexPair {
  const pair: ComplexPair = value instanceof Complex ? [value.re, value.im] : [value, 0];
  if (pair.every(Number.isFinite)) return pair;
  throw new NonFiniteError(`${where}: ${name} must be finite, but it is ${String(value)}.`);
}

/** A real scalar. @throws NonFiniteError, or DomainError for a complex number where matrices are real. */
export function realOf(where: string, name: string, value: number | Complex): number {
  const [re, im] = pairOf(where, name, value);
  if (im === 0) return re;
  throw new DomainError(
    `${where}: ${name} must be real where the matrices are, but it is ${String(value)}. Convert with ComplexMatrix.fromReal.`,
  );
}
