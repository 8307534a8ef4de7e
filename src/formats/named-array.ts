import { DomainError, ShapeError } from '../core/errors.ts';

/** Numbers that enter and leave this package. */
export type ArrayData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** An array with a name, row-major. */
export interface NamedArray {
  /** Name in its file. */
  readonly name: string;
  /** Length of each axis; empty for a single number. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: ArrayData;
  /** Elements are complex: `data`, a float array, holds a real and an imaginary part for each. */
  readonly complex?: boolean;
}

/** The bytes of an array as they lie in memory: little-endian on every machine that runs JavaScript today. */
export function bytesOf(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * @throws ShapeError unless the product of the shape is the number of elements.
 * @throws DomainError if two arrays have one name, or a name is empty, holds a path separator or a control character, or a complex
 * array is not of floats.
 */
export function checkNamedArrays(where: string, arrays: readonly NamedArray[]): void {
  const names = new Set<string>();
  for (const { name, shape, data, complex = false } of arrays) {
    if (!/^[^/\\\p{Cc}]+$/u.test(name) || names.has(name)) {
      throw new DomainError(
        `${where}: arrays must have different names without a path, but one is ${JSON.stringify(name)}.`,
      );
    }
    names.add(name);
    if (complex && !(data instanceof Float32Array || data instanceof Float64Array)) {
      throw new DomainError(`${where}: complex arrays must be of f32 or f64, but ${name} is not.`);
    }
    const product = shape.reduce((total, size) => total * size, complex ? 2 : 1);
    if (product === data.length && shape.every((size) => Number.isSafeInteger(size) && size >= 0)) continue;
    const numbers = complex ? 'numbers, two for each element,' : 'elements';
    throw new ShapeError(
      `${where}: ${name} must have ${product} ${numbers} for shape [${shape.join(', ')}], but it has ${data.length}.`,
    );
  }
}
