import type { Backend } from '../../backend/backend.ts';
import { DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { qr } from '../factorisations/qr.ts';
import { checkFiniteMatrix } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { singularValues } from '../svd/svd.ts';

/**
 * σ_min(zĨ − A) of an m×n matrix with m ≥ n, Ĩ being the first n columns of the m×m identity, at interleaved points: the pseudospectra
 * of a rectangular matrix. The rows below the first n enter only through R of their QR factorisation, since Ĩ is zero there.
 *
 * @throws ShapeError unless m ≥ n; DomainError for an empty matrix; NonFiniteError for a or points.
 * @accuracy absolute 8·m·u·(‖A‖ + |z|).
 * @cost one QR factorisation; then the singular values of a matrix of at most 2n×n per point, some 21n³ flops: hundreds of times a
 * point of {@link resolventGrid}, which has a Schur form to start from.
 * @source T. G. Wright, L. N. Trefethen, IMA J. Numer. Anal. 22 (2002) 501.
 * @example
 * rectangularSigmaMin(backend, hessenberg, Float64Array.of(0, 1)); // of an (n+1)×n Arnoldi matrix
 */
export function rectangularSigmaMin(backend: Backend, a: AnyMatrix, points: Float64Array): Float64Array {
  const where = 'rectangularSigmaMin';
  const { rows: m, columns: n } = a;
  if (m < n)
    throw new ShapeError(`${where}: a must have at least as many rows as columns, but it is ${m}×${n}. Transpose it.`);
  if (n === 0) throw new DomainError(`${where}: a must have a column, but it is ${m}×0.`);
  if (points.length % 2 !== 0) {
    throw new ShapeError(`${where}: points must hold pairs Re z, Im z, but it has ${points.length} elements.`);
  }
  const bad = points.findIndex((part) => !Number.isFinite(part));
  if (bad >= 0) throw new NonFiniteError(`${where}: points must be finite, but points[${bad}] is ${points[bad]}.`);
  checkFiniteMatrix(where, 'a', a);
  const short = compressed(backend, a.field === 'real' ? ComplexMatrix.fromReal(a) : a);
  const shifted = new ComplexMatrix(short.rows, n);
  return Float64Array.from({ length: points.length / 2 }, (_, k) => {
    for (let at = 0; at < short.data.length; at++) shifted.data[at] = -short.data[at]!;
    for (let i = 0; i < n; i++) {
      shifted.data[2 * i * (n + 1)]! += points[2 * k]!;
      shifted.data[2 * i * (n + 1) + 1]! += points[2 * k + 1]!;
    }
    return singularValues(backend, shifted)[n - 1]!;
  });
}

/** At most 2n rows with the same σ_min(zĨ − A). */
function compressed(backend: Backend, a: ComplexMatrix): ComplexMatrix {
  const { rows: m, columns: n, data } = a;
  if (m <= 2 * n) return a;
  const { r } = qr(backend, new ComplexMatrix(m - n, n, data.slice(2 * n * n)));
  const result = new ComplexMatrix(2 * n, n);
  result.data.set(data.subarray(0, 2 * n * n));
  result.data.set(r.data, 2 * n * n);
  return result;
}
