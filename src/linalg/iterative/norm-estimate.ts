import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkChoice, checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import { log } from '../../math/log.ts';
import { matrixOver } from '../matrix/arguments.ts';
import { norm } from '../matrix/vectors.ts';
import { adjointOperator } from '../operator/combinations.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { gaussianNumbers } from './gaussian.ts';
import { GolubKahanProcess } from './golub-kahan.ts';
import { estimateNorm1 } from './norm-one.ts';
import { Products } from './products.ts';
import { outside, rangeOf } from './randomized.ts';

/** Options of `normEstimate`. */
export interface NormEstimateOptions {
  /** Default 2. */
  readonly p?: 1 | 2 | 'fro';
  /**
   * Effort: Lanczos steps for p = 2 (default 30), columns at a time for p = 1 (default 4), products for the Frobenius norm
   * (default 60).
   */
  readonly effort?: number;
  /** Probability with which the upper bound for p = 2 may fail; default 1e-6. */
  readonly failure?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

/** A norm of an operator, estimated and bounded. */
export interface NormEstimate {
  /** The estimate. */
  readonly value: number;
  /** At most the norm, up to rounding. */
  readonly lower: number;
  /** At least the norm, but for the probability `failure`; ∞ where nothing is known. */
  readonly upper: number;
  /** Probability with which `upper` may fail; 0 for a bound that is certain, or for none. */
  readonly failure: number;
  /** Standard error of `value` where it is a mean of random samples, else 0. */
  readonly standardError: number;
  /** Products with the operator and its adjoint. */
  readonly products: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

type Found = Pick<NormEstimate, 'value' | 'lower' | 'upper' | 'failure' | 'standardError'>;

const DEFAULT_EFFORT = { 1: 4, 2: 30, fro: 60 } as const;

/**
 * An estimate of ‖A‖₁, ‖A‖₂ or ‖A‖_F from products.
 *
 * - p = 2: the largest Ritz value of k Golub–Kahan–Lanczos steps from a vector uniform on the sphere: a lower bound. It falls short of
 *   σ² by more than ε σ² with a probability of at most 1.648·√n·exp(−√ε(2k − 1)), which gives the upper bound.
 * - p = 1: block power method on the unit ball of the 1-norm: a lower bound, most often the norm itself.
 * - Frobenius: ‖Q†A‖_F² exactly for a sketched range Q, and the mean of ‖(1 − QQ†)Aω‖² for the rest, with its standard error; without
 *   an adjoint the mean alone.
 *
 * An operator of few columns is applied to all unit vectors, and the result is exact.
 *
 * @throws DomainError for an option out of range, or for p = 1, 2 if the operator has no adjoint; NonFiniteError naming the product.
 * @cost `effort` pairs of products for p = 2, about 4·`effort` for p = 1, `effort` for the Frobenius norm.
 * @source J. Kuczyński, H. Woźniakowski, SIAM J. Matrix Anal. Appl. 13 (1992) 1094, theorem 4.2 (p = 2; a complex operator counts as a
 * real one of twice the order); N. J. Higham, F. Tisseur, SIAM J. Matrix Anal. Appl. 21 (2000) 1185, algorithm 2.4; R. A. Meyer, C. Musco,
 * C. Musco, D. P. Woodruff, Hutch++: optimal stochastic trace estimation (SOSA 2021), for A A†.
 * @example
 * const { lower, upper } = normEstimate(backend, operator); // lower ≤ ‖A‖₂ ≤ upper
 */
export function normEstimate(
  backend: Backend,
  operator: LinearOperator,
  options: NormEstimateOptions = {},
): NormEstimate {
  const where = 'normEstimate';
  const { p = 2, failure = 1e-6, seed = 0n } = options;
  checkChoice(where, 'p', String(p), ['1', '2', 'fro']);
  const effort = options.effort ?? DEFAULT_EFFORT[p];
  checkInteger(where, 'effort', effort, p === 'fro' ? 6 : 1);
  checkWord64(where, 'seed', seed);
  if (!(failure > 0 && failure < 1))
    throw new DomainError(`${where}: failure must be between 0 and 1, but it is ${String(failure)}.`);
  if (p !== 'fro' && !operator.hasAdjoint)
    throw new DomainError(
      `${where}: operator must have an adjoint for p = ${p}, but none was given. Give it applyAdjoint.`,
    );
  const products = new Products(where, operator);
  const found = estimate(backend, products, p, effort, failure, seed);
  return { ...found, products: products.count, backend: backend.kind };
}

function estimate(
  backend: Backend,
  products: Products,
  p: 1 | 2 | 'fro',
  effort: number,
  failure: number,
  seed: bigint,
): Found {
  const { rows, columns } = products.operator;
  if (rows === 0 || columns === 0) return exactly(0);
  if (p === 2) return estimateNorm2(backend, products, effort, failure, seed);
  if (p === 'fro') return estimateFrobenius(backend, products, effort, seed);
  const { value, exact } = estimateNorm1(products, effort, seed);
  return exact ? exactly(value) : { ...exactly(value), upper: Number.POSITIVE_INFINITY };
}

function exactly(value: number): Found {
  return { value, lower: value, upper: value, failure: 0, standardError: 0 };
}

function estimateNorm2(backend: Backend, products: Products, steps: number, failure: number, seed: bigint): Found {
  const { operator } = products;
  const wide = operator.columns > operator.rows;
  const counted = wide ? new Products('normEstimate', adjointOperator(operator)) : products;
  const order = counted.operator.columns;
  const subspace = Math.min(steps, order);
  const largest = [(re: number) => re];
  const iteration = new GolubKahanProcess('normEstimate', backend, counted, { subspace, seed }, largest);
  try {
    iteration.expand();
    const value = iteration.approximate().values[0]!;
    products.count = counted.count;
    if (iteration.exhausted) return exactly(value);
    const n = operator.width * order;
    const root = log((1.648 * Math.sqrt(n)) / failure) / (2 * subspace - 1);
    const upper = root < 1 ? value / Math.sqrt(1 - root * root) : Number.POSITIVE_INFINITY;
    return { value, lower: value, upper, failure, standardError: 0 };
  } finally {
    iteration.release();
  }
}

function estimateFrobenius(backend: Backend, products: Products, effort: number, seed: bigint): Found {
  const { rows, columns, field, width, hasAdjoint } = products.operator;
  if (columns <= effort) {
    const unit = new Float64Array(columns * columns * width);
    for (let i = 0; i < columns; i++) unit[i * (columns + 1) * width] = 1;
    return exactly(norm(products.applyMany(unit, columns)));
  }
  const third = Math.min(Math.floor(effort / 3), rows);
  const samples = hasAdjoint ? effort - 2 * third : effort;
  const vectors = gaussianNumbers(columns * samples * width, seed, 2);
  const images = matrixOver(field, rows, samples, products.applyMany(vectors, samples));
  if (!hasAdjoint) return withMean(0, images.data, samples, width);
  const sketch = { rank: third, oversampling: 0, powerIterations: 0, seed };
  const q = rangeOf('normEstimate', backend, products, sketch);
  const seen = norm(products.applyAdjointMany(q.data, q.columns));
  return withMean(seen, outside(backend, q, images).data, samples, width);
}

/** √(seen² + mean of the squared lengths of the columns); a complex Gaussian vector has twice the square. */
function withMean(seen: number, images: Float64Array, samples: number, width: number): Found {
  // In units of the largest length there is, so that squares stay in range.
  const size = Math.max(seen, norm(images));
  if (size === 0) return exactly(0);
  const squares = new Float64Array(samples);
  for (const [i, value] of images.entries()) {
    const k = Math.floor(i / width) % samples;
    squares[k] = squares[k]! + (value / size) * (value / size / width);
  }
  const mean = squares.reduce((sum, square) => sum + square, 0) / samples;
  const spread = squares.reduce((sum, square) => sum + (square - mean) * (square - mean), 0);
  const root = Math.sqrt((seen / size) * (seen / size) + mean);
  return {
    value: size * root,
    lower: seen,
    upper: Number.POSITIVE_INFINITY,
    failure: 0,
    standardError: (size * Math.sqrt(spread / (samples - 1) / samples)) / (2 * root),
  };
}
