import { checkFiniteMatrix, checkSquare } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/**
 * ‖A − A*‖_F/‖A‖_F: 0 for a symmetric (Hermitian) matrix, √2 for a strictly triangular one, 2 for an antisymmetric one; 0 for a zero matrix. The symmetric part
 * (A + A*)/2 has the share 1 − (this)²/4 of ‖A‖_F², one half on average for independent elements of mean 0. An orthogonal change of basis leaves it: that of W_Q W_Kᵀ is
 * that of its compressed form.
 *
 * @throws ShapeError unless a is square; NonFiniteError.
 * @accuracy a few roundings per element; no overflow.
 * @cost O(n²)
 * @source the share as M. Saponati et al., arXiv:2502.10927, have it for W_Q W_Kᵀ, there as tr(A²)/‖A‖² = 2·share − 1.
 * @example
 * asymmetry(Matrix.fromRows([[1, 0], [2, 1]])); // √8/√6
 */
export function asymmetry(a: AnyMatrix): number {
  const where = 'asymmetry';
  checkSquare(where, a);
  checkFiniteMatrix(where, 'a', a);
  const { rows: n, data } = a;
  const width = a.field === 'complex' ? 2 : 1;
  let largest = 0;
  for (const x of data) largest = Math.max(largest, Math.abs(x));
  if (largest === 0) return 0;
  let [difference, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [at, across] = [(i * n + j) * width, (j * n + i) * width];
      for (let part = 0; part < width; part++) {
        const [x, y] = [data[at + part]! / largest, data[across + part]! / largest];
        // The imaginary part changes its sign.
        const d = part === 0 ? x - y : x + y;
        difference += d * d;
        all += x * x;
      }
    }
  }
  return Math.sqrt(difference / all);
}
