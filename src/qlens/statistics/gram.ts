import type { Backend } from '../../backend/backend.ts';
import { gemmWork } from '../../backend/contract/dense.ts';
import { CapacityError, ShapeError } from '../../core/errors.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import type { UnitVectors, VectorSet } from './unit-vectors.ts';

/** Operations of one call of a kernel, about 25 ms. */
const CALL = 5e8;
/** Components taken at a time: a multiple of what the product packs, and few enough that a call stays short. */
const [FEWEST, MOST] = [32, 256];
/** Components of all vectors that are asked for at once. */
const BLOCK = 2048;
/** Two matrices of this order and their work fit into a backend's memory. */
const LARGEST = 12_000;

/**
 * Cosines c_ij = v_i·v_j of all vectors of the sets, one set behind the other; every statistic of a data set follows from them. The
 * vectors are f32, products and sums f64; each is divided by the norms of its f32 vectors, so the diagonal is 1.
 *
 * @returns n×n, symmetric.
 * @throws ShapeError if V differs or there is no vector; CapacityError above n = 12,000.
 * @accuracy absolute 1e-7/√V from the rounding of the vectors to f32; the sums add V·u. The same bits from both backends.
 * @cost n²V floating-point operations.
 */
export function cosineMatrix(backend: Backend, sets: readonly VectorSet[]): Matrix {
  const where = 'cosineMatrix';
  const V = checkSets(where, sets);
  const n = sets.reduce((sum, { count }) => sum + count, 0);
  if (n > LARGEST) {
    const bytes = 8 * n * n;
    throw new CapacityError(
      `${where}: the sets must hold at most ${LARGEST} vectors, but they hold ${n}, a matrix of ${bytes} bytes. Take fewer texts.`,
      bytes,
    );
  }
  const gram = rowProducts(backend, sets, n, V);
  const norms = Float64Array.from({ length: n }, (_, i) => Math.sqrt(gram[i * n + i]!));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = Math.max(-1, Math.min(1, gram[i * n + j]! / (norms[i]! * norms[j]!)));
      gram[i * n + j] = cosine;
      gram[j * n + i] = cosine;
    }
    gram[i * n + i] = 1;
  }
  return new Matrix(n, n, gram);
}

/** The common V of sets that are not all empty. */
function checkSets(where: string, sets: readonly VectorSet[]): number {
  const first = sets.find(({ count }) => count > 0);
  if (first === undefined)
    throw new ShapeError(`${where}: the sets must hold at least one vector, but they are empty.`);
  const other = sets.find(({ V }) => V !== first.V);
  if (other === undefined) return first.V;
  throw new ShapeError(`${where}: all sets must have V = ${first.V}, but one has ${other.V}.`);
}

/** A Aᵀ for the vectors as rows of A; the lower triangle is filled. */
function rowProducts({ memory, kernels }: Backend, sets: readonly VectorSet[], n: number, V: number): Float64Array {
  const width = Math.min(V, Math.max(FEWEST, Math.min(MOST, Math.floor(CALL / (n * n)))));
  return memory.scope(() => {
    const gram = memory.allocate('f64', n * n);
    const slab = memory.allocate('f64', n * width);
    const work = memory.allocate('f64', gemmWork('f64', n, n, width));
    for (let start = 0; start < V; start += BLOCK) {
      const length = Math.min(BLOCK, V - start);
      const rows = sets.flatMap((set) => set.block(start, length));
      for (let first = 0; first < length; first += width) {
        const k = Math.min(width, length - first);
        const values = slab.view();
        for (const [i, row] of rows.entries()) values.set(row.subarray(first, first + k), i * k);
        const shape = { op: 'none', n, k, lda: k, ldc: n, part: 'lower' } as const;
        kernels.rankUpdate({ shape, alpha: 1, a: slab, beta: start + first === 0 ? 0 : 1, c: gram, work });
      }
    }
    return gram.view().slice();
  });
}

/** Components whose products are summed in f32 before the sums are widened. */
const RUN = 512;

/**
 * Σ_{j<i} c_ij² in half the time of the sum over a {@link cosineMatrix}: products in f32, summed in f32 over 512 components and in f64
 * over the rest. It is divided by squared norms with the same rounding, so that alike vectors count 1.
 *
 * @accuracy each c_ij absolute 1e-7, typically 1e-8: relative 1e-7 for the sum.
 * @cost n²V floating-point operations and 8·n² bytes
 */
export function pairSquareSum({ memory, kernels }: Backend, set: VectorSet): number {
  const { count: n, V } = set;
  const width = Math.min(V, RUN, Math.max(FEWEST, Math.floor(CALL / (n * n))));
  const sums = new Float64Array((n * (n + 1)) / 2);
  memory.scope(() => {
    const gram = memory.allocate('f32', n * n);
    const slab = memory.allocate('f32', n * width);
    const work = memory.allocate('f32', gemmWork('f32', n, n, width));
    for (let start = 0; start < V; start += width) {
      const k = Math.min(width, V - start);
      const values = slab.view();
      for (const [i, row] of set.block(start, k).entries()) values.set(row, i * k);
      const shape = { op: 'none', n, k, lda: k, ldc: n, part: 'lower' } as const;
      kernels.rankUpdate({ shape, alpha: 1, a: slab, beta: 0, c: gram, work });
      addLower(gram.view(), n, sums);
    }
  });
  return squareSumOf(sums, n);
}

/** Adds the lower triangle of an n×n matrix, row by row, to `sums`. */
function addLower(matrix: Float32Array, n: number, sums: Float64Array): void {
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0, from = i * n; j <= i; j++) sums[at++]! += matrix[from + j]!;
  }
}

/** Σ_{j<i} G_ij²/(G_ii G_jj) of a lower triangle. */
function squareSumOf(gram: Float64Array, n: number): number {
  const squares = Float64Array.from({ length: n }, (_, i) => gram[(i * (i + 3)) / 2]!);
  let total = 0;
  for (let i = 0, at = 0; i < n; i++, at++) {
    let sum = 0;
    for (let j = 0; j < i; j++, at++) sum += Math.min(1, (gram[at]! * gram[at]!) / (squares[i]! * squares[j]!));
    total += sum;
  }
  return total;
}

/** Σ_ij (v_i·v_j)² over all ordered pairs, i = j too, from the V×V matrix Σ_i v_i v_iᵀ, for V below the number of vectors. */
export function squareSumByUnits({ memory, kernels }: Backend, vectors: UnitVectors): number {
  const { V, rows } = vectors;
  const height = Math.max(1, Math.min(rows.length, Math.floor(CALL / (V * V)), 1 << 16));
  return memory.scope(() => {
    const moment = memory.allocate('f64', V * V);
    const slab = memory.allocate('f64', height * V);
    const work = memory.allocate('f64', gemmWork('f64', V, V, height));
    for (let first = 0; first < rows.length; first += height) {
      const k = Math.min(height, rows.length - first);
      const values = slab.view();
      for (let i = 0; i < k; i++) values.set(rows[first + i]!, i * V);
      const shape = { op: 'conjugate-transpose', n: V, k, lda: V, ldc: V, part: 'full' } as const;
      kernels.rankUpdate({ shape, alpha: 1, a: slab, beta: first === 0 ? 0 : 1, c: moment, work });
    }
    const values = moment.view();
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
    return sum;
  });
}
