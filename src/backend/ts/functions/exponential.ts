import type { Width } from '../../contract/hermitian.ts';
import { lu, luSolve } from '../factorisations/lu.ts';
import { planExponential } from './exponential-plan.ts';
import { addToDiagonal, everySecond, multiply, scale } from './square-matrices.ts';

/**
 * x = r_m(2^−s A), squared s + `before` times where `square`: e^{2^before A} by scaling and squaring. r_m = p_m(A)/p_m(−A) with
 * p_m = V + U, U odd and V even in A. Contract: src/backend/contract/matrix-functions.ts.
 *
 * @cost (16 + 2·squarings)·n³ flops for degree 13, four times that complex
 * @accuracy backward error of the approximant below u in exact arithmetic; parity exact.
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009) 970, algorithm 6.1; N. J. Higham, ibid. 26 (2005) 1179,
 * (2.2)–(2.5).
 */
export function exponential(
  width: Width,
  n: number,
  before: number,
  square: number,
  a: Float64Array,
  x: Float64Array,
  powers: Float64Array,
  parts: Float64Array,
  vectors: Float64Array,
  pivots: Int32Array,
  info: Float64Array,
  work: Float64Array,
): number {
  const length = width * n * n;
  const [v, u, odd] = [parts, parts.subarray(length), parts.subarray(2 * length)];
  const [degree, squarings] = planExponential(width, n, a, powers, before > 0, odd, vectors, work);
  info[0] = degree;
  if (squarings > 0) {
    scale(length, 2 ** -squarings, a);
    for (let k = 0; k < 3; k++) scale(length, 2 ** (-2 * (k + 1) * squarings), powers.subarray(k * length));
  }
  info[1] = squarings + before;
  const b = coefficientsOf(degree);
  evenPart(width, n, b, degree, 1, powers, odd, x, work);
  multiply(width, n, a, odd, 0, u, work);
  evenPart(width, n, b, degree, 0, powers, v, x, work);
  for (let i = 0; i < length; i++) {
    const [even, difference] = [v[i]!, u[i]!];
    x[i] = even + difference;
    v[i] = even - difference;
  }
  if (lu(v, n, width, pivots) !== 0) return 1;
  luSolve(v, pivots, n, width, x, n, false);
  if (square === 0) return 0;
  let [from, to] = [x, u];
  for (let k = 0; k < squarings + before; k++) {
    multiply(width, n, from, from, 0, to, work);
    [from, to] = [to, from];
  }
  if (from !== x) x.set(from.subarray(0, length));
  return 0;
}

/** sum = Σ_k b_{2k+first} A^{2k}. */
function evenPart(
  width: Width,
  n: number,
  b: readonly number[],
  degree: number,
  first: 0 | 1,
  powers: Float64Array,
  sum: Float64Array,
  spare: Float64Array,
  work: Float64Array,
): void {
  const length = width * n * n;
  if (degree < 13) everySecond(b, first + 2, (degree - 1) >> 1, length, powers, sum);
  else {
    everySecond(b, first + 8, 3, length, powers, spare);
    everySecond(b, first + 2, 3, length, powers, sum);
    multiply(width, n, powers.subarray(2 * length), spare, 1, sum, work);
  }
  addToDiagonal(width, n, b[first]!, sum);
}

/** b_k = (2m−k)!·m!/((2m)!·(m−k)!·k!), times (2m)!/m! so that b_m = 1. */
function coefficientsOf(m: number): number[] {
  const b = [1];
  for (let k = m; k > 0; k--) b.unshift((b[0]! * (2 * m - k + 1) * k) / (m - k + 1));
  return b;
}
