import { FormatError } from '../core/errors.ts';
import { checkMemory, MAX_BYTES, type ReadOptions, sizeOf } from './array-file.ts';
import { decodeNumbers, type ElementType, type NumberType } from './element-types.ts';
import type { ArrayData, NamedArray } from './named-array.ts';
import { rowMajor } from './row-major.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** Longest header that is read: shapes and types that are read need a hundredth of it. */
const MAX_HEADER = 1 << 20;
const REALS = new Set(['b1', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8']);

/** What a header says. */
interface Header {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Makes a fault of the file at an offset, in a field of the header if it is one. */
type Fault = (message: string, offset: number, field?: string) => FormatError;

/**
 * Reads a .npy file, versions 1.0 to 3.0: booleans, integers, floats and complex numbers of either byte order, row-major or
 * Fortran order. The result is row-major; half precision becomes f32 and booleans become bytes.
 *
 * @param source what to call the file; the array's name is it without `.npy`.
 * @throws FormatError with the offset; CapacityError above `maxBytes`.
 * @source numpy.lib.format
 */
export function readNpy(
  bytes: Uint8Array,
  source = 'array.npy',
  { maxBytes = MAX_BYTES }: ReadOptions = {},
): NamedArray {
  const fault: Fault = (message, offset, field) =>
    new FormatError(`readNpy: ${source} must ${message}.`, {
      source,
      offset,
      ...(field === undefined ? {} : { field }),
    });
  const { text, textStart, dataStart } = headerText(bytes, fault);
  const { type, littleEndian, fortran, shape } = parseHeader(text, textStart, fault);
  const size = sizeOf(shape, type);
  if (size === null) throw fault(`have a shape below 2^53 bytes, but it has (${shape.join(', ')})`, textStart, 'shape');
  const stored = bytes.length - dataStart;
  if (stored !== size.bytes) {
    throw fault(
      `have ${size.bytes} bytes of data for its shape (${shape.join(', ')}), but it has ${stored}`,
      Math.min(bytes.length, dataStart + size.bytes),
    );
  }
  checkMemory('readNpy', source, size.bytes, maxBytes);
  const numbers = decodeNumbers(bytes.subarray(dataStart), type.number, littleEndian);
  return {
    name: source.replace(/\.npy$/, ''),
    shape,
    data: fortran ? (rowMajor(numbers, shape, type.complex ? 2 : 1) as ArrayData) : numbers,
    ...(type.complex ? { complex: true } : {}),
  };
}

function headerText(bytes: Uint8Array, fault: Fault): { text: string; textStart: number; dataStart: number } {
  const wrong = MAGIC.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) throw fault('begin with \\x93NUMPY, but it does not', wrong);
  const version = bytes[6];
  if (version === undefined || bytes.length < 12) throw fault(`have a header, but it ends at ${bytes.length}`, 6);
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw fault(`have version 1.0, 2.0 or 3.0, but it has ${version}.${bytes[7]}`, 6);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textStart = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) throw fault(`have a header of at most ${MAX_HEADER} bytes, but it has ${length}`, 8);
  const dataStart = textStart + length;
  if (dataStart > bytes.length) {
    throw fault(`reach byte ${dataStart}, where its header ends, but it ends at ${bytes.length}`, bytes.length);
  }
  return { text: new TextDecoder('latin1').decode(bytes.subarray(textStart, dataStart)), textStart, dataStart };
}

/** Reads the dictionary of a header: three keys in any order, in the syntax Python prints. */
function parseHeader(text: string, start: number, fault: Fault): Header {
  let at = 0;
  const take = (pattern: RegExp, wanted: string, field?: string): readonly string[] => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) throw fault(`have ${wanted} in its header, but it has not`, start + at, field);
    at = pattern.lastIndex;
    return found;
  };
  const values = new Map<string, string>();
  take(/\s*\{\s*/y, 'a dictionary');
  while (text[at] !== '}') {
    const place = start + at;
    const key = take(/(['"])(descr|fortran_order|shape)\1\s*:\s*/y, 'only the keys descr, fortran_order and shape')[2]!;
    if (values.has(key)) throw fault(`have one ${key} in its header, but it has two`, place, key);
    if (key === 'descr') values.set(key, take(/(['"])([^'"]*)\1\s*/y, 'a descr of one number type', key)[2]!);
    else if (key === 'shape') values.set(key, take(/\(([\d,L\s]*)\)\s*/y, 'a shape of integers', key)[1]!);
    else values.set(key, take(/(True|False)\s*/y, 'a fortran_order of True or False', key)[1]!);
    if (text[at] !== '}') take(/,\s*/y, 'a comma between entries', key);
  }
  take(/\}\s*$/y, 'nothing after its dictionary');
  for (const key of ['descr', 'fortran_order', 'shape']) {
    if (!values.has(key)) throw fault(`have ${key} in its header, but it has not`, start, key);
  }
  return {
    ...parseDescr(values.get('descr')!, start, fault),
    fortran: values.get('fortran_order') === 'True',
    shape: parseShape(values.get('shape')!, start, fault),
  };
}

function parseDescr(descr: string, start: number, fault: Fault): { type: ElementType; littleEndian: boolean } {
  const [, order, name = ''] = /^([<>|])([biufc]\d{1,2})$/.exec(descr) ?? [];
  const littleEndian = order !== '>';
  if (order !== undefined && (order !== '|' || name.endsWith('1'))) {
    if (REALS.has(name)) return { type: { number: name as NumberType, complex: false }, littleEndian };
    if (name === 'c8') return { type: { number: 'f4', complex: true }, littleEndian };
    if (name === 'c16') return { type: { number: 'f8', complex: true }, littleEndian };
  }
  throw fault(
    `have booleans, integers, or floats or complex numbers of at most 8 bytes a part, but its descr is ${JSON.stringify(descr)}`,
    start,
    'descr',
  );
}

function parseShape(list: string, start: number, fault: Fault): number[] {
  const sizes = list.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  return sizes.map((size) => {
    if (!/^\d+L?$/.test(size)) throw fault(`have a shape of integers, but it has (${list})`, start, 'shape');
    return Number(size.replace('L', ''));
  });
}
