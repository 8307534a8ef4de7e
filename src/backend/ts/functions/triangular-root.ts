/**
 * R² = T for quasi-triangular T, by block rows from the last: R_ii = √T_ii, then R_ii R_i + R_i R_below = T_i for the rest of the row.
 * A block [[m, b], [c, m]] with eigenvalues m ± iθ has the root α + (block − m)/(2α), α + iβ = √(m + iθ).
 *
 * @accuracy |R² − T| ≤ c·n·u·|R|² element by element; parity exact.
 * @cost n³/3 flops real, 4n³/3 complex
 * @source Å. Björck, S. Hammarling, Linear Algebra Appl. 52/53 (1983) 127; N. J. Higham, Linear Algebra Appl. 88/89 (1987) 405.
 */

import { modulus, squareRoot } from '../../../math/complex-pairs.ts';
import type { Width } from '../../contract/hermitian.ts';
import { solveRows } from './sylvester.ts';

/** T becomes R; gives back the number of elements of R for which there is none. */
export function triangularRoot(width: Width, n: number, t: Float64Array, ld: number, floor: number): number {
  let failed = 0;
  for (let i = n - 1; i >= 0; i--) {
    const double = width === 1 && i > 0 && t[i * ld + i - 1] !== 0;
    const top = double ? i - 1 : i;
    const p = (top * ld + top) * width;
    if (double) blockRoot(t, p, ld);
    else if (width === 1) t[p] = Math.sqrt(t[p]!);
    else squareRoot(t[p]!, t[p + 1]!, t, p);
    const below = { data: t, start: (i + 1) * (ld + 1) * width, ld };
    failed += solveRows(width, n - 1 - i, t, p, ld, double, below, t, (top * ld + i + 1) * width, ld, floor);
    if (double) i--;
  }
  return failed;
}

function blockRoot(t: Float64Array, p: number, ld: number): void {
  const m = t[p]!;
  const theta = Math.sqrt(Math.abs(t[p + 1]!)) * Math.sqrt(Math.abs(t[p + ld]!));
  const large = Math.sqrt(0.5 * (modulus(m, theta) + Math.abs(m)));
  const alpha = m >= 0 ? large : 0.5 * (theta / large);
  t[p] = alpha;
  t[p + 1] = 0.5 * (t[p + 1]! / alpha);
  t[p + ld] = 0.5 * (t[p + ld]! / alpha);
  t[p + ld + 1] = alpha;
}
