import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { Matrix } from '../../linalg/matrix/matrix.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { largestByModulus } from '../ranking.ts';
import type { UnitChange } from '../result.ts';
import { baselinesFor, baselineVectors } from '../statistics/baselines.ts';
import { distanceMatrix } from '../statistics/distance.ts';
import { distanceCorrelation } from '../statistics/distance-correlation.ts';
import { cosineMatrix } from '../statistics/gram.ts';
import { kMeans } from '../statistics/k-means.ts';
import { innerProducts, pcaOf } from '../statistics/pca.ts';
import { energyTest, meanChangeTest, similarityTest } from '../statistics/permutation.ts';
import { RandomStates } from '../statistics/random-states.ts';
import { groupSimilarity, similarityHistogram, similarityU } from '../statistics/similarity.ts';
import { umapOf } from '../statistics/umap.ts';
import { combination, type UnitVectors, type VectorSet } from '../statistics/unit-vectors.ts';
import type { DataSetOperators, StepOperators } from './operators.ts';
import { otherOperators } from './other-operators.ts';
import type {
  BaselineComparison,
  Clusters,
  DataSetResult,
  StepDependence,
  StepRow,
  StepStatistics,
  Structure,
} from './result.ts';

/** Clusters tried. */
const MOST_CLUSTERS = 8;
/** Components whose share is listed. */
const COMPONENTS = 10;

/** Options of `analyseDataSet`. */
export interface DataSetOptions {
  /** Relabellings of every test, at least 1. Default 1000. */
  readonly permutations?: number;
  /** Seed of baselines, relabellings, k-means and UMAP. Default 1. */
  readonly seed?: bigint;
  /** Components of the mean Δψ to list. Default 10. */
  readonly top?: number;
  /** Whether to lay the operators out by UMAP; seconds per thousand operators. Default true where V > 2. */
  readonly umap?: boolean;
  /** Called after every step. */
  readonly onStep?: (done: number, total: number) => void;
}

type Checked = Required<Omit<DataSetOptions, 'onStep'>>;

/**
 * Statistics of the operators of a data set: similarities against baselines with permutation tests, dependence of neighbouring steps,
 * principal components, clusters, UMAP. Steps with fewer than two operators have none: `statistics` is null.
 *
 * @throws DomainError, CapacityError (more than 6,000 operators of a step, 3,000 with their states).
 * @accuracy see the functions it calls; the same bits from both backends, except UMAP.
 * @cost per step and baseline 4n²V flops for n operators, and 6n²B for B relabellings; with states 16n²V and 40n³ more
 * @source QLens, section 5; energy, UMAP and k-means: own choice.
 */
export function analyseDataSet(
  backend: Backend,
  { V, texts, steps }: DataSetOperators,
  {
    permutations = QLENS_DEFAULTS.permutations,
    seed = QLENS_DEFAULTS.seed,
    top = QLENS_DEFAULTS.top,
    umap = V > 2,
    onStep,
  }: DataSetOptions = {},
): DataSetResult {
  checkInteger('analyseDataSet', 'top', top, 1);
  const options = { permutations, seed, top, umap };
  const rows: StepRow[] = [];
  const dependence: StepDependence[] = [];
  let previous: { step: StepOperators; cosines: Matrix } | null = null;
  for (const step of steps) {
    const cosines = step.vectors.count > 0 ? cosineMatrix(backend, [step.vectors]) : new Matrix(0, 0);
    rows.push(stepRow(backend, step, cosines, options));
    if (previous !== null) {
      const found = dependenceOf(backend, previous, { step, cosines }, options);
      if (found !== null) dependence.push(found);
    }
    previous = { step, cosines };
    onStep?.(rows.length, steps.length);
  }
  return { backend: backend.kind, V, texts, permutations, seed: String(seed), steps: rows, dependence };
}

function stepRow(
  backend: Backend,
  { from, to, vectors, inputs, top }: StepOperators,
  cosines: Matrix,
  options: Checked,
): StepRow {
  const { count, coinciding, members, lengths, V } = vectors;
  const even = new Float64Array(count).fill(1 / count);
  const mean = count === 0 ? null : combination(vectors, even, lengths);
  const points = (): [number, number][] => vectors.rows.map((row) => [row[0]!, row[1]!]);
  return {
    from,
    to,
    operators: count,
    coinciding,
    members: [...members],
    lengths: [...lengths],
    vectors: V === 2 ? points() : null,
    meanLength: count === 0 ? null : lengths.reduce((sum, length) => sum + length, 0) / count,
    meanChange: mean === null ? null : norm(mean),
    meanVector: count === 0 ? null : norm(combination(vectors, even)),
    top: mean === null ? [] : leaders(mean, options.top),
    topOfOperators: top,
    statistics: count < 2 ? null : statisticsOf(backend, { vectors, inputs }, cosines, options),
  };
}

function leaders(change: Float64Array, count: number): UnitChange[] {
  return largestByModulus(change, count).map((id) => ({ id, change: change[id]! }));
}

