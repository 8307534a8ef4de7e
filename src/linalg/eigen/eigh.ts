import type { Backend, BackendKind } from '../../backend/backend.ts';
import { eighWorkLength } from '../../backend/contract/hermitian.ts';
import { ConvergenceError, DomainError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkHermitian, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/** a = V Λ V†. */
export interface HermitianEigen<M extends AnyMatrix> {
  /** The n eigenvalues in ascending order, with multiplicity. */
  readonly values: Float64Array;
  /** V, n×n: column k is a unit eigenvector of values[k]; V†V = 1. Phases are arbitrary. */
  readonly vectors: M;
  /** Steps of the QL iteration. */
  readonly steps: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * Eigenvalues and orthonormal eigenvectors of a real symmetric or complex Hermitian matrix: a v_k = λ_k v_k. What is decomposed
 * is (a + a†)/2, so an asymmetry within the tolerance changes λ by at most half its norm.
 *
 * @throws ShapeError unless a is square.
 * @throws NonFiniteError naming the first element that is not finite.
 * @throws DomainError unless a is Hermitian to 1e-10, or if an eigenvalue overflows.
 * @throws CapacityError before anything is allocated, ConvergenceError if an eigenvalue takes more than 60 steps.
 * @accuracy stable: ‖aV − VΛ‖ ≤ 4·n·u·‖a‖, ‖V†V − 1‖ ≤ 4·n·u in Frobenius norms with u = 2⁻⁵³; |λ̃ − λ| ≤ 4·n·u·‖a‖. The same bits from
 * both backends.
 * @cost O(n³): 8.3n³ flops real, 18n³ complex
 * @source G. H. Golub, C. F. Van Loan, Matrix Computations (4th ed., 2013), §8.3.
 * @example
 * const { values } = eigh(backend, Matrix.fromRows([[2, 1], [1, 2]])); // 1, 3
 */
export function eigh<M extends AnyMatrix>(backend: Backend, a: M): HermitianEigen<M> {
  const { values, vectors, steps } = decompose('eigh', backend, a, true);
  return { values, vectors: matrixLike(a, a.rows, a.rows, vectors!), steps, backend: backend.kind };
}

/**
 * The eigenvalues alone, ascending: the same bits as {@link eigh} gives. Arguments and errors as there.
 *
 * @accuracy stable: |λ̃ − λ| ≤ 4·n·u·‖a‖.
 * @cost 4n³/3 flops real, 16n³/3 complex
 * @source as {@link eigh}.
 */
export function eigenvaluesHermitian(backend: Backend, a: AnyMatrix): Float64Array {
  return decompose('eigenvaluesHermitian', backend, a, false).values;
}

interface Parts {
  readonly values: Float64Array;
  readonly vectors: Float64Array | null;
  readonly steps: number;
}

function decompose(where: string, { memory, kernels }: Backend, a: AnyMatrix, withVectors: boolean): Parts {
  checkSquare(where, a);
  checkFiniteMatrix(where, 'a', a);
  checkHermitian(where, a, 'Use eig for general matrices.');
  const n = a.rows;
  const width = widthOf(a);
  const workLength = eighWorkLength(n, width, withVectors);
  checkRoom(where, a, workLength + 2 * a.data.length + n);
  return memory.scope(() => {
    const matrix = memory.allocate('f64', a.data.length);
    matrix.view().set(a.data);
    const values = memory.allocate('f64', n);
    const vectors = withVectors ? memory.allocate('f64', a.data.length) : null;
    const work = memory.allocate('f64', workLength);
    const info = memory.allocate('f64', 1);
    const status = kernels.eigh({ a: matrix, n, width, values, vectors, work, info });
    const steps = info.view()[0]!;
    if (status !== 0) {
      throw new ConvergenceError(
        `${where}: eigenvalue ${status} of ${n} must settle within 60 steps, but it did not (${steps} steps in all). Report this matrix as a bug.`,
      );
    }
    const found = values.view().slice();
    checkRepresentable(where, found);
    return { values: found, vectors: vectors === null ? null : vectors.view().slice(), steps };
  });
}

function checkRepresentable(where: string, values: Float64Array): void {
  const k = values.findIndex((value) => !Number.isFinite(value));
  if (k < 0) return;
  throw new DomainError(
    `${where}: eigenvalues must be below 1.8e308 in size, but number ${k} overflows. Scale a down.`,
  );
}
