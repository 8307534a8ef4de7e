import type { Backend } from '../../backend/backend.ts';
import { qrMultiplyWorkLength, qrWorkLength } from '../../backend/contract/factorisations.ts';
import { ConvergenceError } from '../../core/errors.ts';
import { qr } from '../factorisations/qr.ts';
import { checkFiniteMatrix, checkRoom, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { exponentOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import type { Svd } from './svd.ts';

/** The largest entry is brought here, so that as much as possible below it has squares that f64 can hold. */
const TOP = 399;
/** Rows of R below this length count as zero: their squares would lose digits. It is 1e-260 of the largest entry. */
const BOTTOM = 2 ** -465;

/**
 * Thin singular value decomposition with small singular values to high relative accuracy: for a = D₁ X D₂ with diagonal
 * D of any grading and a well-conditioned X. Rows are sorted by size, a P = Q R with column pivoting, and one-sided Jacobi
 * orthogonalises the rows of R. Slower than {@link svd}, which gives every singular value to an absolute error only.
 *
 * @throws as {@link svd}; ConvergenceError if 40 sweeps do not suffice.
 * @accuracy stable: as {@link svd}, and |σ̃_k − σ_k| ≤ c·n·u·κ(X)·σ_k for σ_k > 1e-250·σ_1; those below
 * 1e-260·‖a‖ may be given as 0. ‖U†U − 1‖, ‖V†V − 1‖ ≤ 16·n·u. The same bits from both backends.
 * @cost `steps` sweeps of 5n³ flops real, 20n³ complex, after the factorisation
 * @source N. J. Higham, Linear Algebra Appl. 309 (2000) 153; J. Demmel, K. Veselić, SIAM J. Matrix Anal. Appl. 13 (1992)
 * 1204; Z. Drmač, K. Veselić, SIAM J. Matrix Anal. Appl. 29 (2008) 1322.
 * @example
 * const { values } = svdByJacobi(backend, Matrix.fromRows([[1, 1], [1e-20, -1e-20]])); // √2, √2·1e-20
 */
export function svdByJacobi<M extends AnyMatrix>(backend: Backend, a: M): Svd<M> {
  checkFiniteMatrix('svdByJacobi', 'a', a);
  const { memory, kernels } = backend;
  const wide = a.rows < a.columns;
  const [m, n] = wide ? [a.columns, a.rows] : [a.rows, a.columns];
  const width = widthOf(a);
  const workLength = Math.max(qrWorkLength(m, n, width, true), qrMultiplyWorkLength(m, n, n, width));
  checkRoom('svdByJacobi', a, width * (2 * m * n + 3 * n * n) + workLength + 4 * n);
  const largest = a.data.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const shift = largest === 0 ? 0 : TOP - exponentOf(largest);
  const order = rowOrder(a, wide, m, n);
  return memory.scope(() => {
    const factors = memory.allocate('f64', width * m * n);
    loadSorted(a, wide, order, shift, factors.view());
    const tau = memory.allocate('f64', 2 * n);
    const permutation = memory.allocate('i32', n);
    const work = memory.allocate('f64', workLength);
    kernels.qr({ a: factors, m, n, width, permutation, tau, work });
    const g = memory.allocate('f64', width * n * n);
    const j = memory.allocate('f64', width * n * n);
    copyTriangle(factors.view(), g.view(), n, width);
    dropNegligibleRows(g.view(), n, width);
    for (let k = 0, ones = j.view(); k < n; k++) ones[(k * n + k) * width] = 1;
    const info = memory.allocate('f64', 1);
    if (kernels.jacobiRows({ g, j, n, width, info }) !== 0) {
      throw new ConvergenceError(
        'svdByJacobi: the rows must become orthogonal within 40 sweeps, but they did not. Report this matrix as a bug.',
      );
    }
    // Rounded rotations stretch: row k of J and of G = J R by the same factor, which no quotient of the two knows.
    const stretches = rowLengths(j.view(), n, width);
    const stretched = rowLengths(g.view(), n, width);
    const lengths = stretched.map((length, k) => length / stretches[k]!);
    const places = Array.from(lengths.keys()).sort((x, y) => lengths[y]! - lengths[x]! || x - y);
    const b = memory.allocate('f64', width * m * n);
    adjointRows(j.view(), places, stretches, n, width, b.view());
    kernels.qrMultiply({
      factors,
      tau,
      m,
      n,
      width,
      b,
      columns: n,
      adjoint: false,
      work,
    });
    const tall = unsorted(b.view(), order, n, width);
    const w = new Float64Array(width * n * n);
    adjointRows(g.view(), places, stretched, n, width, w);
    const rank = places.filter((place) => lengths[place]! > 0).length;
    if (rank < n) completeColumns(backend, w, rank, n, width);
    const short = unsorted(w, permutation.view(), n, width);
    const values = Float64Array.from(places, (place) => timesPowerOfTwo(lengths[place]!, -shift));
    const [u, v] = wide ? [short, tall] : [tall, short];
    return {
      u: matrixLike(a, a.rows, n, u),
      values,
      v: matrixLike(a, a.columns, n, v),
      steps: info.view()[0]!,
      backend: backend.kind,
    };
  });
}

/** Rows of a (columns of a wide a) from the largest to the smallest by their largest entry. */
function rowOrder(a: AnyMatrix, wide: boolean, m: number, n: number): Int32Array {
  const width = widthOf(a);
  const sizes = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = (wide ? j * a.columns + i : i * a.columns + j) * width;
      for (let part = 0; part < width; part++) sizes[i] = Math.max(sizes[i]!, Math.abs(a.data[at + part]!));
    }
  }
  return Int32Array.from(Array.from(sizes.keys()).sort((x, y) => sizes[y]! - sizes[x]! || x - y));
}

