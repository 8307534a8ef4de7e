import { FormatError } from '../core/errors.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** Bytes before the text of a header, at most. */
export const NPY_PREFIX = 12;
/** Longest header that is read: shapes and types that are read need a hundredth of it. */
const MAX_HEADER = 1 << 20;

/** What the header of a .npy file says. */
export interface NpyHeader {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the text of the header begins. */
  readonly textStart: number;
}

/** Makes a fault of the file at an offset, in a field of the header if it is one. */
export type NpyFault = (message: string, offset: number, field?: string) => FormatError;

export function npyFault(source: string): NpyFault {
  return (message, offset, field) =>
    new FormatError(`readNpy: ${source} must ${message}.`, {
      source,
      offset,
      ...(field === undefined ? {} : { field }),
    });
}

/**
 * Where the data of a .npy file begin, by its first {@link NPY_PREFIX} bytes, or all where it has fewer.
 *
 * @param size bytes of the file.
 */
export function npyDataStart(prefix: Uint8Array, size: number, fault: NpyFault): number {
  const wrong = MAGIC.findIndex((byte, i) => prefix[i] !== byte);
  if (wrong >= 0) throw fault('begin with \\x93NUMPY, but it does not', wrong);
  const version = prefix[6];
  if (version === undefined || prefix.length < NPY_PREFIX) throw fault(`have a header, but it ends at ${size}`, 6);
  if (version < 1 || version > 3 || prefix[7] !== 0) {
    throw fault(`have version 1.0, 2.0 or 3.0, but it has ${version}.${prefix[7]}`, 6);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) throw fault(`have a header of at most ${MAX_HEADER} bytes, but it has ${length}`, 8);
  const dataStart = (version === 1 ? 10 : 12) + length;
  if (dataStart <= size) return dataStart;
  throw fault(`reach byte ${dataStart}, where its header ends, but it ends at ${size}`, size);
}

/**
 * Reads the dictionary of a header: three keys in any order, in the syntax Python prints.
 *
 * @param bytes the file up to where its data begin.
 */
export function npyHeader(bytes: Uint8Array, fault: NpyFault): NpyHeader {
  const textStart = bytes[6] === 1 ? 10 : 12;
  const text = new TextDecoder('latin1').decode(bytes.subarray(textStart));
  let at = 0;
  const take = (pattern: RegExp, wanted: string, field?: string): readonly string[] => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) throw fault(`have ${wanted} in its header, but it has not`, textStart + at, field);
    at = pattern.lastIndex;
    return found;
  };
  const values = new Map<string, string>();
  take(/\s*\{\s*/y, 'a dictionary');
  while (text[at] !== '}') {
    const place = textStart + at;
    const key = take(/(['"])(descr|fortran_order|shape)\1\s*:\s*/y, 'only the keys descr, fortran_order and shape')[2]!;
    if (values.has(key)) throw fault(`have one ${key} in its header, but it has two`, place, key);
    if (key === 'descr') values.set(key, take(/(['"])([^'"]*)\1\s*/y, 'a descr of one number type', key)[2]!);
    else if (key === 'shape') values.set(key, take(/\(([\d,L\s]*)\)\s*/y, 'a shape of integers', key)[1]!);
    else values.set(key, take(/(True|False)\s*/y, 'a fortran_order of True or False', key)[1]!);
    if (text[at] !== '}') take(/,\s*/y, 'a comma between entries', key);
  }
  take(/\}\s*$/y, 'nothing after its dictionary');
  for (const key of ['descr', 'fortran_order', 'shape']) {
    if (!values.has(key)) throw fault(`have ${key} in its header, but it has not`, textStart, key);
  }
  return {
    descr: values.get('descr')!,
    fortran: values.get('fortran_order') === 'True',
    shape: parseShape(values.get('shape')!, textStart, fault),
    textStart,
  };
}

function parseShape(list: string, start: number, fault: NpyFault): number[] {
  const sizes = list.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  return sizes.map((size) => {
    if (!/^\d+L?$/.test(size)) throw fault(`have a shape of integers, but it has (${list})`, start, 'shape');
    return Number(size.replace('L', ''));
  });
}
