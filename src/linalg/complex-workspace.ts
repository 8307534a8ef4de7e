import type { Backend } from '../backend/backend.ts';
import { leadingDimension } from '../backend/contract/eigen.ts';
import type { Block } from '../backend/memory.ts';
import { CapacityError, NonFiniteError } from '../core/errors.ts';
import { type AnyMatrix, ComplexMatrix } from './matrix.ts';

/** Kernels work without own scaling while the largest |Re|, |Im| lies between these. */
const SMALLEST = 1e-138;
const LARGEST = 1e138;
/** Bytes a 32-bit memory holds; indices of numbers must also fit 31 bits, which is less strict for n up to 16,000. */
const MEMORY = 2 ** 32;
const MAX_NUMBERS = 2 ** 31;

/** Matrices of one order in a backend's memory, in the layout of the eigenvalue kernels. Valid inside `memory.scope`. */
export class ComplexWorkspace {
  readonly n: number;
  readonly ld: number;
  readonly backend: Backend;

  /** @throws CapacityError unless `matrices` of order n fit a 32-bit memory. */
  constructor(where: string, backend: Backend, n: number, matrices: number) {
    this.n = n;
    this.ld = leadingDimension(n);
    this.backend = backend;
    const numbers = 2 * this.ld * (n + 3);
    const bytes = 8 * (matrices * numbers + 16 * n);
    if (bytes > MEMORY - backend.memory.bytesInUse || numbers >= MAX_NUMBERS) {
      throw new CapacityError(
        `${where}: a must fit in 4 GiB together with its work space, but order ${n} needs ${bytes} bytes. Use an iterative method for a few eigenvalues.`,
        bytes,
      );
    }
  }

  numbers(length: number): Block<'f64'> {
    return this.backend.memory.allocate('f64', length);
  }

  /** A zero matrix of n rows and `spare` more. */
  matrix(spare = 0): Block<'f64'> {
    return this.numbers(2 * this.ld * (this.n + spare));
  }

  /**
   * a·2^−exponent as a new block, with the exponent that brings its largest element into the kernels' range; 0 for all
   * ordinary matrices.
   *
   * @throws NonFiniteError naming the first element that is not finite.
   */
  load(where: string, a: AnyMatrix): { readonly block: Block<'f64'>; readonly exponent: number } {
    const exponent = exponentFor(largestPart(where, a.data));
    const block = this.matrix();
    const to = block.view();
    const [first, second] = powersOfTwo(-exponent);
    const { n, ld } = this;
    const { data } = a;
    const width = a.field === 'complex' ? 2 : 1;
    for (let i = 0; i < n; i++) {
      let p = 2 * i * ld;
      for (let k = i * n * width; k < (i + 1) * n * width; k += width, p += 2) {
        to[p] = data[k]! * first * second;
        if (width === 2) to[p + 1] = data[k + 1]! * first * second;
      }
    }
    return { block, exponent };
  }

  /** A block of {@link matrix} as a value, multiplied by 2^exponent. */
  unload(block: Block<'f64'>, exponent = 0): ComplexMatrix {
    const { n, ld } = this;
    const matrix = new ComplexMatrix(n, n);
    const { data } = matrix;
    const from = block.view();
    const [first, second] = powersOfTwo(exponent);
    for (let i = 0; i < n; i++) {
      const p = 2 * i * ld;
      for (let j = 0; j < 2 * n; j++) data[2 * i * n + j] = from[p + j]! * first * second;
    }
    return matrix;
  }

  /** The diagonal of a block, interleaved, multiplied by 2^exponent. */
  diagonal(block: Block<'f64'>, exponent: number): Float64Array {
    const from = block.view();
    const values = new Float64Array(2 * this.n);
    const [first, second] = powersOfTwo(exponent);
    for (let i = 0; i < this.n; i++) {
      const p = 2 * (i * this.ld + i);
      values[2 * i] = from[p]! * first * second;
      values[2 * i + 1] = from[p + 1]! * first * second;
    }
    return values;
  }
}

function largestPart(where: string, data: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!);
    if (!(size < Number.POSITIVE_INFINITY)) {
      throw new NonFiniteError(`${where}: a must be finite, but a.data[${i}] is ${data[i]}.`);
    }
    if (size > largest) largest = size;
  }
  return largest;
}

function exponentFor(largest: number): number {
  if (largest === 0 || (largest >= SMALLEST && largest <= LARGEST)) return 0;
  return Math.floor(Math.log2(largest));
}

/** Two factors whose product is 2^exponent: one of them alone could leave the range. */
function powersOfTwo(exponent: number): readonly [number, number] {
  const half = Math.trunc(exponent / 2);
  return [2 ** half, 2 ** (exponent - half)];
}