/** 2^shift·a, or 2^shift·a† where a is wide, with its rows in this order. */
function loadSorted(a: AnyMatrix, wide: boolean, order: Int32Array, shift: number, target: Float64Array): void {
  const width = widthOf(a);
  const n = wide ? a.rows : a.columns;
  for (const [i, row] of order.entries()) {
    for (let j = 0; j < n; j++) {
      const from = (wide ? j * a.columns + row : row * a.columns + j) * width;
      const to = (i * n + j) * width;
      target[to] = timesPowerOfTwo(a.data[from]!, shift);
      if (width === 2) target[to + 1] = timesPowerOfTwo(wide ? -a.data[from + 1]! : a.data[from + 1]!, shift);
    }
  }
}

function copyTriangle(packed: Float64Array, g: Float64Array, n: number, width: number): void {
  for (let i = 0; i < n; i++) {
    const [from, to] = [(i * n + i) * width, (i + 1) * n * width];
    g.set(packed.subarray(from, to), from);
  }
}

function dropNegligibleRows(g: Float64Array, n: number, width: number): void {
  for (const [i, length] of rowLengths(g, n, width).entries()) {
    if (length < BOTTOM) g.fill(0, i * n * width, (i + 1) * n * width);
  }
}

/** Lengths of the rows, free of underflow. */
function rowLengths(g: Float64Array, n: number, width: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    const row = g.subarray(i * n * width, (i + 1) * n * width);
    const largest = row.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
    if (largest === 0) return 0;
    return largest * Math.sqrt(row.reduce((sum, value) => sum + (value / largest) ** 2, 0));
  });
}

/** Column k of the target is the conjugate of row places[k], divided by its length; 0 if that is 0. */
function adjointRows(
  rows: Float64Array,
  places: readonly number[],
  lengths: Float64Array,
  n: number,
  width: number,
  target: Float64Array,
): void {
  for (const [k, place] of places.entries()) {
    const length = lengths[place]!;
    if (length === 0) continue;
    for (let i = 0; i < n; i++) {
      const from = (place * n + i) * width;
      const to = (i * n + k) * width;
      target[to] = rows[from]! / length;
      if (width === 2) target[to + 1] = -rows[from + 1]! / length;
    }
  }
}

/** Row order[i] of the result is row i. */
function unsorted(rows: Float64Array, order: Int32Array, n: number, width: number): Float64Array {
  const target = new Float64Array(order.length * n * width);
  for (const [i, row] of order.entries()) {
    target.set(rows.subarray(i * n * width, (i + 1) * n * width), row * n * width);
  }
  return target;
}

/** Replaces the columns from `rank` on by an orthonormal basis of what the others leave. */
function completeColumns(backend: Backend, w: Float64Array, rank: number, n: number, width: number): void {
  const first = new Float64Array(n * rank * width);
  const row = rank * width;
  for (let i = 0; i < n; i++) first.set(w.subarray(i * n * width, i * n * width + row), i * row);
  const like = width === 1 ? 'real' : 'complex';
  const { q } = qr(backend, { field: like, rows: n, columns: rank, data: first } as AnyMatrix, { vectors: 'full' });
  for (let i = 0; i < n; i++) w.set(q.data.subarray(i * n * width + row, (i + 1) * n * width), i * n * width + row);
}
