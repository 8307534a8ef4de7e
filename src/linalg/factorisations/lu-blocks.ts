import type { Backend } from '../../backend/backend.ts';
import { factorWorkLength } from '../../backend/contract/factorisations.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import type { Block } from '../../backend/memory.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { rowBlocks } from '../matrix/row-blocks.ts';

/** Matrices and right-hand sides whose elements are all smaller are scaled up: sums of them would lose digits. */
const SMALL = 2 ** -900;
/** Fewer right-hand sides at once would read the factors too often. */
const FEWEST_COLUMNS = 16;
/** Room that a right-hand side gets for growth when the solution left the range on its way. */
const HEADROOM = 500;

/** Factors of a·2^−exponent in a backend's memory. */
export interface LuBlocks {
  readonly factors: Block<'f64'>;
  readonly pivots: Block<'i32'>;
  readonly zeroPivot: number;
  /** 0 for all ordinary matrices: then the factors are those of a, to the bit. */
  readonly exponent: number;
}

/**
 * Checks a and factorises it in the current memory scope; `extra` elements more must find room. Where a is tiny, or where its factors
 * leave the range of f64, they are those of a·2^−exponent, whose largest element is about 1.
 */
export function factorise(where: string, backend: Backend, a: AnyMatrix, extra = 0): LuBlocks {
  checkSquare(where, a, 'Use svd or qr for rectangular matrices.');
  checkFiniteMatrix(where, 'a', a);
  const [n, width] = [a.rows, widthOf(a)];
  const workLength = factorWorkLength(n, width);
  checkRoom(where, a, a.data.length + n + extra + workLength);
  const { memory, kernels } = backend;
  const [factors, pivots] = [memory.allocate('f64', a.data.length), memory.allocate('i32', n)];
  const attempt = (exponent: number): LuBlocks => {
    factors.view().set(exponent === 0 ? a.data : a.data.map((x) => timesPowerOfTwo(x, -exponent)));
    const zeroPivot = memory.scope(() => {
      const work = memory.allocate('f64', workLength);
      return kernels.lu({ a: factors, n, width, pivots, work }) - 1;
    });
    return { factors, pivots, exponent, zeroPivot };
  };
  const largest = largestOf(a.data);
  if (largest === 0 || largest >= SMALL) {
    const blocks = attempt(0);
    if (Number.isFinite(largestOf(factors.view()))) return blocks;
  }
  return attempt(exponentOf(largest));
}

/**
 * a⁻¹b from factors of a; b is interleaved like a. A column that is tiny, or whose solution leaves the range of f64 on its way, is
 * solved scaled: an element of the result is infinite only where the solution is beyond f64.
 */
export function solveColumns(
  backend: Backend,
  blocks: LuBlocks,
  width: Width,
  columns: number,
  b: Float64Array,
): Float64Array {
  const sizes = columnSizes(b, width, columns);
  const ordinary = (size: number): boolean => size === 0 || (blocks.exponent === 0 && size >= SMALL);
  const x = solveScaled(
    backend,
    blocks,
    width,
    b,
    sizes.map((size) => (ordinary(size) ? 0 : exponentOf(size))),
  );
  const lost = [...columnSizes(x, width, columns).entries()].flatMap(([j, size]) => (Number.isFinite(size) ? [] : [j]));
  if (lost.length === 0) return x;
  const rows = b.length / (width * columns);
  const some = new Float64Array(rows * width * lost.length);
  const exchange = (move: (whole: number, part: number) => void): void => {
    for (let i = 0; i < rows; i++) {
      lost.forEach((j, k) => {
        for (let part = 0; part < width; part++) {
          move((i * columns + j) * width + part, (i * lost.length + k) * width + part);
        }
      });
    }
  };
  exchange((whole, part) => {
    some[part] = b[whole]!;
  });
  const shifts = Float64Array.from(lost, (j) => exponentOf(sizes[j]!) + HEADROOM);
  const solved = solveScaled(backend, blocks, width, some, shifts);
  exchange((whole, part) => {
    // A finite number has met no infinite one: it is right, and not rounded by the scaling.
    if (!Number.isFinite(x[whole]!)) x[whole] = solved[part]!;
  });
  return x;
}

/** The same with column j scaled by 2^−shifts[j] on its way. */
function solveScaled(
  { memory, kernels }: Backend,
  { factors, pivots, exponent }: LuBlocks,
  width: Width,
  b: Float64Array,
  shifts: Float64Array,
): Float64Array {
  return memory.scope(() => {
    const [n, columns] = [pivots.length, shifts.length];
    const x = b.slice();
    timesPowers(x, width, shifts, -1, 0);
    // Twice the operations: the kernel runs at half the speed of a product.
    for (const [first, count] of rowBlocks(columns, 4 * width * width * n * n, FEWEST_COLUMNS)) {
      memory.scope(() => {
        const block = memory.allocate('f64', width * n * count);
        copyColumns(x, columns, first, block.view(), count, 0, width, n, count);
        kernels.luSolve({ factors, pivots, n, width, b: block, columns: count, adjoint: false });
        copyColumns(block.view(), count, 0, x, columns, first, width, n, count);
      });
    }
    timesPowers(x, width, shifts, 1, -exponent);
    return x;
  });
}

/** Copies `count` columns between row-major arrays of n rows. */
function copyColumns(
  from: Float64Array,
  fromColumns: number,
  fromFirst: number,
  to: Float64Array,
  toColumns: number,
  toFirst: number,
  width: Width,
  n: number,
  count: number,
): void {
  for (let i = 0; i < n; i++) {
    const start = (i * fromColumns + fromFirst) * width;
    to.set(from.subarray(start, start + count * width), (i * toColumns + toFirst) * width);
  }
}

/** Multiplies column j by 2^(sign·shifts[j] + more). */
function timesPowers(x: Float64Array, width: Width, shifts: Float64Array, sign: 1 | -1, more: number): void {
  if (more === 0 && shifts.every((shift) => shift === 0)) return;
  const stride = width * shifts.length;
  for (let at = 0; at < x.length; at++) {
    x[at] = timesPowerOfTwo(x[at]!, sign * shifts[Math.floor((at % stride) / width)]! + more);
  }
}

/** The largest |Re|, |Im| of each column, NaN or ∞ if one is not finite. */
function columnSizes(x: Float64Array, width: Width, columns: number): Float64Array {
  const sizes = new Float64Array(columns);
  const stride = width * columns;
  for (let row = 0; row < x.length; row += stride) {
    for (let k = 0; k < stride; k++) {
      const column = width === 1 ? k : k >> 1;
      sizes[column] = Math.max(sizes[column]!, Math.abs(x[row + k]!));
    }
  }
  return sizes;
}
