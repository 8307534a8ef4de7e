import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkSquare } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { checkRepresentable, checkTriangular, sweepLimit, unconverged } from './eigen-checks.ts';
import { EigenWorkspace, type Loaded } from './eigen-workspace.ts';
import { complexForm, type SchurForm, schurForm } from './schur-form.ts';

/** A = Q T Q* with Q unitary and T upper triangular. */
export interface Schur {
  /** Q, n×n unitary. */
  readonly q: ComplexMatrix;
  /** T, n×n upper triangular. */
  readonly t: ComplexMatrix;
}

/** A Schur form and how it was found. */
export interface SchurResult extends Schur {
  /** The diagonal of t, interleaved: the eigenvalues. */
  readonly values: Float64Array;
  /** QR sweeps done. */
  readonly sweeps: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** A = Q T Qᵀ with Q orthogonal and T quasi-triangular. */
export interface RealSchurResult {
  /** Q, n×n orthogonal. */
  readonly q: Matrix;
  /** T, n×n, with blocks of order 1 and 2 on its diagonal. */
  readonly t: Matrix;
  /** Eigenvalues in the order of t's diagonal, interleaved; of a pair the one above the axis first. */
  readonly values: Float64Array;
  /** QR sweeps done. */
  readonly sweeps: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Options of `schur` and `realSchur`. */
export interface SchurOptions {
  /** Most QR sweeps; 30 per eigenvalue unless given. */
  readonly maxSweeps?: number;
}

/**
 * Complex Schur form A = Q T Q* of a general matrix (real ones too), without balancing.
 *
 * @accuracy ‖A − Q T Q*‖_F ≤ 8·n·u·‖A‖_F and ‖Q*Q − I‖_F ≤ 15·n·u on the test gallery; below 3·n·u for random matrices of n ≥ 64.
 * @cost about 20·n³ complex multiply-adds.
 * @source docs/linalg-eig.md
 * @throws ShapeError unless a is square. @throws NonFiniteError naming an element that is not finite.
 * @throws DomainError if an element of t overflows.
 * @throws CapacityError if the work does not fit the memory. @throws ConvergenceError after `maxSweeps` sweeps.
 * @example
 * const { q, t } = schur(backend, Matrix.fromRows([[1, 2], [3, 4]]));
 */
export function schur(backend: Backend, a: AnyMatrix, options: SchurOptions = {}): SchurResult {
  const width = a.field === 'real' ? 1 : 2;
  return triangularise('schur', backend, a, options, (space, { exponent }, real, basis) => {
    const form = width === 1 ? complexForm(space, real, basis) : { ...real, q: basis };
    const t = space.unload(form.t, exponent);
    checkRepresentable('schur', t.data);
    return {
      q: space.unload(form.q),
      t,
      values: space.diagonal(form.t, exponent),
      sweeps: form.sweeps,
      backend: backend.kind,
    };
  });
}

/**
 * Real Schur form A = Q T Qᵀ of a real matrix, without balancing: T is quasi-triangular, its 2×2 blocks [[m, b], [c, m]] with
 * bc < 0 hold the conjugate pairs m ± i√(−bc).
 *
 * @accuracy as {@link schur}. @cost about 20·n³ multiply-adds. @source docs/linalg-eig.md
 * @throws what {@link schur} throws.
 * @example
 * const { q, t } = realSchur(backend, Matrix.fromRows([[1, 2], [3, 4]]));
 */
export function realSchur(backend: Backend, a: Matrix, options: SchurOptions = {}): RealSchurResult {
  return triangularise('realSchur', backend, a, options, (space, { exponent }, form, basis) => {
    const t = space.unloadReal(form.t, exponent);
    checkRepresentable('realSchur', t.data);
    return {
      q: space.unloadReal(basis),
      t,
      values: space.blockDiagonal(form.t, exponent),
      sweeps: form.sweeps,
      backend: backend.kind,
    };
  });
}

function triangularise<T>(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  options: SchurOptions,
  read: (space: EigenWorkspace, loaded: Loaded, form: SchurForm, basis: Block<'f64'>) => T,
): T {
  checkSquare(where, a);
  const n = a.rows;
  const limit = sweepLimit(where, n, options.maxSweeps);
  const space = new EigenWorkspace(where, backend, n, { complex: 3, real: a.field === 'real' ? 3 : 0 });
  return backend.memory.scope(() => {
    const loaded = space.load(where, a);
    const form = schurForm(space, loaded, a.field === 'real' ? 1 : 2, { balance: false, basis: true, limit });
    if (form.failed > 0) throw unconverged(where, n, n - form.failed, form.sweeps);
    return read(space, loaded, form, form.q!);
  });
}

/**
 * The same decomposition with chosen eigenvalues first: `leading` holds indices of t's diagonal, in the order in which they
 * shall stand; the others follow in their old order. The first columns of the new q span the invariant subspace of the
 * leading eigenvalues.
 *
 * @accuracy each exchange is one rotation: ‖A − Q T Q*‖ grows by a small multiple of u·‖A‖ per exchange; eigenvalues are
 * moved without change.
 * @cost O(n) per exchange of neighbours, at most n·|leading| exchanges.
 * @source Z. Bai, J. W. Demmel, Linear Algebra Appl. 186 (1993) 73–95.
 * @throws ShapeError unless q and t are square and of one order.
 * @throws NonFiniteError naming an element that is not finite. @throws DomainError unless t is upper triangular and `leading` holds distinct indices.
 * @example
 * const { q, t } = reorderSchur(backend, schur(backend, a), [3, 1]); // old t(3,3) first, then old t(1,1)
 */
export function reorderSchur(backend: Backend, { q, t }: Schur, leading: readonly number[]): Schur {
  checkSquare('reorderSchur', t);
  const n = t.rows;
  if (q.rows !== n || q.columns !== n) {
    throw new ShapeError(`reorderSchur: q must be ${n}×${n} as t is, but it is ${q.rows}×${q.columns}.`);
  }
  checkTriangular('reorderSchur', t);
  checkFiniteMatrix('reorderSchur', 't', t);
  checkFiniteMatrix('reorderSchur', 'q', q);
  for (const index of leading) checkInteger('reorderSchur', 'every index in leading', index, 0, n - 1);
  if (new Set(leading).size !== leading.length) {
    throw new DomainError('reorderSchur: leading must hold distinct indices, but one occurs twice.');
  }
  const space = new EigenWorkspace('reorderSchur', backend, n, { complex: 2, real: 0 });
  return backend.memory.scope(() => {
    const { block: blockT, exponent } = space.load('reorderSchur', t);
    const { block: blockQ } = space.load('reorderSchur', q);
    const rot = space.numbers(8);
    const places = Array.from({ length: n }, (_, k) => k);
    leading.forEach((index, to) => {
      const from = places.indexOf(index);
      backend.kernels.complexMove({ t: blockT, ld: space.ld(2), n, q: blockQ, from, to, rot });
      places.splice(from, 1);
      places.splice(to, 0, index);
    });
    return { q: space.unload(blockQ), t: space.unload(blockT, exponent) };
  });
}
