import { elementBytes, numberTypeOf } from './element-types.ts';
import { bytesOf, checkNamedArrays, type NamedArray } from './named-array.ts';

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
  const dictionary = `{'descr': '${descr(array)}', 'fortran_order': False, 'shape': ${shape}, }`;
  const headerLength = Math.ceil((PREFIX + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + headerLength + array.data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY, version 1.0
  new DataView(bytes.buffer).setUint16(8, headerLength, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), PREFIX);
  bytes.set(bytesOf(array.data), PREFIX + headerLength);
  return bytes;
}

function descr({ data, complex = false }: NamedArray): string {
  const number = numberTypeOf(data);
  if (complex) return `<c${elementBytes({ number, complex })}`;
  return elementBytes({ number, complex }) === 1 ? `|${number}` : `<${number}`;
}
