import type { Backend } from '../../backend/backend.ts';
import { gemmWork } from '../../backend/contract/dense.ts';
import { checkInteger, checkLength } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import type { Matrix } from '../../linalg/matrix/matrix.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { type Between, pairDistance } from './distance.ts';

/** Statistics that equal the observed one up to rounding count as reaching it. */
const TIE = 1e-12;
/** Operations of one call of a kernel, about 25 ms. */
const CALL = 5e8;
/** Rows of a triangle that are multiplied at once. */
const PANEL = 192;

/** Options of a permutation test. */
export interface PermutationOptions {
  /** Relabellings B, at least 1. Default 1000. */
  readonly permutations?: number;
  /** Seed of the relabellings. Default 1. */
  readonly seed?: bigint;
  /** Which deviations count against “no difference”. Default `greater`: the first group has more. */
  readonly side?: 'greater' | 'less' | 'two-sided';
}

/** Outcome of a permutation test. */
export interface PermutationTest {
  /** Observed statistic. */
  readonly statistic: number;
  /** (1 + number of relabellings that reach it)/(1 + permutations). */
  readonly p: number;
  /** Least p there can be, 1/(1 + permutations). */
  readonly floor: number;
  /** Relabellings B. */
  readonly permutations: number;
  /** Decimal. */
  readonly seed: string;
  /** Which deviations counted. */
  readonly side: 'greater' | 'less' | 'two-sided';
  /** (statistic − mean)/deviation under relabelling; null if all relabellings give the same. */
  readonly standardised: number | null;
}

/**
 * Whether the first `first` operators are more alike among themselves than the others are: difference of the mean sim_H over pairs.
 *
 * @param cosines n×n of the pooled operators, as `cosineMatrix` gives them; at least two in each group.
 * @throws ShapeError, DomainError.
 * @accuracy sums of n² terms in f64; ties within 1e-12 count.
 * @cost n²B floating-point operations, as one matrix product.
 * @source QLens, section 5.3; p with add-one: B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39.
 */
export function similarityTest(
  backend: Backend,
  cosines: Matrix,
  first: number,
  options: PermutationOptions = {},
): PermutationTest {
  const pairs = matrixOf(cosines, (cosine, i, j) => (i === j ? 0 : cosine * cosine));
  return test('similarityTest', backend, pairs, first, options, differenceOfMeans);
}

/** {@link similarityTest} for similarities of any kind: difference of their means over pairs. @param similarities n×n, symmetric. */
export function pairMeanTest(
  backend: Backend,
  similarities: Matrix,
  first: number,
  options: PermutationOptions = {},
): PermutationTest {
  const pairs = matrixOf(similarities, (similarity, i, j) => (i === j ? 0 : similarity));
  return test('pairMeanTest', backend, pairs, first, options, differenceOfMeans);
}

function differenceOfMeans({ within1, within2 }: GroupSums, n1: number, n2: number): number {
  return within1 / (n1 * (n1 - 1)) - within2 / (n2 * (n2 - 1));
}

/**
 * Whether two groups of operators (or of vectors) have the same law: energy statistic 2E|X−Y| − E|X−X′| − E|Y−Y′| ≥ 0 over the
 * distances of {@link pairDistance}. Only large values count.
 *
 * Parameters, errors and cost as for {@link similarityTest}.
 * @source G. J. Székely, M. L. Rizzo, J. Stat. Plan. Inference 143 (2013) 1249.
 */
export function energyTest(
  backend: Backend,
  cosines: Matrix,
  first: number,
  { between = 'operators', ...options }: Omit<PermutationOptions, 'side'> & { readonly between?: Between } = {},
): PermutationTest {
  const pairs = matrixOf(cosines, (cosine, i, j) => (i === j ? 0 : pairDistance(cosine, between)));
  return test('energyTest', backend, pairs, first, options, ({ within1, within2, across }, n1, n2) => {
    return (2 * across) / (n1 * n2) - within1 / (n1 * n1) - within2 / (n2 * n2);
  });
}

/**
 * Whether the changes of the first group have a larger mean: ‖mean Δψ‖ − ‖mean Δψ′‖, Δψ_i = lengths[i]·v_i. Without lengths it is the
 * mean of the unit vectors. Signs of v are those of ψ_out − ψ_in.
 *
 * Parameters, errors and cost as for {@link similarityTest}.
 * @param lengths n numbers: ‖Δψ_i‖ of the pooled operators.
 * @source QLens, section 5.3.
 */
export function meanChangeTest(
  backend: Backend,
  cosines: Matrix,
  first: number,
  { lengths, ...options }: PermutationOptions & { readonly lengths?: ArrayLike<number> } = {},
): PermutationTest {
  if (lengths !== undefined) checkLength('meanChangeTest', 'lengths', lengths, cosines.rows);
  const pairs = matrixOf(cosines, (cosine, i, j) => cosine * (lengths?.[i] ?? 1) * (lengths?.[j] ?? 1));
  return test('meanChangeTest', backend, pairs, first, options, ({ within1, within2 }, n1, n2) => {
    return Math.sqrt(Math.max(0, within1)) / n1 - Math.sqrt(Math.max(0, within2)) / n2;
  });
}

function matrixOf({ data, columns: n }: Matrix, entry: (cosine: number, i: number, j: number) => number): Float64Array {
  const pairs = new Float64Array(data.length);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) pairs[i * n + j] = entry(data[i * n + j]!, i, j);
  return pairs;
}

/** Sums of a symmetric matrix over ordered pairs: both in the first group, both in the second, first against second. */
interface GroupSums {
  readonly within1: number;
  readonly within2: number;
  readonly across: number;
}

