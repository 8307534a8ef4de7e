import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { ShapeError } from '../../core/errors.ts';
import type { Matrix } from '../../linalg/matrix/matrix.ts';
import { cosineMatrix, pairSquareSum, squareSumByUnits } from './gram.ts';
import type { UnitVectors } from './unit-vectors.ts';

/**
 * Similarity of two Householder Hamiltonians, Tr(H_i H_j)/(‖H_i‖‖H_j‖) = c².
 *
 * @param cosine c = v_i·v_j
 * @source QLens, section 5.
 */
export function similarityH(cosine: number): number {
  return cosine * cosine;
}

/**
 * Similarity of two Householder unitaries, Tr(U_i U_j)/V = (1 − 4/V) + (4/V)·sim_H. For V = 2 it is 2·sim_H − 1; for large V it lies
 * near 1 − 4/V whatever the layer does.
 *
 * @throws DomainError unless V is a whole number of at least 1.
 * @source QLens, section 5.
 */
export function similarityU(similarityOfH: number, V: number): number {
  checkInteger('similarityU', 'V', V, 1);
  return 1 - 4 / V + (4 / V) * similarityOfH;
}

/** Mean and spread of a similarity over pairs, sim_H unless it says otherwise. */
export interface PairMean {
  /** Pairs i < j, or i in one group and j in the other. */
  readonly pairs: number;
  /** Mean sim_H; null without a pair. */
  readonly mean: number | null;
  /** Standard deviation of sim_H over the pairs (they are not independent); null below two pairs. */
  readonly deviation: number | null;
}

/** Similarity within two groups of operators and between them. */
export interface GroupSimilarity {
  /** The pairs of the first and of the second group. */
  readonly within: readonly [PairMean, PairMean];
  /** The pairs of one of either. */
  readonly between: PairMean;
  /** (first mean − second mean)/√((s₁² + s₂²)/2) over pairs, Cohen's d; null where it has no value. */
  readonly effectSize: number | null;
}

/** Operations from which {@link meanSimilarity} multiplies in f32: a tenth of a second less. */
const MANY = 4e9;

/**
 * Mean sim_H over the pairs i < j of a set, (‖G‖_F² − m)/(m(m − 1)), from the m×m or the V×V Gram matrix, whichever is smaller.
 *
 * @returns null below two vectors.
 * @accuracy absolute 1e-7/√V (f32 vectors); from m²V = 4·10⁹ on products are f32 too, relative 1e-7.
 * @cost m·V·min(m, V) floating-point operations
 * @source QLens, section 5; the identity ‖VVᵀ‖_F = ‖VᵀV‖_F.
 */
export function meanSimilarity(backend: Backend, vectors: UnitVectors): number | null {
  const { count: m, V } = vectors;
  if (m < 2) return null;
  if (V >= m && m * m * V >= MANY) return pairSquareSum(backend, vectors) / ((m * (m - 1)) / 2);
  if (V >= m) return groupSimilarity(cosineMatrix(backend, [vectors]), m).within[0].mean;
  return (squareSumByUnits(backend, vectors) - m) / (m * (m - 1));
}

/**
 * sim_H within the first `first` operators, within the others, and between them.
 *
 * @param cosines n×n, as {@link cosineMatrix} gives them for two sets.
 * @throws ShapeError, DomainError.
 * @cost O(n²)
 */
export function groupSimilarity(cosines: Matrix, first: number): GroupSimilarity {
  return groupsOf('groupSimilarity', cosines, first, similarityH);
}

/** The same for similarities of any kind, n×n and symmetric. @throws ShapeError, DomainError. @cost O(n²) */
export function groupMeans(similarities: Matrix, first: number): GroupSimilarity {
  return groupsOf('groupMeans', similarities, first, (similarity) => similarity);
}

function groupsOf(
  where: string,
  pairs: Matrix,
  first: number,
  similarityOf: (entry: number) => number,
): GroupSimilarity {
  const n = checkCosines(where, pairs);
  checkInteger(where, 'first', first, 0, n);
  const within1 = pairMean(pairs, similarityOf, [0, first], [0, first]);
  const within2 = pairMean(pairs, similarityOf, [first, n], [first, n]);
  const between = pairMean(pairs, similarityOf, [first, n], [0, first]);
  const spread = Math.sqrt((square(within1.deviation) + square(within2.deviation)) / 2);
  const difference = within1.mean === null || within2.mean === null ? null : within1.mean - within2.mean;
  const effectSize = difference === null || !(spread > 0) ? null : difference / spread;
  return { within: [within1, within2], between, effectSize };
}

/** n of an n×n matrix. @throws ShapeError for any other. */
export function checkCosines(where: string, { rows, columns }: Matrix): number {
  if (rows === columns) return rows;
  throw new ShapeError(`${where}: the matrix of pairs must be square, but it is ${rows}×${columns}.`);
}

function square(x: number | null): number {
  return x === null ? Number.NaN : x * x;
}

/** Over i in `rows`, j in `columns` and j < i. Two passes, so that the deviation does not cancel. */
function pairMean(
  { data, columns: n }: Matrix,
  similarityOf: (entry: number) => number,
  rows: [number, number],
  columns: [number, number],
): PairMean {
  const over = (term: (similarity: number) => number): number => {
    let total = 0;
    for (let i = rows[0]; i < rows[1]; i++) {
      let sum = 0;
      for (let j = columns[0]; j < Math.min(i, columns[1]); j++) sum += term(similarityOf(data[i * n + j]!));
      total += sum;
    }
    return total;
  };
  const pairs = over(() => 1);
  if (pairs === 0) return { pairs, mean: null, deviation: null };
  const mean = over((similarity) => similarity) / pairs;
  const deviation =
    pairs === 1 ? null : Math.sqrt(over((similarity) => (similarity - mean) * (similarity - mean)) / (pairs - 1));
  return { pairs, mean, deviation };
}

/** Counts of values in equal bins. */
export interface Histogram {
  /** Lower end of the first bin. */
  readonly low: number;
  /** Upper end of the last bin. */
  readonly high: number;
  /** Values in each bin. */
  readonly counts: readonly number[];
}

/** Histogram of sim_H over pairs i < j of the operators `from` … `to` − 1, on [0, high]; `high` itself is in the last bin. */
export function similarityHistogram(cosines: Matrix, from: number, to: number, high: number, bins = 40): Histogram {
  const n = checkCosines('similarityHistogram', cosines);
  checkInteger('similarityHistogram', 'bins', bins, 1);
  const counts = new Array<number>(bins).fill(0);
  for (let i = from; i < to; i++) {
    for (let j = from; j < i; j++) {
      const similarity = similarityH(cosines.data[i * n + j]!);
      if (similarity <= high) counts[Math.min(bins - 1, Math.floor((similarity / high) * bins))]!++;
    }
  }
  return { low: 0, high, counts };
}
