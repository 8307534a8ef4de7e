import type { Backend, BackendKind } from '../../backend/backend.ts';
import { svdWorkLength } from '../../backend/contract/svd.ts';
import { checkChoice } from '../../core/checks.ts';
import { ConvergenceError, DomainError, inNameOf } from '../../core/errors.ts';
import { checkFiniteMatrix, checkRoom, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/** a = U Σ V†. */
export interface Svd<M extends AnyMatrix> {
  /** m×min(m, n), or m×m for `full`: orthonormal columns, the left singular vectors. */
  readonly u: M;
  /** The min(m, n) singular values, largest first. */
  readonly values: Float64Array;
  /** n×min(m, n), or n×n for `full`: orthonormal columns, the right singular vectors (V, not V†). */
  readonly v: M;
  /** Steps of the QR iteration. */
  readonly steps: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Options of `svd`. */
export interface SvdOptions {
  /** `thin` (default) gives min(m, n) columns of U and V, `full` completes them to unitary matrices. */
  readonly vectors?: 'thin' | 'full';
}

/**
 * Singular value decomposition of an m×n matrix: a v_k = σ_k u_k, a†u_k = σ_k v_k.
 *
 * @throws NonFiniteError naming the first element that is not finite.
 * @throws CapacityError before anything is allocated, ConvergenceError if the iteration does not settle, DomainError if a
 * singular value overflows.
 * @accuracy stable: ‖aV − UΣ‖ ≤ 8·max(m, n)·u·‖a‖, ‖U†U − 1‖, ‖V†V − 1‖ ≤ 8·max(m, n)·u (Frobenius, u = 2⁻⁵³); every σ_k to an
 * absolute 8·max(m, n)·u·‖a‖. The same bits from both backends.
 * @cost O(m·n·min(m, n)): for n×n 19n³ flops real, 39n³ complex
 * @source G. Golub, W. Kahan, SIAM J. Numer. Anal. B 2 (1965) 205; values: K. V. Fernando, B. N. Parlett, Numer. Math. 67 (1994) 191;
 * vectors: J. Demmel, W. Kahan, SIAM J. Sci. Stat. Comput. 11 (1990) 873.
 * @example
 * const { values } = svd(backend, Matrix.fromRows([[3, 0], [0, 4], [0, 0]])); // 4, 3
 */
export function svd<M extends AnyMatrix>(backend: Backend, a: M, { vectors = 'thin' }: SvdOptions = {}): Svd<M> {
  checkChoice('svd', 'vectors', vectors, ['thin', 'full']);
  const { rows, columns } = a;
  const least = Math.min(rows, columns);
  const [uColumns, vColumns] = vectors === 'full' ? [rows, columns] : [least, least];
  const { u, values, v, steps } = decompose('svd', backend, a, { uColumns, vColumns });
  return {
    u: matrixLike(a, rows, uColumns, u!),
    values,
    v: matrixLike(a, columns, vColumns, v!),
    steps,
    backend: backend.kind,
  };
}

/**
 * The singular values alone, largest first: the same bits as {@link svd} gives. Arguments and errors as there.
 *
 * @accuracy stable: absolute 8·max(m, n)·u·‖a‖.
 * @cost for n×n 8n³/3 flops real, 32n³/3 complex
 * @source as {@link svd}.
 */
export function singularValues(backend: Backend, a: AnyMatrix): Float64Array {
  return decompose('singularValues', backend, a, null).values;
}

/** σ = min_{‖x‖=1} ‖a x‖ of a matrix with at least as many rows as columns, and where it is attained. */
export interface SmallestSingularTriplet<M extends AnyMatrix> {
  /** σ. */
  readonly value: number;
  /** m×1, unit: a v = σ u. */
  readonly u: M;
  /** n×1, unit. */
  readonly v: M;
}

/**
 * The last singular value with its vectors. @throws DomainError for an empty matrix; otherwise as {@link svd}.
 *
 * @accuracy stable, as {@link svd}.
 * @cost as {@link svd}.
 * @source as {@link svd}.
 */
export function smallestSingularTriplet<M extends AnyMatrix>(backend: Backend, a: M): SmallestSingularTriplet<M> {
  const last = Math.min(a.rows, a.columns) - 1;
  if (last < 0) {
    throw new DomainError(`smallestSingularTriplet: a must have a row and a column, but it is ${a.rows}×${a.columns}.`);
  }
  const { u, values, v } = inNameOf('smallestSingularTriplet', () => svd(backend, a));
  return { value: values[last]!, u: columnOf(u, last), v: columnOf(v, last) };
}

function columnOf<M extends AnyMatrix>(a: M, column: number): M {
  const width = widthOf(a);
  const data = new Float64Array(a.rows * width);
  for (let i = 0; i < a.rows; i++) {
    for (let part = 0; part < width; part++) data[i * width + part] = a.data[(i * a.columns + column) * width + part]!;
  }
  return matrixLike(a, a.rows, 1, data);
}

interface Columns {
  readonly uColumns: number;
  readonly vColumns: number;
}

interface Parts {
  readonly u: Float64Array | null;
  readonly values: Float64Array;
  readonly v: Float64Array | null;
  readonly steps: number;
}

function decompose(where: string, { memory, kernels }: Backend, a: AnyMatrix, wanted: Columns | null): Parts {
  checkFiniteMatrix(where, 'a', a);
  const { rows, columns } = a;
  const width = widthOf(a);
  const least = Math.min(rows, columns);
  const { uColumns, vColumns } = wanted ?? { uColumns: 0, vColumns: 0 };
  const [uLength, vLength] = [width * rows * uColumns, width * columns * vColumns];
  const workLength = svdWorkLength(rows, columns, width, wanted !== null);
  checkRoom(where, a, workLength + a.data.length + least + uLength + vLength);
  return memory.scope(() => {
    const matrix = memory.allocate('f64', a.data.length);
    matrix.view().set(a.data);
    const values = memory.allocate('f64', least);
    const u = wanted === null ? null : memory.allocate('f64', uLength);
    const v = wanted === null ? null : memory.allocate('f64', vLength);
    const work = memory.allocate('f64', workLength);
    const info = memory.allocate('f64', 1);
    const open = kernels.svd({ a: matrix, rows, columns, width, values, u, uColumns, v, vColumns, work, info });
    const steps = info.view()[0]!;
    if (open !== 0) {
      throw new ConvergenceError(
        `${where}: all ${least} singular values must settle within ${30 * least * least} rotations, but ${open} did not (${steps} steps). Report this matrix as a bug.`,
      );
    }
    const found = values.view().slice();
    if (!Number.isFinite(found[0] ?? 0)) {
      throw new DomainError(
        `${where}: singular values must be below 1.8e308, but the largest overflows. Scale a down.`,
      );
    }
    return { u: u?.view().slice() ?? null, values: found, v: v?.view().slice() ?? null, steps };
  });
}
