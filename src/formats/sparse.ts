import { FormatError } from '../core/errors.ts';
import type { ArrayFile } from './array-file.ts';
import { describeJson } from './json.ts';
import { checkMemory, memoryOf } from './memory-budget.ts';
import type { ArrayData, NamedArray } from './named-array.ts';

/** How scipy.sparse.save_npz stored a matrix. */
export interface SparseKind {
  /** `csr`, `csc`, `bsr`, `coo` or `dia`. */
  readonly format: string;
  /** Its elements are booleans: those given twice stay 1. */
  readonly boolean: boolean;
}

/** The stored elements of a sparse matrix and where they belong. */
interface Stored {
  readonly parts: ArrayFile;
  readonly shape: readonly number[];
  readonly values: Omit<NamedArray, 'name'>;
  /** Adds stored element `from` to the element at `index`, row-major. */
  readonly add: (index: number, from: number) => void;
}

/** Fills the dense matrix; returns nothing. */
type Unpack = (stored: Stored) => void;

const UNPACK: ReadonlyMap<string, { readonly members: readonly string[]; readonly unpack: Unpack }> = new Map([
  ['csr', { members: ['indptr', 'indices'], unpack: (stored) => compressed(stored, false) }],
  ['csc', { members: ['indptr', 'indices'], unpack: (stored) => compressed(stored, true) }],
  ['bsr', { members: ['indptr', 'indices'], unpack: (stored) => compressed(stored, false) }],
  ['coo', { members: ['row', 'col', 'coords'], unpack: coordinates }],
  ['dia', { members: ['offsets'], unpack: diagonals }],
]);

/** Whether arrays of these names may be a sparse matrix; `format` must hold a text then. */
export function isSparseFile(names: readonly string[]): boolean {
  return ['format', 'shape', 'data'].every((name) => names.includes(name));
}

/** Bytes that the dense matrix and the arrays it is made of need. */
export function sparseMemory(parts: ArrayFile, { format }: SparseKind): number {
  const { members } = unpackerOf(parts, format);
  const needed = ['data', ...members.filter((name) => parts.names.includes(name))];
  const elements = shapeOf(parts).reduce((product, size) => product * size, 1);
  return needed.reduce((sum, name) => sum + parts.memory(name), memoryOf(elements, true));
}

/**
 * A sparse matrix as a dense array of the type of its elements, row-major: what `toarray()` gives in SciPy. Elements given twice are added.
 *
 * @throws FormatError naming the array at fault; CapacityError above the file's `maxBytes`, before anything large is allocated.
 * @source scipy.sparse, save_npz and the documentation of each format
 */
export function readSparse(parts: ArrayFile, kind: SparseKind): Omit<NamedArray, 'name'> {
  const { unpack } = unpackerOf(parts, kind.format);
  checkMemory('openNpz', `the dense matrix of ${parts.source}`, sparseMemory(parts, kind), parts.maxBytes);
  const shape = shapeOf(parts);
  const values = parts.read('data');
  const width = values.complex ? 2 : 1;
  const length = shape.reduce((product, size) => product * size, width);
  // Of one class, which TypeScript cannot say of a union of arrays.
  const [dense, from] = [new (values.data.constructor as Float64ArrayConstructor)(length), values.data as Float64Array];
  unpack({
    parts,
    shape,
    values,
    add: kind.boolean
      ? (index, k) => {
          if (from[k] !== 0) dense[index] = 1;
        }
      : (index, k) => {
          for (let part = 0; part < width; part++) dense[width * index + part]! += from[width * k + part]!;
        },
  });
  return { shape, data: dense as ArrayData, ...(values.complex ? { complex: true } : {}) };
}

function unpackerOf(parts: ArrayFile, format: string) {
  const found = UNPACK.get(format);
  if (found !== undefined) return found;
  throw faultOf(parts, 'format', `be ${[...UNPACK.keys()].join(', ')}, but it is ${describeJson(format)}`);
}

function faultOf({ source }: ArrayFile, field: string, message: string): FormatError {
  return new FormatError(`openNpz: ${field} of the sparse matrix ${source} must ${message}.`, { source, field });
}

/** Integers of an array. */
function integersOf(parts: ArrayFile, name: string): Float64Array {
  const { data, complex } = parts.read(name);
  if (data instanceof Float32Array || data instanceof Float64Array || complex) {
    throw faultOf(parts, name, 'hold integers, but it does not');
  }
  return Float64Array.from(data as Int32Array, Number);
}

