import { sizeOf } from './array-file.ts';
import { decodeNumbers, type ElementType, type NumberType } from './element-types.ts';
import { checkMemory, memoryBudget, memoryOf, type ReadOptions } from './memory-budget.ts';
import type { ArrayData, NamedArray } from './named-array.ts';
import { NPY_PREFIX, type NpyFault, npyDataStart, npyFault, npyHeader } from './npy-header.ts';
import { rowMajor } from './row-major.ts';

const REALS = new Set(['b1', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8']);

/** An array of numbers as the header of its .npy file describes it. */
export interface NpyLayout {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where its data begin. */
  readonly dataStart: number;
  /** Bytes that it counts for in memory. */
  readonly memory: number;
}

/**
 * Reads a .npy file, versions 1.0 to 3.0: booleans, integers, floats and complex numbers of either byte order, row-major or
 * Fortran order. The result is row-major; half precision becomes f32 and booleans become bytes.
 *
 * @param source what to call the file; the array's name is it without `.npy`.
 * @throws FormatError with the offset; CapacityError above `maxBytes`.
 * @source numpy.lib.format
 */
export function readNpy(bytes: Uint8Array, source = 'array.npy', options: ReadOptions = {}): NamedArray {
  const layout = npyLayout((length) => bytes.subarray(0, length), bytes.length, source);
  checkMemory('readNpy', source, layout.memory, memoryBudget(bytes.length, options));
  return decodeNpy(bytes, layout, source.replace(/\.npy$/, ''));
}

/**
 * What the header of a .npy file says, held against the size of the file.
 *
 * @param start gives the first bytes of the file.
 */
export function npyLayout(start: (length: number) => Uint8Array, size: number, source: string): NpyLayout {
  const fault = npyFault(source);
  const dataStart = npyDataStart(start(NPY_PREFIX), size, fault);
  const { descr, fortran, shape, textStart } = npyHeader(start(dataStart), fault);
  const { type, littleEndian } = parseDescr(descr, textStart, fault);
  const needed = sizeOf(shape, type);
  if (needed === null)
    throw fault(`have a shape below 2^50 bytes, but it has (${shape.join(', ')})`, textStart, 'shape');
  const stored = size - dataStart;
  if (stored !== needed.bytes) {
    throw fault(
      `have ${needed.bytes} bytes of data for its shape (${shape.join(', ')}), but it has ${stored}`,
      Math.min(size, dataStart + needed.bytes),
    );
  }
  return { type, littleEndian, fortran, shape, dataStart, memory: memoryOf(needed.elements, type.complex) };
}

/** The array in the bytes of a .npy file of that layout. */
export function decodeNpy(bytes: Uint8Array, layout: NpyLayout, name: string): NamedArray {
  const { type, littleEndian, fortran, shape, dataStart } = layout;
  const numbers = decodeNumbers(bytes.subarray(dataStart), type.number, littleEndian);
  return {
    name,
    shape,
    data: fortran ? (rowMajor(numbers, shape, type.complex ? 2 : 1) as ArrayData) : numbers,
    ...(type.complex ? { complex: true } : {}),
  };
}

function parseDescr(descr: string, start: number, fault: NpyFault): { type: ElementType; littleEndian: boolean } {
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
