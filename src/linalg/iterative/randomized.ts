import type { Backend, BackendKind } from '../../backend/backend.ts';
import { MAX_BYTES } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError, inNameOf } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import { qr } from '../factorisations/qr.ts';
import { matrixOver } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { columnOf, norm } from '../matrix/vectors.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { multiply } from '../products.ts';
import { svd } from '../svd/svd.ts';
import { gaussianNumbers } from './gaussian.ts';
import { Products } from './products.ts';

/** Options of `randomizedRangeFinder` and `randomizedSvd`. */
export interface RandomizedOptions {
  /** Dimension of the range that is wanted, at least 1. */
  readonly rank: number;
  /** Columns beside those; default 10. */
  readonly oversampling?: number;
  /** Times A A† is applied to the sample; default 2. Each squares the ratios of singular values. */
  readonly powerIterations?: number;
  /** Vectors of the error estimate; default 10. */
  readonly probes?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

/** What the error of a range is estimated to be. */
export interface RangeErrorEstimate {
  /** At least ‖A − Q Q†A‖₂ except with the probability `failure`. */
  readonly errorEstimate: number;
  /** 10^−probes. */
  readonly failure: number;
}

/** An orthonormal basis of nearly all of an operator's range. */
export interface SampledRange extends RangeErrorEstimate {
  /** rows×(rank + oversampling), or fewer columns if the operator has no more: orthonormal. */
  readonly q: AnyMatrix;
  /** Products with the operator and its adjoint. */
  readonly products: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** The largest singular values and vectors, from a random sample of the range. */
export interface RandomizedSvd extends RangeErrorEstimate {
  /** rows×rank: orthonormal columns. */
  readonly u: AnyMatrix;
  /** Largest first; each at most the singular value of A, up to rounding. */
  readonly values: Float64Array;
  /** columns×rank: orthonormal columns. */
  readonly v: AnyMatrix;
  /** Products with the operator and its adjoint. */
  readonly products: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** α of the bound α·√(2/π)·max ‖(A − Q Q†A)ω‖, which fails with the probability α^−probes. */
const SAFETY = 10;
/**
 * An orthonormal Q with A ≈ Q Q†A, from a Gaussian sample of A's range, made sharper by powers of A A† with an orthogonalisation
 * after each product, and a probabilistic bound on the error from fresh samples.
 *
 * @throws DomainError for an option out of range, or if the operator has no adjoint and powers are wanted.
 * @throws NonFiniteError naming the product; CapacityError.
 * @accuracy E‖A − QQ†A‖₂ ≤ (1 + 4√(2 min(m, n)/(p−1)))^{1/(2q+1)} σ_{k+1} for rank k, oversampling p ≥ 2, q power iterations (real A).
 * @cost (2q + 1)(k + p) products, many at a time, and the QR decompositions between them.
 * @source N. Halko, P. G. Martinsson, J. A. Tropp, SIAM Rev. 53 (2011) 217, algorithms 4.1 and 4.4, lemma 4.1 for the estimate
 * (complex A: the two halves of the Gaussian vectors are independent, which only lowers the probability).
 */
export function randomizedRangeFinder(
  backend: Backend,
  operator: LinearOperator,
  options: RandomizedOptions,
): SampledRange {
  const where = 'randomizedRangeFinder';
  const products = new Products(where, operator);
  const q = rangeOf(where, backend, products, options);
  const error = rangeError(backend, products, q, options);
  return { q, ...error, products: products.count, backend: backend.kind };
}

/**
 * The leading singular triplets, from Q†A for the Q of {@link randomizedRangeFinder}. `errorEstimate` bounds ‖A − U Σ V†‖₂: what
 * the range misses, and the first singular value of Q†A that is cut off.
 *
 * @throws as {@link randomizedRangeFinder}; DomainError if the operator has no adjoint.
 * @accuracy as {@link randomizedRangeFinder}; for values to full accuracy take {@link svds}.
 * @cost rank + oversampling products more.
 * @source as {@link randomizedRangeFinder}, algorithm 5.1.
 * @example
 * const { u, values, v } = randomizedSvd(backend, operator, { rank: 10 });
 */
export function randomizedSvd(backend: Backend, operator: LinearOperator, options: RandomizedOptions): RandomizedSvd {
  const where = 'randomizedSvd';
  if (!operator.hasAdjoint)
    throw new DomainError(`${where}: operator must have an adjoint, but none was given. Give it applyAdjoint.`);
  const products = new Products(where, operator);
  const q = rangeOf(where, backend, products, options);
  const { errorEstimate, failure } = rangeError(backend, products, q, options);
  // B† = A†Q = X Σ Y†, so that Q B = (Q Y) Σ X†.
  const b = matrixOver(operator.field, operator.columns, q.columns, products.applyAdjointMany(q.data, q.columns));
  const { u: x, values, v: y } = inNameOf(where, () => svd(backend, b));
  const rank = Math.min(options.rank, values.length);
  return {
    u: leading(multiply(backend, q, y), rank),
    values: values.slice(0, rank),
    v: leading(x, rank),
    errorEstimate: errorEstimate + (values[rank] ?? 0),
    failure,
    products: products.count,
    backend: backend.kind,
  };
}

/** A sampled range, the products counted. */
export function rangeOf(
  where: string,
  backend: Backend,
  products: Products,
  { rank, oversampling = 10, powerIterations = 2, probes = 10, seed = 0n }: RandomizedOptions,
): AnyMatrix {
  const { rows, columns, field, width, hasAdjoint } = products.operator;
  const least = Math.min(rows, columns);
  checkInteger(where, 'rank', rank, least === 0 ? 0 : 1, least);
  checkInteger(where, 'oversampling', oversampling, 0);
  checkInteger(where, 'powerIterations', powerIterations, 0);
  checkInteger(where, 'probes', probes, 1, 300);
  checkWord64(where, 'seed', seed);
  if (powerIterations > 0 && !hasAdjoint)
    throw new DomainError(
      `${where}: operator must have an adjoint for power iterations, but none was given. Set powerIterations to 0.`,
    );
  const count = Math.min(rank + oversampling, least);
  const bytes = 8 * width * Math.max(count, probes) * (rows + columns);
  if (bytes > MAX_BYTES) {
    throw new CapacityError(
      `${where}: samples must fit in ${MAX_BYTES} bytes, but ${count} of a ${rows}×${columns} operator need ${bytes}. Lower rank.`,
      bytes,
    );
  }
  const orthonormal = (length: number, data: Float64Array): AnyMatrix =>
    inNameOf(where, () => qr(backend, matrixOver(field, length, count, data))).q;
  let q = orthonormal(rows, products.applyMany(gaussianNumbers(columns * count * width, seed, 0), count));
  for (let power = 0; power < powerIterations; power++) {
    const z = orthonormal(columns, products.applyAdjointMany(q.data, count));
    q = orthonormal(rows, products.applyMany(z.data, count));
  }
  return q;
}

/** A bound on ‖A − Q Q†A‖₂ from fresh Gaussian vectors. */
function rangeError(
  backend: Backend,
  products: Products,
  q: AnyMatrix,
  { probes = 10, seed = 0n }: RandomizedOptions,
): RangeErrorEstimate {
  const { rows, columns, field, width } = products.operator;
  const fresh = products.applyMany(gaussianNumbers(columns * probes * width, seed, 1), probes);
  const missed = outside(backend, q, matrixOver(field, rows, probes, fresh));
  const column = new Float64Array(rows * width);
  let longest = 0;
  let failure = 1;
  for (let k = 0; k < probes; k++) {
    columnOf(missed.data, probes, k, width, column);
    longest = Math.max(longest, norm(column));
    failure /= SAFETY;
  }
  return { errorEstimate: SAFETY * Math.sqrt(2 / Math.PI) * longest, failure };
}

/** Y − Q Q†Y. */
export function outside(backend: Backend, q: AnyMatrix, y: AnyMatrix): AnyMatrix {
  const inside = multiply(backend, q, multiply(backend, q, y, { opA: 'conjugate-transpose' }));
  return matrixOver(
    y.field,
    y.rows,
    y.columns,
    y.data.map((value, i) => value - inside.data[i]!),
  );
}

/** The first columns of a matrix. */
function leading(a: AnyMatrix, count: number): AnyMatrix {
  const width = a.field === 'real' ? 1 : 2;
  const row = count * width;
  const result = matrixOver(a.field, a.rows, count, new Float64Array(a.rows * row));
  for (let i = 0; i < a.rows; i++)
    result.data.set(a.data.subarray(i * a.columns * width, i * a.columns * width + row), i * row);
  return result;
}
