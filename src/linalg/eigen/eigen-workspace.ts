import type { Backend } from '../../backend/backend.ts';
import { leadingDimension } from '../../backend/contract/eigen.ts';
import type { Block } from '../../backend/memory.ts';
import { CapacityError } from '../../core/errors.ts';
import { checkFiniteMatrix } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';

/** Kernels work without own scaling while the largest |Re|, |Im| lies between these. */
const SMALLEST = 1e-138;
const LARGEST = 1e138;
/** Bytes a 32-bit memory holds; indices of numbers must fit 31 bits. */
const MEMORY = 2 ** 32;
const MAX_NUMBERS = 2 ** 31;
/** Up to this order the matrices are parts of one block: allocating each would take longer than the eigenvalues. */
const SMALL = 16;
/** Numbers in the small order's block besides matrices: work space, vectors. */
const SPARE = 512;

/** Numbers an element takes. */
export type Width = 1 | 2;

/** A matrix in a backend's memory, times 2^−exponent. */
export interface Loaded {
  readonly block: Block<'f64'>;
  readonly exponent: number;
}

/** Matrices of one order in a backend's memory, in the layout of the eigenvalue kernels. Use inside `memory.scope`. */
export class EigenWorkspace {
  readonly n: number;
  readonly backend: Backend;
  /** What is left of a small order's block; null before its first use. */
  #room: Block<'f64'> | null = null;
  readonly #capacity: number;
  #used = 0;

  /** @throws CapacityError unless `complex` + `real` matrices of order n fit a 32-bit memory. */
  constructor(
    where: string,
    backend: Backend,
    n: number,
    matrices: { readonly complex: number; readonly real: number },
  ) {
    this.n = n;
    this.backend = backend;
    const numbers = 2 * leadingDimension(n, 2) * (n + 3);
    const capacity = (matrices.complex + 0.5 * matrices.real) * numbers + 16 * n;
    const bytes = 8 * capacity;
    this.#capacity = n <= SMALL ? Math.ceil(capacity) + SPARE : 0;
    if (bytes > MEMORY - backend.memory.bytesInUse || numbers >= MAX_NUMBERS) {
      throw new CapacityError(
        `${where}: a must fit in 4 GiB together with its work space, but order ${n} needs ${bytes} bytes. Use an iterative method for a few eigenvalues.`,
        bytes,
      );
    }
  }

  /** Distance of rows in elements. */
  ld(width: Width): number {
    return leadingDimension(this.n, width);
  }

  /** Zeros. */
  numbers(length: number): Block<'f64'> {
    const start = this.#used;
    if (start + length > this.#capacity) return this.backend.memory.allocate('f64', length);
    this.#room ??= this.backend.memory.allocate('f64', this.#capacity);
    this.#used += length + (length & 1);
    return this.#room.part(start, length);
  }

  /** A zero matrix of n rows and `spare` more. */
  matrix(width: Width, spare = 0): Block<'f64'> {
    return this.numbers(width * this.ld(width) * (this.n + spare));
  }

  /**
   * a·2^−exponent, with the exponent that brings its largest element into the kernels' range: 0 for all ordinary matrices.
   *
   * @throws NonFiniteError naming the first element that is not finite.
   */
  load(where: string, a: AnyMatrix): Loaded {
    checkFiniteMatrix(where, 'a', a);
    const exponent = exponentFor(largestOf(a.data));
    const width = a.field === 'complex' ? 2 : 1;
    const block = this.matrix(width);
    copyRows(a.data, width * this.n, block.view(), width * this.ld(width), this.n, width * this.n, -exponent);
    return { block, exponent };
  }

  /** A complex block as a value, multiplied by 2^exponent. */
  unload(block: Block<'f64'>, exponent = 0): ComplexMatrix {
    const matrix = new ComplexMatrix(this.n, this.n);
    copyRows(block.view(), 2 * this.ld(2), matrix.data, 2 * this.n, this.n, 2 * this.n, exponent);
    return matrix;
  }

  /** A real block as a value, multiplied by 2^exponent. */
  unloadReal(block: Block<'f64'>, exponent = 0): Matrix {
    const matrix = new Matrix(this.n, this.n);
    copyRows(block.view(), this.ld(1), matrix.data, this.n, this.n, this.n, exponent);
    return matrix;
  }

  /** The diagonal of a complex triangular block, interleaved, multiplied by 2^exponent. */
  diagonal(t: Block<'f64'>, exponent: number): Float64Array {
    const from = t.view();
    const values = new Float64Array(2 * this.n);
    for (let i = 0; i < this.n; i++) {
      const p = 2 * i * (this.ld(2) + 1);
      values[2 * i] = from[p]!;
      values[2 * i + 1] = from[p + 1]!;
    }
    return scale(values, exponent);
  }

  /** The same from a real quasi-triangular block with standard 2×2 blocks [[m, b], [c, m]]: m ± i√(−bc). */
  blockDiagonal(t: Block<'f64'>, exponent: number): Float64Array {
    const from = t.view();
    const ld = this.ld(1);
    const values = new Float64Array(2 * this.n);
    for (let i = 0; i < this.n; i++) {
      const p = i * (ld + 1);
      values[2 * i] = from[p]!;
      const below = i + 1 < this.n ? from[p + ld]! : 0;
      if (below === 0) continue;
      const omega = Math.sqrt(Math.abs(from[p + 1]!)) * Math.sqrt(Math.abs(below));
      values.set([from[p]!, omega, from[p]!, -omega], 2 * i);
      i++;
    }
    return scale(values, exponent);
  }
}

function copyRows(
  from: Float64Array,
  fromStride: number,
  to: Float64Array,
  toStride: number,
  rows: number,
  count: number,
  exponent: number,
): void {
  for (let i = 0; i < rows; i++) {
    const [p, q] = [i * fromStride, i * toStride];
    for (let k = 0; k < count; k++) to[q + k] = from[p + k]!;
  }
  scale(to, exponent);
}

/** Multiplies in place by 2^exponent. */
function scale(data: Float64Array, exponent: number): Float64Array {
  if (exponent === 0) return data;
  for (let k = 0; k < data.length; k++) data[k] = timesPowerOfTwo(data[k]!, exponent);
  return data;
}

function exponentFor(largest: number): number {
  if (largest === 0 || (largest >= SMALLEST && largest <= LARGEST)) return 0;
  return exponentOf(largest);
}
