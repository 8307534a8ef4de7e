import type { Backend } from '../../backend/backend.ts';
import { gemmWork } from '../../backend/contract/dense.ts';
import { checkInteger } from '../../core/checks.ts';
import { checkWord64, RandomStream } from '../../core/philox.ts';
import type { Matrix } from '../../linalg/matrix/matrix.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { checkCosines } from './similarity.ts';

/** Options of `kMeans`. */
export interface KMeansOptions {
  /** Clusters, from 1 to n. */
  readonly k: number;
  /** Default 1. */
  readonly seed?: bigint;
  /** Starts, of which the best is kept. Default 8. */
  readonly starts?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

/** Clusters of vectors, from their inner products. */
export interface KMeans {
  /** Cluster of every vector; clusters are numbered by their first member. */
  readonly labels: readonly number[];
  /** Members of each. */
  readonly sizes: readonly number[];
  /** Σ_i ‖x_i − mean of its cluster‖². */
  readonly inertia: number;
  /** Whether the best start came to rest. */
  readonly converged: boolean;
}

/**
 * k-means by Lloyd's iteration from seeded k-means++ starts, from inner products alone:
 * ‖x_i − m_C‖² = G_ii − (2/|C|)Σ_{j∈C} G_ij + |C|⁻²Σ_{j,l∈C} G_jl. A cluster that loses its last member takes the vector farthest from its
 * own mean.
 *
 * @param products n×n inner products, as `innerProducts` gives them.
 * @throws ShapeError, DomainError.
 * @cost 2n²k floating-point operations per iteration.
 * @source S. Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129; D. Arthur, S. Vassilvitskii, SODA (2007) 1027.
 */
export function kMeans(
  backend: Backend,
  products: Matrix,
  { k, seed = QLENS_DEFAULTS.seed, starts = 8, maxIterations = 100 }: KMeansOptions,
): KMeans {
  const where = 'kMeans';
  const n = checkCosines(where, products);
  checkInteger(where, 'k', k, 1, n);
  checkInteger(where, 'starts', starts, 1);
  checkInteger(where, 'maxIterations', maxIterations, 1);
  checkWord64(where, 'seed', seed);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const G = memory.allocate('f64', n * n);
    G.view().set(products.data);
    const [Z, GZ] = [memory.allocate('f64', n * k), memory.allocate('f64', n * k)];
    const work = memory.allocate('f64', gemmWork('f64', n, k, n));
    const squares = Float64Array.from({ length: n }, (_, i) => products.data[i * n + i]!);
    /** ‖x_i − m_C‖² of every vector and cluster. */
    const distancesTo = (labels: Int32Array): Float64Array => {
      const members = Z.view();
      members.fill(0);
      const sizes = new Float64Array(k);
      labels.forEach((label, i) => {
        members[i * k + label] = 1;
        sizes[label]!++;
      });
      const shape = { opA: 'none', opB: 'none', m: n, n: k, k: n, lda: n, ldb: k, ldc: k } as const;
      kernels.gemm({ shape, alpha: 1, a: G, b: Z, beta: 0, c: GZ, work });
      const sums = GZ.view();
      const own = new Float64Array(k);
      labels.forEach((label, i) => {
        own[label]! += sums[i * k + label]!;
      });
      return Float64Array.from({ length: n * k }, (_, at) => {
        const [i, c] = [Math.floor(at / k), at % k];
        const size = sizes[c]!;
        return Math.max(0, squares[i]! - (2 * sums[at]!) / size + own[c]! / (size * size));
      });
    };
    let best: { labels: Int32Array; inertia: number; converged: boolean } | null = null;
    for (let start = 0; start < starts; start++) {
      const labels = nearestCentres(products, squares, k, new RandomStream(seed, BigInt(start)));
      let distances = distancesTo(labels);
      let converged = false;
      for (let step = 0; step < maxIterations && !converged; step++) {
        converged = !reassign(labels, distances, k);
        distances = distancesTo(labels);
      }
      let inertia = 0;
      labels.forEach((label, i) => {
        inertia += distances[i * k + label]!;
      });
      if (best === null || inertia < best.inertia) best = { labels, inertia, converged };
    }
    const { labels, inertia, converged } = best!;
    const numbered = byFirstMember(labels);
    const sizes = new Array<number>(k).fill(0);
    for (const label of numbered) sizes[label]!++;
    return { labels: numbered, sizes, inertia, converged };
  });
}

/** Labels by the nearest of k vectors drawn by k-means++: each with probability proportional to its squared distance so far. */
function nearestCentres({ data }: Matrix, squares: Float64Array, k: number, random: RandomStream): Int32Array {
  const n = squares.length;
  const nearest = new Float64Array(n).fill(Infinity);
  const labels = new Int32Array(n);
  let centre = Math.floor(random.next() * n);
  const chosen = new Set<number>();
  for (let c = 0; c < k; c++) {
    chosen.add(centre);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const distance = i === centre ? 0 : Math.max(0, squares[i]! + squares[centre]! - 2 * data[i * n + centre]!);
      if (distance < nearest[i]! || i === centre) {
        nearest[i] = distance;
        labels[i] = c;
      }
      if (!chosen.has(i)) total += nearest[i]!;
    }
    if (c === k - 1) break;
    centre = drawn(nearest, chosen, total, random.next());
  }
  return labels;
}

/** Index drawn in proportion to `weights`, or the first that is free if all are 0. */
function drawn(weights: Float64Array, taken: ReadonlySet<number>, total: number, uniform: number): number {
  let rest = uniform * total;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (taken.has(i)) continue;
    if (last < 0 || weights[i]! > 0) last = i;
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return last;
}

/** Moves every vector to its nearest mean; whether any moved. */
function reassign(labels: Int32Array, distances: Float64Array, k: number): boolean {
  let moved = false;
  const sizes = new Int32Array(k);
  for (const [i, own] of labels.entries()) {
    let label = own;
    for (let c = 0; c < k; c++) if (distances[i * k + c]! < distances[i * k + label]!) label = c;
    moved ||= label !== own;
    labels[i] = label;
    sizes[label]!++;
  }
  for (let c = 0; c < k; c++) {
    if (sizes[c]! > 0) continue;
    let farthest = -1;
    for (const [i, label] of labels.entries()) {
      if (sizes[label]! < 2) continue;
      if (farthest < 0 || distances[i * k + label]! > distances[farthest * k + labels[farthest]!]!) farthest = i;
    }
    sizes[labels[farthest]!]!--;
    labels[farthest] = c;
    sizes[c] = 1;
    moved = true;
  }
  return moved;
}

function byFirstMember(labels: Int32Array): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}
