import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { ShapeError } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import type { Matrix } from '../../linalg/matrix/matrix.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { outcome, type PermutationOptions, type PermutationTest, shuffle } from './permutation.ts';
import { checkCosines } from './similarity.ts';
import { studentUpperTail } from './student-t.ts';

/** Dependence of two samples of n paired observations. */
export interface DistanceCorrelation {
  /** Pairs of observations. */
  readonly n: number;
  /** Bias-corrected squared distance correlation R*, at most 1; 0 on average if independent; null if one sample is constant. */
  readonly correlation: number | null;
  /** The t-test, valid in high dimension: t = R √(ν−1)/√(1−R²) with R = R*, ν = n(n−3)/2, upper tail; null with the correlation, or if R* = 1. */
  readonly tTest: { readonly t: number; readonly degrees: number; readonly p: number } | null;
  /** The permutation test, valid in any dimension; null with the correlation, or if none was asked for. */
  readonly permutationTest: PermutationTest | null;
}

/** Numbers of the permutations that go through one call. */
const TOGETHER = 2 ** 16;

/**
 * Bias-corrected distance correlation of two samples from their distance matrices, with its two tests of independence.
 *
 * Ã_ij = a_ij − (a_i· + a_·j)/(n−2) + a_··/((n−1)(n−2)) for i ≠ j, 0 for i = j; (A·B) = Σ_{i≠j} Ã_ij B̃_ij/(n(n−3));
 * R* = (A·B)/√((A·A)(B·B)).
 *
 * @param a n×n distances between the first observations, n ≥ 4.
 * @param b the same for the second observations, in the same order.
 * @param options `permutations`: 1000 by default, 0 for none.
 * @throws ShapeError, DomainError.
 * @cost O(n²) and n²/2 gathered products per permutation.
 * @source G. J. Székely, M. L. Rizzo, J. Multivar. Anal. 117 (2013) 193 (t-test); Ann. Stat. 42 (2014) 2382 (the form of Ã).
 */
export function distanceCorrelation(
  backend: Backend,
  a: Matrix,
  b: Matrix,
  { permutations = QLENS_DEFAULTS.permutations, seed = QLENS_DEFAULTS.seed }: Omit<PermutationOptions, 'side'> = {},
): DistanceCorrelation {
  const where = 'distanceCorrelation';
  const n = checkCosines(where, a);
  if (checkCosines(where, b) !== n) {
    throw new ShapeError(`${where}: b must have ${n} observations like a, but it has ${b.rows}. Give paired ones.`);
  }
  checkInteger(where, 'number of observations', n, 4);
  checkInteger(where, 'permutations', permutations, 0, 10_000_000);
  checkWord64(where, 'seed', seed);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [A, B] = [centred(a), centred(b)].map((data) => {
      const block = memory.allocate('f64', data.length);
      block.view().set(data);
      return block;
    }) as [ReturnType<typeof memory.allocate<'f64'>>, ReturnType<typeof memory.allocate<'f64'>>];
    const most = Math.max(1, Math.min(permutations, Math.floor(TOGETHER / n)));
    const order = memory.allocate('i32', most * n);
    const result = memory.allocate('f64', most);
    const inner = (x: typeof A, y: typeof A, count = 1): Float64Array => {
      kernels.permutedProduct({ a: x, b: y, order, n, count, result });
      return result.view().slice(0, count);
    };
    const identity = Int32Array.from({ length: n }, (_, i) => i);
    order.view().set(identity);
    const size = Math.sqrt(inner(A, A)[0]!) * Math.sqrt(inner(B, B)[0]!);
    if (!(size > 0)) return { n, correlation: null, tTest: null, permutationTest: null };
    const values = new Float64Array(permutations + 1);
    values[0] = Math.max(-1, Math.min(1, inner(A, B)[0]! / size));
    const draws = memory.allocate('f64', n);
    for (let first = 1; first <= permutations; first += most) {
      const count = Math.min(most, permutations + 1 - first);
      for (let k = 0; k < count; k++) {
        kernels.philoxUniform({ dst: draws, seed, stream: BigInt(first + k), first: 0, n });
        const permuted = order.view().subarray(k * n, (k + 1) * n);
        permuted.set(identity);
        shuffle(permuted, draws.view());
      }
      for (const [k, product] of inner(A, B, count).entries()) values[first + k] = product / size;
    }
    const correlation = values[0]!;
    const permutationTest = permutations === 0 ? null : outcome(values, { permutations, seed, side: 'greater' });
    return { n, correlation, tTest: tTest(correlation, n), permutationTest };
  });
}

function tTest(correlation: number, n: number): DistanceCorrelation['tTest'] {
  const degrees = (n * (n - 3)) / 2 - 1;
  const rest = (1 - correlation) * (1 + correlation);
  if (rest === 0 || degrees < 1) return null;
  const t = (Math.sqrt(degrees) * correlation) / Math.sqrt(rest);
  return { t, degrees, p: studentUpperTail(t, degrees) };
}

/** Ã of a distance matrix; zeros if it is constant up to rounding. */
function centred({ data, rows: n }: Matrix): Float64Array {
  const rows = new Float64Array(n);
  let total = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      sum += data[i * n + j]!;
      largest = Math.max(largest, Math.abs(data[i * n + j]!));
    }
    rows[i] = sum;
    total += sum;
  }
  const noise = 8 * n * 2 ** -53 * largest;
  const result = new Float64Array(n * n);
  let greatest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const entry = data[i * n + j]! - (rows[i]! + rows[j]!) / (n - 2) + total / ((n - 1) * (n - 2));
      result[i * n + j] = entry;
      greatest = Math.max(greatest, Math.abs(entry));
    }
  }
  return greatest <= noise ? result.fill(0) : result;
}
