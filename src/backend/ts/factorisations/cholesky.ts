import type { Width } from '../../contract/hermitian.ts';
import { subtractNumbers } from '../dense/rows.ts';

/**
 * A = L L† column by column: l_kk = √a_kk, l_ik = a_ik·(1/l_kk) below it, then a_ij ← a_ij − l_ik conj(l_jk) for k < j ≤ i. So every element
 * receives its terms one by one, and the recursion of the WebAssembly side has these bits. Contract:
 * src/backend/contract/factorisations.ts. The first n numbers of `work` hold a row.
 *
 * @cost n³/3 flops real, 4n³/3 complex
 * @accuracy backward stable: ‖LL† − A‖ ≤ c·n·u·‖A‖; parity exact.
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), §10.1; the recursion: F. G. Gustavson, IBM J. Res. Dev. 41
 * (1997) 737.
 */
export function cholesky(a: Float64Array, n: number, width: Width, work: Float64Array): number {
  for (let k = 0; k < n; k++) {
    const diagonal = (k * n + k) * width;
    if (!(a[diagonal]! > 0)) return k + 1;
    a[diagonal] = Math.sqrt(a[diagonal]!);
    if (width === 2) a[diagonal + 1] = 0;
    const factor = 1 / a[diagonal]!;
    for (let i = k + 1; i < n; i++) {
      const at = (i * n + k) * width;
      for (let part = 0; part < width; part++) a[at + part] = a[at + part]! * factor;
      work[width * i] = a[at]!;
      if (width === 2) work[2 * i + 1] = -a[at + 1]!;
      const im = width === 1 ? 0 : a[at + 1]!;
      subtractNumbers(width, i - k, a[at]!, im, work, width * (k + 1), a, at + width);
    }
  }
  for (let i = 0; i < n; i++) a.fill(0, (i * n + i + 1) * width, (i + 1) * n * width);
  return 0;
}