function test(
  where: string,
  backend: Backend,
  pairs: Float64Array,
  first: number,
  options: PermutationOptions,
  statisticOf: (sums: GroupSums, n1: number, n2: number) => number,
): PermutationTest {
  const n = Math.sqrt(pairs.length);
  const { permutations = QLENS_DEFAULTS.permutations, seed = QLENS_DEFAULTS.seed, side = 'greater' } = options;
  checkInteger(where, 'first', first, 2, n - 2);
  checkInteger(where, 'permutations', permutations, 1, 10_000_000);
  checkWord64(where, 'seed', seed);
  if (side !== 'greater' && side !== 'less' && side !== 'two-sided') {
    throw new DomainError(`${where}: side must be greater, less or two-sided, but it is ${String(side)}.`);
  }
  const values = new Float64Array(permutations + 1);
  relabelledSums(backend, pairs, first, { permutations, seed }, (index, sums) => {
    values[index] = statisticOf(sums, first, n - first);
  });
  return outcome(values, { permutations, seed, side });
}

/** The test whose observed statistic is values[0] and whose permuted ones follow. */
export function outcome(
  values: Float64Array,
  { permutations, seed, side }: Required<PermutationOptions>,
): PermutationTest {
  const statistic = values[0]!;
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += values[i]!;
  const mean = sum / permutations;
  const extent = (value: number): number => {
    if (side === 'two-sided') return Math.abs(value);
    return side === 'greater' ? value : -value;
  };
  let reached = 0;
  let squares = 0;
  for (let i = 1; i < values.length; i++) {
    if (extent(values[i]!) >= extent(statistic) - TIE) reached++;
    squares += (values[i]! - mean) * (values[i]! - mean);
  }
  const deviation = permutations < 2 ? 0 : Math.sqrt(squares / (permutations - 1));
  return {
    statistic,
    p: (1 + reached) / (1 + permutations),
    floor: 1 / (1 + permutations),
    permutations,
    seed: String(seed),
    side,
    standardised: deviation > TIE ? (statistic - mean) / deviation : null,
  };
}

/**
 * Calls `onSums` with the sums of the given labels (index 0) and of every relabelling. With K = L + Lᵀ the matrix, half the diagonal in L,
 * and the rows of Z the indicators of the first group, the sums within it are 2·diag(Z L Zᵀ): one product Z·Lᵀ by panels of rows of L, cut
 * into pieces. The sums across are what is left of the rows' sums.
 */
function relabelledSums(
  { memory, kernels }: Backend,
  pairs: Float64Array,
  first: number,
  { permutations, seed }: { readonly permutations: number; readonly seed: bigint },
  onSums: (index: number, sums: GroupSums) => void,
): void {
  const n = Math.sqrt(pairs.length);
  const most = Math.min(permutations + 1, Math.max(8, Math.floor(CALL / (n * Math.min(n, PANEL)))));
  const rowSums = Float64Array.from({ length: n }, (_, i) => sumOf(pairs.subarray(i * n, (i + 1) * n)));
  const total = sumOf(rowSums);
  memory.scope(() => {
    const L = memory.allocate('f64', n * n);
    lowerHalf(pairs, n, L.view());
    const [Z, ZL] = [memory.allocate('f64', most * n), memory.allocate('f64', most * n)];
    const work = memory.allocate('f64', gemmWork('f64', most, Math.min(n, PANEL), n));
    const draws = memory.allocate('f64', n);
    const order = new Int32Array(n);
    for (let start = 0; start <= permutations; start += most) {
      const count = Math.min(most, permutations + 1 - start);
      const labels = Z.view();
      labels.fill(0);
      for (let b = 0; b < count; b++) {
        const index = start + b;
        for (let i = 0; i < n; i++) order[i] = i;
        if (index > 0) {
          kernels.philoxUniform({ dst: draws, seed, stream: BigInt(index), first: 0, n });
          shuffle(order, draws.view());
        }
        for (let i = 0; i < first; i++) labels[b * n + order[i]!] = 1;
      }
      for (let row = 0; row < n; row += PANEL) {
        const [rows, k] = [Math.min(PANEL, n - row), Math.min(row + PANEL, n)];
        const shape = { opA: 'none', opB: 'transpose', m: count, n: rows, k, lda: n, ldb: n, ldc: n } as const;
        const [b, c] = [L.part(row * n, rows * n), ZL.part(row, count * n - row)];
        kernels.gemm({ shape, alpha: 1, a: Z, b, beta: 0, c, work });
      }
      const products = ZL.view();
      for (let b = 0; b < count; b++) {
        let half = 0;
        let touched = 0;
        for (let i = 0; i < n; i++) {
          const label = labels[b * n + i]!;
          half += label * products[b * n + i]!;
          touched += label * rowSums[i]!;
        }
        const [within1, across] = [2 * half, touched - 2 * half];
        onSums(start + b, { within1, across, within2: total - within1 - 2 * across });
      }
    }
  });
}

/** L of K = L + Lᵀ, row by row: what is below the diagonal, half the diagonal, and zeros. */
function lowerHalf(K: Float64Array, n: number, L: Float64Array): void {
  L.fill(0);
  for (let i = 0; i < n; i++) {
    L.set(K.subarray(i * n, i * n + i), i * n);
    L[i * n + i] = K[i * n + i]! / 2;
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** Fisher and Yates: every order equally likely. `draws` holds as many uniform numbers in [0, 1). */
export function shuffle(order: Int32Array, draws: Float64Array): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draws[i]! * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
}
