import type { Width } from '../../contract/hermitian.ts';
import { divideRow, innerProduct } from '../dense/rows.ts';

/**
 * A = L L† row by row: l_ij = (a_ij − Σ_{k<j} l_ik conj(l_jk))/l_jj, l_ii = √(a_ii − Σ|l_ik|²). Contract:
 * src/backend/contract/factorisations.ts.
 *
 * @cost n³/3 flops real, 4n³/3 complex
 * @accuracy backward stable: ‖LL† − A‖ ≤ c·n·u·‖A‖; parity exact.
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), §10.1.
 */
export function cholesky(a: Float64Array, n: number, width: Width): number {
  const out = new Float64Array(2);
  for (let i = 0; i < n; i++) {
    const row = i * n * width;
    for (let j = 0; j <= i; j++) {
      const other = j * n * width;
      const at = row + j * width;
      innerProduct(width, j, a, row, a, other, out);
      a[at] = a[at]! - out[0]!;
      if (width === 2) a[at + 1] = a[at + 1]! - out[1]!;
      if (j < i) divideRow(width, 1, a[other + j * width]!, 0, a, at);
    }
    const diagonal = row + i * width;
    if (!(a[diagonal]! > 0)) return i + 1;
    a[diagonal] = Math.sqrt(a[diagonal]!);
    if (width === 2) a[diagonal + 1] = 0;
    a.fill(0, diagonal + width, row + n * width);
  }
  return 0;
}