function shapeOf(parts: ArrayFile): number[] {
  const many = parts.memory('shape') > memoryOf(64, false);
  const shape = many ? [] : [...integersOf(parts, 'shape')];
  const valid = shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (valid && Number.isSafeInteger(16 * shape.reduce((product, size) => product * size, 1))) return shape;
  throw faultOf(parts, 'shape', 'hold sizes whose product is below 2^49, but it does not');
}

/** Rows, or columns if `transposed`, one after another: where each begins and the columns of its blocks. */
function compressed({ parts, shape, values, add }: Stored, transposed: boolean): void {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
  const [count, R, C] = values.shape.length === 1 ? [values.shape[0]!, 1, 1] : (values.shape as number[]);
  const [majors, minors] = transposed ? [columns, rows] : [rows / R!, columns / C!];
  const fits = shape.length <= 2 && (values.shape.length === 1 || (values.shape.length === 3 && !transposed));
  if (!fits || !Number.isSafeInteger(majors) || !Number.isSafeInteger(minors)) {
    throw faultOf(
      parts,
      'data',
      `hold elements or blocks of a matrix [${shape.join(', ')}], but it is [${values.shape.join(', ')}]`,
    );
  }
  const starts = integersOf(parts, 'indptr');
  const indices = integersOf(parts, 'indices');
  if (indices.length !== count)
    throw faultOf(parts, 'indices', `hold ${count} indices, but it holds ${indices.length}`);
  const rising = starts.every((start, k) => start >= (starts[k - 1] ?? 0));
  if (starts.length !== majors + 1 || starts[0] !== 0 || !rising || !(starts.at(-1)! <= count!)) {
    throw faultOf(parts, 'indptr', `rise from 0 to at most ${count} in ${majors + 1} numbers, but it does not`);
  }
  for (let major = 0; major < majors; major++) {
    for (let k = starts[major]!; k < starts[major + 1]!; k++) {
      const minor = indexBelow(parts, 'indices', indices[k]!, minors);
      const first = transposed ? minor * columns + major : major * R! * columns + minor * C!;
      for (let i = 0; i < R!; i++) for (let j = 0; j < C!; j++) add(first + i * columns + j, (k * R! + i) * C! + j);
    }
  }
}

/** An index for each axis of every element: `row` and `col`, or `coords`. */
function coordinates({ parts, shape, values, add }: Stored): void {
  const count = values.shape.length === 1 ? values.shape[0]! : Number.NaN;
  const together = parts.names.includes('coords');
  const axes = together
    ? [...shape.keys()].map((axis) => integersOf(parts, 'coords').subarray(axis * count, (axis + 1) * count))
    : [integersOf(parts, 'row'), integersOf(parts, 'col')];
  const name = together ? 'coords' : 'row and col';
  if (together ? parts.memory('coords') !== memoryOf(shape.length * count, false) : shape.length !== 2) {
    throw faultOf(parts, name, `have an index for each axis of [${shape.join(', ')}] and element, but it has not`);
  }
  if (!axes.every(({ length }) => length === count))
    throw faultOf(parts, name, `hold an index of each element, but it does not`);
  for (let k = 0; k < count; k++) {
    let index = 0;
    for (const [axis, indices] of axes.entries()) {
      index = index * shape[axis]! + indexBelow(parts, name, indices[k]!, shape[axis]!);
    }
    add(index, k);
  }
}

/** Row k of `data` is the diagonal at `offsets[k]`, each element in its own column. */
function diagonals({ parts, shape, values, add }: Stored): void {
  const offsets = integersOf(parts, 'offsets');
  const [rows = 0, columns = 0] = shape;
  const [count, length = 0] = values.shape;
  if (shape.length !== 2 || values.shape.length !== 2 || count !== offsets.length) {
    throw faultOf(
      parts,
      'data',
      `hold a row for each of ${offsets.length} diagonals, but it is [${values.shape.join(', ')}]`,
    );
  }
  if (new Set(offsets).size !== offsets.length) throw faultOf(parts, 'offsets', 'be different, but two are equal');
  for (const [k, offset] of offsets.entries()) {
    const end = Math.min(columns, length, rows + offset);
    for (let j = Math.max(0, offset); j < end; j++) add((j - offset) * columns + j, k * length + j);
  }
}

function indexBelow(parts: ArrayFile, field: string, index: number, size: number): number {
  if (index >= 0 && index < size) return index;
  throw faultOf(parts, field, `hold indices from 0 to ${size - 1}, but it holds ${index}`);
}
