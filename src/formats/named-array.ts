import { DomainError, ShapeError } from '../core/errors.ts';

/** Element types that leave this package. */
export type ArrayData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** An array with a name, row-major. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: ArrayData;
}

/** The bytes of an array as they lie in memory: little-endian on every machine that runs JavaScript today. */
export function bytesOf(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * @throws ShapeError unless the product of the shape is the number of elements.
 * @throws DomainError if two arrays have one name, or a name is empty, holds a path separator or a control character.
 */
export function checkNamedArrays(where: string, arrays: readonly NamedArray[]): void {
  const names = new Set<string>();
  for (const { name, shape, data } of arrays) {
    if (!/^[^/\\\p{Cc}]+$/u.test(name) || names.has(name)) {
      throw new DomainError(
        `${where}: arrays must have different names without a path, but one is ${JSON.stringify(name)}.`,
      );
    }
    names.add(name);
    const product = shape.reduce((total, size) => total * size, 1);
    if (product === data.length && shape.every((size) => Number.isSafeInteger(size) && size >= 0)) continue;
    throw new ShapeError(
      `${where}: ${name} must have ${product} elements for shape [${shape.join(', ')}], but it has ${data.length}.`,
    );
  }
}
