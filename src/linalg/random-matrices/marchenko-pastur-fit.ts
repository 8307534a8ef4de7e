import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { singularValues } from '../svd/svd.ts';
import { COMPARISON_DEFAULTS } from './defaults.ts';
import { gaussianMatrix } from './ensembles.ts';
import { ascending, exceedance, ksDistance } from './kolmogorov-smirnov.ts';
import { marchenkoPastur, quantileBetween } from './marchenko-pastur.ts';

/** An eigenvalue beyond the edge, read as a direction of larger variance (a spiked covariance). */
export interface Spike {
  /** σ²/n of the matrix. */
  readonly eigenvalue: number;
  /** Population variance ℓ with ℓ(1 + c s²/(ℓ − s²)) = eigenvalue. */
  readonly strength: number;
  /** Expected squared cosine between its singular vector on the short side and the true direction. */
  readonly alignment: number;
}

/** The eigenvalues σ²/n of a p×n matrix, p ≤ n after a transposition if need be, against Marchenko–Pastur. */
export interface MarchenkoPasturFit {
  /** c = p/n. */
  readonly ratio: number;
  /** s² of the bulk. */
  readonly variance: number;
  /** Lower and upper edge of the fitted bulk. */
  readonly edges: readonly [number, number];
  /** The p eigenvalues, ascending. */
  readonly eigenvalues: Float64Array;
  /** Where an eigenvalue counts as a spike: the edge and the 99.9 % point of the fluctuations of the largest eigenvalue beyond it. */
  readonly spikeEdge: number;
  /** Baik–Ben Arous–Péché: directions of a variance up to s²(1 + √c) do not leave the bulk. */
  readonly threshold: number;
  /** Largest first. */
  readonly spikes: readonly Spike[];
  /** Kolmogorov–Smirnov distance of the other eigenvalues from the law. */
  readonly distance: number;
  /** Share of Gaussian matrices of this ratio with such a distance for their size, or a larger one. Small: not Marchenko–Pastur. */
  readonly pValue: number;
}

/** Options of `fitMarchenkoPastur`. */
export interface MarchenkoPasturFitOptions {
  /** Gaussian matrices to compare with; default 99. */
  readonly surrogates?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

/** Entries of a surrogate at most, and its short side. */
const MOST_ENTRIES = 1 << 16;
const SHORT_SIDE = 64;
/** 99.9 % point of the Tracy–Widom law of real matrices. */
const TRACY_WIDOM_999 = 3.27;

/**
 * Fits the variance of the bulk and finds the spikes: s² starts from the median, which spikes hardly move, and is then the mean of the
 * eigenvalues that do not count as spikes, until these stay the same.
 *
 * Bulk eigenvalues repel, so their distance from the law is far below that of independent numbers; it is judged by Gaussian matrices that
 * went through the same fit. They have at most 64 rows; between sizes, distances are compared in units of √(ln p)/p.
 *
 * @throws DomainError for a matrix with less than two rows or columns or without a bulk; NonFiniteError, CapacityError as singularValues.
 * @accuracy s² to about s²/√(pn) on Gaussian matrices.
 * @cost the singular values, and those of the surrogates.
 * @source J. Baik, G. Ben Arous, S. Péché, Ann. Probab. 33 (2005) 1643; spikes: J. Baik, J. W. Silverstein, J. Multivar. Anal. 97 (2006)
 * 1382; D. Paul, Stat. Sinica 17 (2007) 1617; edge: I. M. Johnstone, Ann. Stat. 29 (2001) 295.
 * @example
 * const { variance, spikes } = fitMarchenkoPastur(backend, weights);
 */
export function fitMarchenkoPastur(
  backend: Backend,
  a: AnyMatrix,
  {
    surrogates = COMPARISON_DEFAULTS.surrogates.weights,
    seed = COMPARISON_DEFAULTS.seed,
  }: MarchenkoPasturFitOptions = {},
): MarchenkoPasturFit {
  checkInteger('fitMarchenkoPastur', 'surrogates', surrogates, 1);
  const [p, n] = [Math.min(a.rows, a.columns), Math.max(a.rows, a.columns)];
  checkInteger('fitMarchenkoPastur', 'the shorter side of a', p, 2);
  const fit = fitValues(
    squares(
      inNameOf('fitMarchenkoPastur', () => singularValues(backend, a)),
      n,
    ),
    p,
    n,
  );
  const rows = Math.max(2, Math.min(p, SHORT_SIDE, Math.floor(Math.sqrt((MOST_ENTRIES * p) / n))));
  const columns = Math.round((rows * n) / p);
  const random = Array.from({ length: surrogates }, (_, stream) => {
    const gaussian = gaussianMatrix(a.field, rows, columns, { seed, stream });
    return fitValues(squares(singularValues(backend, gaussian), columns), rows, columns).distance * growth(rows);
  });
  return { ...fit, pValue: exceedance(fit.distance * growth(p), random) };
}

/** Distances of rigid spectra shrink like √(ln p)/p. */
function growth(p: number): number {
  return p / Math.sqrt(log(p));
}

/** σ²/n, ascending. */
function squares(values: Float64Array, n: number): Float64Array {
  return ascending(values.map((value) => (value * value) / n));
}

function fitValues(eigenvalues: Float64Array, p: number, n: number): Omit<MarchenkoPasturFit, 'pValue'> {
  const ratio = p / n;
  const unit = marchenkoPastur(ratio, 1);
  let variance = medianOf(eigenvalues) / quantileBetween(unit.cdf, 0.5, ...unit.edges);
  if (!(variance > 0)) {
    throw new DomainError(
      'fitMarchenkoPastur: a must have a bulk, but half of its singular values are 0. Give a matrix of fuller rank.',
    );
  }
  const beyond = relativeSpikeEdge(p, n);
  let bulk = p;
  for (let step = 0; step < 50; step++) {
    const before = bulk;
    bulk = eigenvalues.filter((value) => value <= variance * beyond).length;
    if (bulk === 0 || (step > 0 && bulk === before)) break;
    variance = eigenvalues.subarray(0, bulk).reduce((sum, value) => sum + value, 0) / bulk;
  }
  const law = marchenkoPastur(ratio, variance);
  return {
    ratio,
    variance,
    edges: law.edges,
    eigenvalues,
    spikeEdge: variance * beyond,
    threshold: variance * (1 + Math.sqrt(ratio)),
    spikes: Array.from(eigenvalues.subarray(bulk), (value) => spikeOf(value, variance, ratio)).reverse(),
    distance: bulk === 0 ? 1 : ksDistance(eigenvalues.subarray(0, bulk), law.cdf),
  };
}

/** (μ + 3.27 σ)/n in Johnstone's centring and scaling of the largest eigenvalue, not below the edge itself. */
function relativeSpikeEdge(p: number, n: number): number {
  const [a, b] = [Math.sqrt(n - 1), Math.sqrt(p)];
  const sigma = (a + b) * exp(log(1 / a + 1 / b) / 3);
  const edge = 1 + Math.sqrt(p / n);
  return Math.max(edge * edge, ((a + b) * (a + b) + TRACY_WIDOM_999 * sigma) / n);
}

function spikeOf(eigenvalue: number, variance: number, ratio: number): Spike {
  const x = eigenvalue / variance;
  const sum = x + 1 - ratio;
  const ell = (sum + Math.sqrt(Math.max(0, sum * sum - 4 * x))) / 2;
  const excess = ell - 1;
  const alignment = Math.max(0, (1 - ratio / (excess * excess)) / (1 + ratio / excess));
  return { eigenvalue, strength: variance * ell, alignment };
}

function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
