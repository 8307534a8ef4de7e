import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64, fillUniform } from '../../core/philox.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { gaussianNumbers } from '../iterative/gaussian.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';

/** Which random numbers: a seed, and a stream of it for matrices that shall be independent. */
export interface EnsembleOptions {
  /** Default 0n. */
  readonly seed?: bigint;
  /** Default 0. */
  readonly stream?: number;
}

function numbers(where: string, length: number, { seed = 0n, stream = 0 }: EnsembleOptions): Float64Array {
  checkWord64(where, 'seed', seed);
  checkInteger(where, 'stream', stream, 0);
  return gaussianNumbers(length, seed, stream);
}

/**
 * Independent Gaussian entries with E|a_ij|² = 1: real, or complex with parts of variance ½. Square ones are the Ginibre ensembles;
 * W W†/n of a p×n one is a Wishart matrix.
 *
 * @throws DomainError for sizes or seeds out of range.
 * @source J. Ginibre, J. Math. Phys. 6 (1965) 440; J. Wishart, Biometrika 20A (1928) 32.
 * @example
 * const g = gaussianMatrix('complex', 100, 100, { seed: 1n });
 */
export function gaussianMatrix(field: 'real', rows: number, columns: number, options?: EnsembleOptions): Matrix;
export function gaussianMatrix(
  field: 'complex',
  rows: number,
  columns: number,
  options?: EnsembleOptions,
): ComplexMatrix;
export function gaussianMatrix(
  field: AnyMatrix['field'],
  rows: number,
  columns: number,
  options?: EnsembleOptions,
): AnyMatrix;
export function gaussianMatrix(
  field: AnyMatrix['field'],
  rows: number,
  columns: number,
  options: EnsembleOptions = {},
): AnyMatrix {
  checkInteger('gaussianMatrix', 'rows', rows, 0);
  checkInteger('gaussianMatrix', 'columns', columns, 0);
  if (field === 'real') return new Matrix(rows, columns, numbers('gaussianMatrix', rows * columns, options));
  const data = numbers('gaussianMatrix', 2 * rows * columns, options);
  return new ComplexMatrix(
    rows,
    columns,
    data.map((value) => value * Math.SQRT1_2),
  );
}

/**
 * Gaussian unitary ensemble: (G + G†)/2 of a complex Ginibre G, so E|a_ij|² = ½ and the spectrum fills ±√(2n).
 *
 * @throws DomainError for a size or seed out of range.
 * @source M. L. Mehta, Random Matrices (2004), ch. 2.
 */
export function gaussianUnitary(n: number, options: EnsembleOptions = {}): ComplexMatrix {
  const { data } = gaussianMatrix('complex', n, n, options);
  const a = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      a.data[2 * (i * n + j)] = (data[2 * (i * n + j)]! + data[2 * (j * n + i)]!) / 2;
      a.data[2 * (i * n + j) + 1] = (data[2 * (i * n + j) + 1]! - data[2 * (j * n + i) + 1]!) / 2;
    }
  }
  return a;
}

/**
 * Real elliptic ensemble: entries of variance 1 (1 + τ on the diagonal) with E a_ij a_ji = τ, from √((1+τ)/2)·S + √((1−τ)/2)·A with
 * symmetric S and antisymmetric A. τ = 0 is real Ginibre.
 *
 * @throws DomainError unless −1 ≤ τ ≤ 1, or for a size or seed out of range.
 * @source V. L. Girko, Theory Probab. Appl. 30 (1986) 677; H.-J. Sommers, A. Crisanti, H. Sompolinsky, Y. Stein, Phys. Rev. Lett. 60 (1988) 1895.
 */
export function ellipticMatrix(n: number, tau: number, options: EnsembleOptions = {}): Matrix {
  if (!(tau >= -1 && tau <= 1)) {
    throw new DomainError(`ellipticMatrix: tau must lie in [−1, 1], but it is ${String(tau)}.`);
  }
  const { data } = gaussianMatrix('real', n, n, options);
  const [even, odd] = [Math.sqrt((1 + tau) / 4), Math.sqrt((1 - tau) / 4)];
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [x, y] = [data[i * n + j]!, data[j * n + i]!];
      a.data[i * n + j] = even * (x + y) + odd * (x - y);
    }
  }
  return a;
}

/**
 * Causal attention of random scores: row i is the softmax of i + 1 independent Gaussian numbers of standard deviation `scale`, so the
 * matrix is lower triangular with rows that sum to 1, and its eigenvalues are its diagonal. Scale 0 attends evenly.
 *
 * @throws DomainError for a size, scale or seed out of range.
 */
export function causalAttention(n: number, scale: number, options: EnsembleOptions = {}): Matrix {
  checkInteger('causalAttention', 'n', n, 0);
  if (!(scale >= 0 && scale < 1e6)) {
    throw new DomainError(`causalAttention: scale must lie in [0, 10⁶), but it is ${String(scale)}.`);
  }
  const scores = numbers('causalAttention', n * n, options);
  return causalSoftmax(n, scores, scale);
}

/** Row-wise softmax of scale·scores over j ≤ i. */
export function causalSoftmax(n: number, scores: Float64Array, scale: number): Matrix {
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    const row = a.data.subarray(i * n, i * n + i + 1);
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j <= i; j++) largest = Math.max(largest, scale * scores[i * n + j]!);
    let sum = 0;
    for (let j = 0; j <= i; j++) {
      row[j] = exp(scale * scores[i * n + j]! - largest);
      sum += row[j]!;
    }
    for (let j = 0; j <= i; j++) row[j]! /= sum;
  }
  return a;
}

/**
 * Independent numbers with the density (α−1)/x_min·(x/x_min)^{−α} above x_min, by inversion.
 *
 * @throws DomainError unless α > 1 and x_min > 0.
 */
export function powerLawSample(
  length: number,
  alpha: number,
  xmin: number,
  options: EnsembleOptions = {},
): Float64Array {
  const { seed = 0n, stream = 0 } = options;
  checkInteger('powerLawSample', 'length', length, 0);
  checkWord64('powerLawSample', 'seed', seed);
  if (!(alpha > 1 && alpha < Infinity && xmin > 0 && xmin < Infinity)) {
    throw new DomainError(`powerLawSample: alpha must exceed 1 and xmin 0, but they are ${alpha} and ${xmin}.`);
  }
  const u = new Float64Array(length);
  fillUniform(u, seed, BigInt(stream), 0, length);
  return u.map((value) => xmin * exp(-log(1 - value) / (alpha - 1)));
}
