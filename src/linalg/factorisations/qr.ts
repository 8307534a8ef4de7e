import type { Backend } from '../../backend/backend.ts';
import { qrMultiplyWorkLength, qrWorkLength } from '../../backend/contract/factorisations.ts';
import { checkChoice } from '../../core/checks.ts';
import { checkFiniteMatrix, checkRoom, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/** a = Q R, or a P = Q R. */
export interface Qr<M extends AnyMatrix> {
  /** m×min(m, n), or m×m for `full`: orthonormal columns. */
  readonly q: M;
  /** min(m, n)×n, or m×n for `full`: upper triangular; its diagonal is real and may be negative. */
  readonly r: M;
  /** Column k of a P is column permutation[k] of a; 0, 1, … without pivoting. */
  readonly permutation: Int32Array;
}

/** Options of `qr`. */
export interface QrOptions {
  /** Whether to take the longest remaining column in each step; then |r_kk| does not grow. Default false. */
  readonly pivot?: boolean;
  /** `thin` (default) or `full`. */
  readonly vectors?: 'thin' | 'full';
}

/**
 * QR factorisation of an m×n matrix by Householder reflectors.
 *
 * @throws NonFiniteError naming the first element that is not finite, CapacityError before anything is allocated.
 * @accuracy stable: ‖Q R − a P‖ ≤ 4·max(m, n)·u·‖a‖, ‖Q†Q − 1‖ ≤ 4·max(m, n)·u (Frobenius, u = 2⁻⁵³). The same bits from both backends.
 * @cost for n×n 8n³/3 flops real, four times that complex, with thin Q
 * @source A. S. Householder, J. ACM 5 (1958) 339; pivoting: P. Businger, G. H. Golub, Numer. Math. 7 (1965) 269.
 * @example
 * const { q, r } = qr(backend, Matrix.fromRows([[3, 1], [4, 2]]));
 */
export function qr<M extends AnyMatrix>(backend: Backend, a: M, options: QrOptions = {}): Qr<M> {
  const { pivot = false, vectors = 'thin' } = options;
  checkChoice('qr', 'vectors', vectors, ['thin', 'full']);
  checkFiniteMatrix('qr', 'a', a);
  const { memory, kernels } = backend;
  const { rows: m, columns: n } = a;
  const width = widthOf(a);
  const count = vectors === 'full' ? m : Math.min(m, n);
  checkRoom(
    'qr',
    a,
    a.data.length +
      width * m * count +
      qrWorkLength(m, n, width, pivot) +
      3 * n +
      qrMultiplyWorkLength(m, n, count, width),
  );
  return memory.scope(() => {
    const factors = memory.allocate('f64', a.data.length);
    factors.view().set(a.data);
    const order = pivot ? memory.allocate('i32', n) : null;
    const tau = memory.allocate('f64', 2 * Math.min(m, n));
    kernels.qr({
      a: factors,
      m,
      n,
      width,
      permutation: order,
      tau,
      work: memory.allocate('f64', qrWorkLength(m, n, width, pivot)),
    });
    const q = memory.allocate('f64', width * m * count);
    const ones = q.view();
    for (let k = 0; k < count; k++) ones[(k * count + k) * width] = 1;
    kernels.qrMultiply({
      factors,
      tau,
      m,
      n,
      width,
      b: q,
      columns: count,
      adjoint: false,
      work: memory.allocate('f64', qrMultiplyWorkLength(m, n, count, width)),
    });
    const permutation = order === null ? Int32Array.from({ length: n }, (_, k) => k) : order.view().slice();
    const r = upperTriangle(factors.view(), count, n, width);
    return { q: matrixLike(a, m, count, q.view().slice()), r: matrixLike(a, count, n, r), permutation };
  });
}

/** The first `rows` rows, zero below the diagonal. */
function upperTriangle(packed: Float64Array, rows: number, n: number, width: number): Float64Array {
  const r = new Float64Array(width * rows * n);
  for (let i = 0; i < rows && i < n; i++) {
    const [from, to] = [(i * n + i) * width, (i + 1) * n * width];
    r.set(packed.subarray(from, to), from);
  }
  return r;
}
