/**
 * Squarings that rounding errors of the Padé approximant r_m ask for: s with |c_{2m+1}|·‖|2^−s A|^{2m+1}‖₁/‖2^−s A‖₁ ≤ u, c the
 * coefficient of the first term of the backward error.
 *
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009) 970, (5.1) and algorithm 6.1.
 */
import { modulus } from '../../../math/complex-pairs.ts';
import { log } from '../../../math/log.ts';
import type { Width } from '../../contract/hermitian.ts';
import { gemv } from '../dense/gemv.ts';

/** B = |A|/‖A‖₁, whose powers the squarings follow from. */
export function relativeSizes(width: Width, n: number, a: Float64Array, norm: number, b: Float64Array): void {
  for (let i = 0; i < n * n; i++) {
    b[i] = (width === 1 ? Math.abs(a[i]!) : modulus(a[2 * i]!, a[2 * i + 1]!)) / norm;
  }
}

/**
 * The least s ≥ 0 for degree m. ‖B^p‖₁, p = 2m+1, is the largest column sum; those of B^k, k < p, bound it from both sides
 * (‖B^p‖ ≤ ‖B^k‖^{⌊p/k⌋} for ‖B‖ = 1, and ‖B^p‖ ≥ ρ^p with ρ^k at least the smallest column sum), which mostly tells s after a
 * product or two. `x` and `y` hold n numbers each.
 */
export function squaringsFor(
  m: number,
  n: number,
  b: Float64Array,
  norm: number,
  x: Float64Array,
  y: Float64Array,
): number {
  if (norm === 0) return 0;
  const p = 2 * m + 1;
  const fixed = log(firstTerm(m)) + 2 * m * log(norm) + 53 * Math.LN2;
  let [from, to] = [x, y];
  from.fill(1, 0, n);
  for (let k = 1; ; k++) {
    gemv(true, n, n, 1, b, n, from, 0, to);
    let [low, high] = [to[0]!, to[0]!];
    for (let j = 1; j < n; j++) {
      if (to[j]! < low) low = to[j]!;
      if (to[j]! > high) high = to[j]!;
    }
    const most = ceilingOf(fixed + Math.floor(p / k) * log(high), m);
    if (k === p || most <= 0 || most === ceilingOf(fixed + (p / k) * log(low), m)) return most > 0 ? most : 0;
    [from, to] = [to, from];
  }
}

function ceilingOf(logarithm: number, m: number): number {
  return Math.ceil(logarithm / (2 * m * Math.LN2));
}

/** (m!)²/((2m)!·(2m+1)!). */
function firstTerm(m: number): number {
  let term = 1;
  for (let k = 1; k <= m; k++) term *= k / (m + k);
  for (let k = 1; k <= 2 * m + 1; k++) term /= k;
  return term;
}
