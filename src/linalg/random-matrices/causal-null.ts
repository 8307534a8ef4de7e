import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { log } from '../../math/log.ts';
import { gaussianNumbers } from '../iterative/gaussian.ts';
import { checkFiniteMatrix, checkSquare } from '../matrix/arguments.ts';
import type { Matrix } from '../matrix/matrix.ts';
import { COMPARISON_DEFAULTS } from './defaults.ts';
import { causalAttention, causalSoftmax } from './ensembles.ts';

/** One number of an attention matrix against random causal attention. */
export interface CausalStatistic {
  /** The number of the matrix itself. */
  readonly observed: number;
  /** Mean and standard deviation over the random matrices. */
  readonly mean: number;
  /** Standard deviation over the random matrices. */
  readonly deviation: number;
  /** Two-sided: small means that random scores of this spread hardly give such a number. */
  readonly pValue: number;
}

/** A causal attention matrix against the softmax of independent Gaussian scores with the same mean entropy of the rows. */
export interface CausalComparison {
  /** Standard deviation of the scores. */
  readonly scale: number;
  /** Mean over the rows i ≥ 1 of entropy/ln(i + 1): 1 for even attention. */
  readonly evenness: number;
  /** The diagonal, which is the spectrum: a triangular matrix needs no solver. */
  readonly eigenvalues: Float64Array;
  /** The numbers that are compared. */
  readonly statistics: {
    /** Mean of the diagonal: attention of a token to itself. */
    readonly diagonal: CausalStatistic;
    /** 1 − max_{i≥1} A_ii, the gap below the eigenvalue 1 of the first token. */
    readonly gap: CausalStatistic;
    /** Mean of the first column over the rows i ≥ 1: attention to the first token. */
    readonly firstColumn: CausalStatistic;
    /** Mean of A_{i,i−1}. */
    readonly previous: CausalStatistic;
    /** ‖A‖₂. */
    readonly norm: CausalStatistic;
    /** ‖A‖²_F/‖A‖₂². */
    readonly stableRank: CausalStatistic;
  };
}

/** Options of `compareCausalAttention`. */
export interface CausalComparisonOptions {
  /** Random matrices; default 299. */
  readonly surrogates?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

/** Rows must sum to 1 to this, which f32 attention does. */
const SUM_TOLERANCE = 1e-4;
const MOST_SCALE = 1e5;

/**
 * Compares an attention matrix with random causal ones. The scale of the random scores is fitted, so that what is left is where the
 * attention goes, not how sharp it is.
 *
 * @throws ShapeError unless a is square, DomainError unless it has 3 rows, is lower triangular, not negative, with rows that sum to 1;
 * NonFiniteError.
 * @cost about 30 n² for each of surrogates + 1 matrices.
 * @source the Dyson paper, §V, for the triangular spectrum; the null model is ours.
 * @example
 * const { scale, statistics } = compareCausalAttention(pattern);
 */
export function compareCausalAttention(
  a: Matrix,
  {
    surrogates = COMPARISON_DEFAULTS.surrogates.attention,
    seed = COMPARISON_DEFAULTS.seed,
  }: CausalComparisonOptions = {},
): CausalComparison {
  const where = 'compareCausalAttention';
  checkSquare(where, a, 'Attention of a prompt to itself is square.');
  checkInteger(where, 'a.rows', a.rows, 3);
  checkInteger(where, 'surrogates', surrogates, 1);
  checkFiniteMatrix(where, 'a', a);
  checkCausal(where, a);
  const n = a.rows;
  const evenness = evennessOf(a);
  const scale = scaleOf(n, evenness, seed);
  const observed = statisticsOf(a);
  const random = Array.from({ length: surrogates }, (_, stream) =>
    // Stream 0 belongs to the fit of the scale.
    statisticsOf(causalAttention(n, scale, { seed, stream: stream + 1 })),
  );
  const compare = (name: keyof CausalComparison['statistics']) =>
    compared(
      observed[name],
      random.map((statistics) => statistics[name]),
    );
  return {
    scale,
    evenness,
    eigenvalues: Float64Array.from({ length: n }, (_, i) => a.data[i * n + i]!),
    statistics: {
      diagonal: compare('diagonal'),
      gap: compare('gap'),
      firstColumn: compare('firstColumn'),
      previous: compare('previous'),
      norm: compare('norm'),
      stableRank: compare('stableRank'),
    },
  };
}

/** Whether a real matrix is lower triangular, not negative, with rows that sum to 1. */
export function isCausalAttention(a: Matrix): boolean {
  return causalFault(a) === null;
}

function checkCausal(where: string, a: Matrix): void {
  const fault = causalFault(a);
  if (fault === null) return;
  throw new DomainError(`${where}: a must be causal attention, but ${fault}. Give one head's pattern.`);
}

function causalFault({ rows: n, columns, data }: Matrix): string | null {
  if (n !== columns) return `it is ${n}×${columns}`;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const value = data[i * n + j]!;
      if (j > i && value !== 0) return `a[${i}, ${j}] above the diagonal is ${value}`;
      if (!(value >= 0)) return `a[${i}, ${j}] is ${value}`;
      sum += value;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return `row ${i} sums to ${sum}`;
  }
  return null;
}

