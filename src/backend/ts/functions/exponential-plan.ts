/**
 * How to approximate e^A: the degree m of the diagonal Padé approximant r_m and the number s of squarings with
 * e^A = r_m(2^−s A)^{2^s} to a backward error of u. Bounds use ‖A^k‖^{1/k}, which can be far below ‖A‖: that avoids squarings that
 * would only lose digits. Norms of powers are those of the powers themselves, formed only where a bound does not settle the plan.
 *
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009) 970, algorithm 6.1 and table 3.1.
 */
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';
import type { Width } from '../../contract/hermitian.ts';
import { relativeSizes, squaringsFor } from './backward-terms.ts';
import { multiply, normOne } from './square-matrices.ts';

/** Largest ‖A^k‖^{1/k} for each degree. */
const THETA_3 = 1.495585217958292e-2;
const THETA_5 = 2.53939833006323e-1;
const THETA_7 = 0.9504178996162932;
const THETA_9 = 2.097847961257068;
const THETA_13 = 4.25;

/**
 * A², A⁴, A⁶ and A⁸ in `powers`, as far as the degree needs them; gives back the plan. `scaled`
 * says that A is a large matrix times a power of two, for which degree 13 is best. `spare` holds a matrix, `vectors` 2n numbers.
 */
export function planExponential(
  width: Width,
  n: number,
  a: Float64Array,
  powers: Float64Array,
  scaled: boolean,
  spare: Float64Array,
  vectors: Float64Array,
  work: Float64Array,
): readonly [degree: number, squarings: number] {
  const length = width * n * n;
  const power = (k: number): Float64Array => powers.subarray(k * length, (k + 1) * length);
  const [a2, a4, a6, a8] = [power(0), power(1), power(2), power(3)];
  const [x, y] = [vectors, vectors.subarray(n)];
  const norm = normOne(width, n, a, x);
  relativeSizes(width, n, a, norm, spare);
  const excess = (degree: number): number => squaringsFor(degree, n, spare, norm, x, y);
  multiply(width, n, a, a, 0, a2, work);
  const norm2 = normOne(width, n, a2, x);
  if (!scaled && root(norm2, 2) <= THETA_3 && excess(3) === 0) return [3, 0];
  multiply(width, n, a2, a2, 0, a4, work);
  const norm4 = normOne(width, n, a4, x);
  const d4 = root(norm4, 4);
  const fifth = !scaled && d4 <= THETA_5 && excess(5) === 0;
  if (fifth && root(norm2 * norm4, 6) <= THETA_5) return [5, 0];
  multiply(width, n, a2, a4, 0, a6, work);
  const d6 = root(normOne(width, n, a6, x), 6);
  const high = d4 > d6 ? d4 : d6;
  if (fifth && high <= THETA_3 && excess(3) === 0) return [3, 0];
  if (fifth && high <= THETA_5) return [5, 0];
  const seventh = !scaled && d6 <= THETA_7 && excess(7) === 0;
  const ninth = !scaled && d6 <= THETA_9 && excess(9) === 0;
  const least = excess(13);
  if (!seventh && !ninth && ceilLog2(high / THETA_13) <= least) return [13, least];
  multiply(width, n, a4, a4, 0, a8, work);
  const d8 = root(normOne(width, n, a8, x), 8);
  const low = d6 > d8 ? d6 : d8;
  if (seventh && low <= THETA_7) return [7, 0];
  if (ninth && low <= THETA_9) return [9, 0];
  let eta = high < low ? high : low;
  // The fifth root of ‖A¹⁰‖ can lower the larger of it and d8 to d8 at most.
  if (ceilLog2(eta / THETA_13) > least && ceilLog2(d8 / THETA_13) < ceilLog2(eta / THETA_13)) {
    multiply(width, n, a4, a6, 0, a8, work);
    const d10 = root(normOne(width, n, a8, x), 10);
    const last = d8 > d10 ? d8 : d10;
    if (last < eta) eta = last;
  }
  const squarings = ceilLog2(eta / THETA_13);
  return [13, squarings > least ? squarings : least];
}

/** x^{1/k}. */
function root(x: number, k: number): number {
  return x === 0 ? 0 : exp(log(x) / k);
}

/** ⌈log₂ x⌉ where that is positive, else 0. */
function ceilLog2(x: number): number {
  let s = 0;
  for (let power = 1; power < x; power *= 2) s++;
  return s;
}