function norm(x: Float64Array): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
  return Math.sqrt(square);
}

function statisticsOf(
  backend: Backend,
  { vectors, inputs }: Pick<StepOperators, 'vectors' | 'inputs'>,
  cosines: Matrix,
  options: Checked,
): StepStatistics {
  const { V, count, lengths } = vectors;
  const { mean, deviation } = groupSimilarity(cosines, count).within[0];
  const largestSimilarity = largestOffDiagonal(cosines);
  return {
    similarityH: mean!,
    similarityU: similarityU(mean!, V),
    deviationH: deviation,
    histogram: similarityHistogram(cosines, 0, count, largestSimilarity),
    baselines: comparisons(backend, vectors, largestSimilarity, options),
    structures: [structure(backend, 'v', cosines), structure(backend, 'change', innerProducts(cosines, lengths))],
    clusters: clustersOf(backend, cosines, options.seed),
    umap: options.umap && count >= 4 ? pairsOf(umapOf(distanceMatrix(cosines), { seed: options.seed })) : null,
    otherOperators: inputs === null ? null : otherOperators(backend, vectors, inputs, options),
  };
}

/** Largest sim_H over pairs, the upper end of histograms; at least 1e-300 so that it has bins. */
function largestOffDiagonal({ data, rows: n }: Matrix): number {
  let most = 1e-300;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) most = Math.max(most, data[i * n + j]! * data[i * n + j]!);
  return most;
}

function comparisons(
  backend: Backend,
  vectors: UnitVectors,
  largestSimilarity: number,
  { permutations, seed }: Checked,
): BaselineComparison[] {
  const { V, count: n } = vectors;
  return baselinesFor(V).map((baseline) => {
    const chance: VectorSet =
      baseline === 'random-states'
        ? new RandomStates(backend, V, n, seed)
        : baselineVectors(backend, baseline, V, n, seed);
    const pooled = cosineMatrix(backend, [vectors, chance]);
    const { within, between, effectSize } = groupSimilarity(pooled, n);
    const options = { permutations, seed };
    const lengths = baseline === 'random-states' ? { lengths: [...vectors.lengths, ...chance.lengths] } : {};
    return {
      baseline,
      similarityH: within[1].mean!,
      similarityU: similarityU(within[1].mean!, V),
      between: between.mean!,
      effectSize,
      similarityTest: similarityTest(backend, pooled, n, options),
      energyTest: energyTest(backend, pooled, n, options),
      meanChangeTest: meanChangeTest(backend, pooled, n, { ...options, ...lengths }),
      histogram: similarityHistogram(pooled, n, pooled.rows, largestSimilarity),
    };
  });
}

function structure(backend: Backend, of: Structure['of'], products: Matrix): Structure {
  const { shares, scores } = pcaOf(backend, products, COMPONENTS);
  return { of, shares, points: pairsOf(scores) };
}

/** The first two columns of every row. */
function pairsOf({ data, rows, columns }: Matrix): [number, number][] {
  return Array.from({ length: rows }, (_, i) => [
    columns > 0 ? data[i * columns]! : 0,
    columns > 1 ? data[i * columns + 1]! : 0,
  ]);
}

/** Inertia for k = 1, 2, … and the labels where its second difference is largest. */
function clustersOf(backend: Backend, products: Matrix, seed: bigint): Clusters {
  const runs = Array.from({ length: Math.min(MOST_CLUSTERS, products.rows) }, (_, i) =>
    kMeans(backend, products, { k: i + 1, seed }),
  );
  const inertia = runs.map((run) => run.inertia);
  let [k, bend] = [1, 1e-9 * inertia[0]!];
  for (let i = 1; i + 1 < inertia.length; i++) {
    const second = inertia[i - 1]! - 2 * inertia[i]! + inertia[i + 1]!;
    if (second > bend) [k, bend] = [i + 1, second];
  }
  return { inertia, k, labels: runs[k - 1]!.labels };
}

interface Side {
  readonly step: StepOperators;
  readonly cosines: Matrix;
}

/** Null where fewer than four predictions move both. */
function dependenceOf(
  backend: Backend,
  first: Side,
  second: Side,
  { permutations, seed }: Checked,
): StepDependence | null {
  const places = new Map(second.step.vectors.members.map((member, at) => [member, at]));
  const common = first.step.vectors.members.flatMap((member, at) => {
    const other = places.get(member);
    return other === undefined ? [] : [[at, other] as const];
  });
  if (common.length < 4) return null;
  const restricted = ({ cosines }: Side, which: 0 | 1): Matrix => {
    const n = common.length;
    const data = new Float64Array(n * n);
    common.forEach((row, i) => {
      common.forEach((column, j) => {
        data[i * n + j] = cosines.data[row[which] * cosines.rows + column[which]]!;
      });
    });
    return distanceMatrix(new Matrix(n, n, data));
  };
  const found = distanceCorrelation(backend, restricted(first, 0), restricted(second, 1), { permutations, seed });
  return { steps: [first.step.to, second.step.to], ...found };
}
