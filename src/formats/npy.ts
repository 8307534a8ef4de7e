import { ShapeError } from '../core/errors.ts';
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
  const header = npyHeader(descr(array), array.shape);
  const bytes = new Uint8Array(header.length + array.data.byteLength);
  bytes.set(header);
  bytes.set(bytesOf(array.data), header.length);
  return bytes;
}

/**
 * Rows of one length as the pieces of a .npy file of shape [rows, columns], so that they need not be joined in memory.
 *
 * @throws ShapeError if there is no row, or they differ in length.
 */
export function* npyRows(rows: readonly Float32Array[]): Generator<Uint8Array> {
  const columns = rows[0]?.length;
  const other = rows.find(({ length }) => length !== columns);
  if (columns === undefined || other !== undefined) {
    throw new ShapeError(
      `npyRows: rows must be of one length, but ${columns === undefined ? 'there is none' : `one has ${columns} and one ${other!.length} elements`}.`,
    );
  }
  yield npyHeader('<f4', [rows.length, columns]);
  for (const row of rows) yield bytesOf(row);
}

/** Everything before the data. */
function npyHeader(type: string, sizes: readonly number[]): Uint8Array {
  const shape = sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const headerLength = Math.ceil((PREFIX + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + headerLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY, version 1.0
  new DataView(bytes.buffer).setUint16(8, headerLength, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), PREFIX);
  return bytes;
}

function descr({ data, complex = false }: NamedArray): string {
  const number = numberTypeOf(data);
  if (complex) return `<c${elementBytes({ number, complex })}`;
  return elementBytes({ number, complex }) === 1 ? `|${number}` : `<${number}`;
}
