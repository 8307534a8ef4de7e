import type { Backend } from '../../backend/backend.ts';
import { checkInteger, checkLength } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { eigh } from '../../linalg/eigen/eigh.ts';
import { eigsHermitian } from '../../linalg/iterative/eigs-hermitian.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import { matrixOperator } from '../../linalg/operator/matrix-operator.ts';
import { checkCosines } from './similarity.ts';

/** Up to this order all eigenpairs cost less than a few by iteration. */
const DIRECT = 400;

/** Principal components of n vectors from their inner products alone. */
export interface Pca {
  /** Variances along the components, λ_k/(n − 1), largest first. */
  readonly variances: readonly number[];
  /** Their shares of the total variance; empty if nothing varies. */
  readonly shares: readonly number[];
  /** n×count: coordinates of every vector about the mean. The entry of largest modulus of each component is positive. */
  readonly scores: Matrix;
  /** count×n: component k is the direction Σ_i weights[k][i]·x_i, of unit norm. */
  readonly weights: Matrix;
}

/** Inner products lengths[i]·lengths[j]·c_ij of the changes Δψ_i, or of the unit vectors without lengths. */
export function innerProducts(cosines: Matrix, lengths?: ArrayLike<number>): Matrix {
  const n = checkCosines('innerProducts', cosines);
  if (lengths === undefined) return cosines;
  checkLength('innerProducts', 'lengths', lengths, n);
  const data = cosines.data.map((cosine, at) => cosine * lengths[Math.floor(at / n)]! * lengths[at % n]!);
  return new Matrix(n, n, data);
}

/**
 * Principal component analysis of n vectors x_i: eigenpairs of J G J, G_ij = x_i·x_j, J the projection off the mean. The vectors
 * themselves are not needed. Components whose variance is rounding are left out.
 *
 * @param products n×n, n ≥ 2, as {@link innerProducts} gives it.
 * @param count components wanted, at least 1. Default 10.
 * @throws ShapeError, DomainError, NonFiniteError.
 * @accuracy variances absolute n·u·λ₁, so a singular value σ of the data has the relative error n·u·(σ₁/σ)²: components below 1e-7·σ₁
 * would need an SVD of the data.
 * @cost 8n³ floating-point operations up to n = 400, O(n²) per iteration beyond.
 * @source J. C. Gower, Biometrika 53 (1966) 325.
 */
export function pcaOf(backend: Backend, products: Matrix, count = 10): Pca {
  const n = checkCosines('pcaOf', products);
  checkInteger('pcaOf', 'count', count, 1);
  if (n < 2) throw new DomainError(`pcaOf: products must be of at least 2 vectors, but they are of ${n}.`);
  const centred = doublyCentred(products);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += centred.data[i * n + i]!;
  const { values, vectors } = leading(backend, centred, Math.min(count, n - 1));
  const largest = Math.max(0, ...values);
  const least = 8 * n * 2 ** -53 * Math.max(largest, diagonalMaximum(products));
  const kept = values.findIndex((value) => !(value > least));
  const found = values.slice(0, kept < 0 ? values.length : kept);
  const scores = new Matrix(n, found.length);
  const weights = new Matrix(found.length, n);
  found.forEach((value, k) => {
    let peak = 0;
    for (let i = 0; i < n; i++) if (Math.abs(vectors(i, k)) > Math.abs(peak)) peak = vectors(i, k);
    const sign = peak < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) {
      scores.data[i * found.length + k] = sign * vectors(i, k) * Math.sqrt(value);
      weights.data[k * n + i] = (sign * vectors(i, k)) / Math.sqrt(value);
    }
  });
  return {
    variances: found.map((value) => value / (n - 1)),
    shares: found.map((value) => value / trace),
    scores,
    weights,
  };
}

interface Leading {
  readonly values: number[];
  readonly vectors: (i: number, k: number) => number;
}

function leading(backend: Backend, matrix: Matrix, count: number): Leading {
  const n = matrix.rows;
  if (n <= DIRECT) {
    const { values, vectors } = eigh(backend, matrix);
    return {
      values: Array.from({ length: count }, (_, k) => values[n - 1 - k]!),
      vectors: (i, k) => vectors.data[i * n + n - 1 - k]!,
    };
  }
  const operator = matrixOperator(backend, matrix, { structure: 'hermitian' });
  try {
    const { values, vectors } = eigsHermitian(backend, operator, { count, which: 'largest' });
    return { values: [...values], vectors: (i, k) => vectors.data[i * vectors.columns + k]! };
  } finally {
    operator.release();
  }
}

/** J G J, exactly symmetric. */
function doublyCentred({ data, rows: n }: Matrix): Matrix {
  const means = new Float64Array(n);
  let mean = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += data[i * n + j]!;
    means[i] = sum / n;
    mean += means[i]! / n;
  }
  const centred = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = data[i * n + j]! - means[i]! - means[j]! + mean;
      centred.data[i * n + j] = entry;
      centred.data[j * n + i] = entry;
    }
  }
  return centred;
}

function diagonalMaximum({ data, rows: n }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, data[i * n + i]!);
  return largest;
}