function evennessOf({ rows: n, data }: Matrix): number {
  let total = 0;
  for (let i = 1; i < n; i++) {
    let entropy = 0;
    for (let j = 0; j <= i; j++) {
      const p = data[i * n + j]!;
      if (p > 0) entropy -= p * log(p);
    }
    total += entropy / log(i + 1);
  }
  return total / (n - 1);
}

/** The scale at which random scores of stream 0 are as even; evenness falls as the scale grows. */
function scaleOf(n: number, evenness: number, seed: bigint): number {
  const scores = gaussianNumbers(n * n, seed, 0);
  const at = (scale: number) => evennessOf(causalSoftmax(n, scores, scale));
  let [low, high] = [0, 1];
  while (high < MOST_SCALE && at(high) > evenness) [low, high] = [high, 2 * high];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (at(middle) > evenness) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function statisticsOf(a: Matrix): Record<keyof CausalComparison['statistics'], number> {
  const { rows: n, data } = a;
  let [diagonal, largest, firstColumn, previous, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const own = data[i * n + i]!;
    diagonal += own / n;
    if (i === 0) continue;
    largest = Math.max(largest, own);
    firstColumn += data[i * n]! / (n - 1);
    previous += data[i * n + i - 1]! / (n - 1);
  }
  for (const value of data) squares += value * value;
  const norm = causalNorm(a);
  return { diagonal, gap: 1 - largest, firstColumn, previous, norm, stableRank: squares / norm / norm };
}

const MOST_STEPS = 1000;
const CHANGE = 1e-14;

/** ‖A‖₂ of a lower triangular matrix that is not negative, by the power method on AᵀA: its first vector has no negative element. */
function causalNorm({ rows: n, data }: Matrix): number {
  let x = new Float64Array(n).fill(1 / Math.sqrt(n));
  let norm = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const image = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const y = data.subarray(i * n, i * n + i + 1);
      let inner = 0;
      for (let j = 0; j <= i; j++) inner += y[j]! * x[j]!;
      for (let j = 0; j <= i; j++) image[j]! += y[j]! * inner;
    }
    let squares = 0;
    for (const value of image) squares += value * value;
    const next = Math.sqrt(Math.sqrt(squares));
    x = image.map((value) => value / (next * next));
    if (Math.abs(next - norm) <= CHANGE * next) return next;
    norm = next;
  }
  return norm;
}

function compared(observed: number, random: readonly number[]): CausalStatistic {
  const n = random.length;
  const mean = random.reduce((sum, value) => sum + value, 0) / n;
  const variance = random.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, n - 1);
  const above = random.filter((value) => value >= observed).length;
  const below = random.filter((value) => value <= observed).length;
  const pValue = Math.min(1, (2 * (1 + Math.min(above, below))) / (n + 1));
  return { observed, mean, deviation: Math.sqrt(variance), pValue };
}
