import type { Backend, BackendKind } from '../backend/backend.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { ComplexWorkspace } from './complex-workspace.ts';
import { checkSquare, sweepLimit, unconverged } from './eigen-checks.ts';
import type { AnyMatrix, ComplexMatrix } from './matrix.ts';

/** A = Q T Q* with Q unitary and T upper triangular. */
export interface Schur {
  readonly q: ComplexMatrix;
  readonly t: ComplexMatrix;
}

/** A Schur form and how it was found. */
export interface SchurResult extends Schur {
  /** The diagonal of t, interleaved: the eigenvalues. */
  readonly values: Float64Array;
  readonly sweeps: number;
  readonly backend: BackendKind;
}

/**
 * Complex Schur form A = Q T Q* of a general matrix (real ones too), without balancing.
 *
 * @accuracy ‖A − Q T Q*‖_F ≤ 2·n·u·‖A‖_F and ‖Q*Q − I‖_F ≤ 2·n·u measured for n ≤ 512.
 * @cost about 20·n³ complex multiply-adds.
 * @source docs/linalg-eig.md
 * @throws ShapeError unless a is square. @throws NonFiniteError naming an element that is not finite.
 * @throws CapacityError if the work does not fit the memory. @throws ConvergenceError after `maxSweeps` sweeps.
 * @example
 * const { q, t } = schur(backend, Matrix.fromRows([[1, 2], [3, 4]]));
 */
export function schur(backend: Backend, a: AnyMatrix, options: { readonly maxSweeps?: number } = {}): SchurResult {
  checkSquare('schur', a);
  const n = a.rows;
  const limit = sweepLimit('schur', n, options.maxSweeps);
  const space = new ComplexWorkspace('schur', backend, n, 3);
  const { kernels, memory } = backend;
  return memory.scope(() => {
    const { ld } = space;
    const { block: t, exponent } = space.load('schur', a);
    const q = space.matrix();
    const info = space.numbers(2);
    const work = space.numbers(Math.max(6 * n + 8, kernels.complexSchurWork()));
    kernels.complexHessenberg(t, ld, n, 0, n - 1, q, space.matrix(), space.numbers(n), work);
    const failed = kernels.complexSchur(t, ld, n, 0, n - 1, q, limit, work, info);
    const sweeps = info.view()[0]!;
    if (failed > 0) throw unconverged('schur', n, n - failed, sweeps);
    return {
      q: space.unload(q),
      t: space.unload(t, exponent),
      values: space.diagonal(t, exponent),
      sweeps,
      backend: backend.kind,
    };
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
 * @throws DomainError unless t is upper triangular and `leading` holds distinct indices.
 * @example
 * const { q, t } = reorderSchur(backend, schur(backend, a), [3, 1]); // old t(3,3) first, then old t(1,1)
 */
export function reorderSchur(backend: Backend, { q, t }: Schur, leading: readonly number[]): Schur {
  checkSquare('reorderSchur', t);
  const n = t.rows;
  if (q.rows !== n || q.columns !== n) {
    throw new ShapeError(`reorderSchur: q must be ${n}×${n} as t is, but it is ${q.rows}×${q.columns}.`);
  }
  checkTriangular(t);
  for (const index of leading) checkInteger('reorderSchur', 'every index in leading', index, 0, n - 1);
  if (new Set(leading).size !== leading.length) {
    throw new DomainError('reorderSchur: leading must hold distinct indices, but one occurs twice.');
  }
  const space = new ComplexWorkspace('reorderSchur', backend, n, 2);
  return backend.memory.scope(() => {
    const { block: blockT, exponent } = space.load('reorderSchur', t);
    const { block: blockQ } = space.load('reorderSchur', q);
    const rot = space.numbers(8);
    const places = Array.from({ length: n }, (_, k) => k);
    leading.forEach((index, to) => {
      const from = places.indexOf(index);
      backend.kernels.complexMove(blockT, space.ld, n, blockQ, from, to, rot);
      places.splice(from, 1);
      places.splice(to, 0, index);
    });
    return { q: space.unload(blockQ), t: space.unload(blockT, exponent) };
  });
}

function checkTriangular({ data, columns: n }: ComplexMatrix): void {
  for (let i = 1; i < n; i++) {
    for (let k = 2 * i * n; k < 2 * (i * n + i); k++) {
      if (data[k] !== 0) {
        throw new DomainError(
          `reorderSchur: t must be upper triangular, but t.data[${k}] is ${data[k]}. Take t from schur.`,
        );
      }
    }
  }
}
