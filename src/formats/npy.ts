import { type ArrayData, bytesOf, checkNamedArrays, type NamedArray } from './named-array.ts';

/** Header and data together are a multiple of this, so that readers may map the data. */
const ALIGNMENT = 64;
const PREFIX = 10;

/**
 * One array as a .npy file, version 1.0, little-endian, row-major.
 *
 * @throws ShapeError if shape and data disagree.
 * @source numpy.lib.format, “Format Version 1.0”
 */
export function npyBytes(array: NamedArray): Uint8Array {
  checkNamedArrays('npyBytes', [array]);
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const dictionary = `{'descr': '${descr(array.data)}', 'fortran_order': False, 'shape': ${shape}, }`;
  const headerLength = Math.ceil((PREFIX + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + headerLength + array.data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY, version 1.0
  new DataView(bytes.buffer).setUint16(8, headerLength, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), PREFIX);
  bytes.set(bytesOf(array.data), PREFIX + headerLength);
  return bytes;
}

function descr(data: ArrayData): string {
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Float64Array) return '<f8';
  if (data instanceof Uint8Array) return '|u1';
  return data instanceof Int32Array ? '<i4' : '<i8';
}
