import type { Backend } from '../../backend/backend.ts';
import { ShapeError } from '../../core/errors.ts';
import { qr } from '../factorisations/qr.ts';
import { Matrix } from '../matrix/matrix.ts';
import { multiply } from '../products.ts';

/** L·R as a small matrix on the subspace where it acts. */
export interface CompressedProduct {
  /** R·L, k×k: its eigenvalues are those of L·R that need not be 0. */
  readonly core: Matrix;
  /** Q*(LR)Q of order min(n, 2k), Q an orthonormal basis of the columns of L and the rows of R: LR = Q·compressed·Q*. */
  readonly compressed: Matrix;
  /** n − min(n, 2k): L·R has so many zero eigenvalues and singular values more than `compressed`. */
  readonly zeros: number;
}

/**
 * A product L·R of n×k and k×n factors on a subspace of dimension 2k. The two have the same eigenvalues and singular values but for zeros,
 * and for k < n the same resolvent norms, numerical range, norms of powers and condition numbers of eigenvalues: off the subspace LR is 0, and
 * `compressed`, of rank k, has a null vector as well.
 *
 * @throws ShapeError unless L is n×k and R is k×n with k ≤ n; NonFiniteError.
 * @accuracy that of {@link qr} and {@link multiply}.
 * @cost O(n·k²)
 * @example
 * const { core } = compressProduct(backend, valueWeights, outputWeights); // a head's OV circuit
 */
export function compressProduct(backend: Backend, left: Matrix, right: Matrix): CompressedProduct {
  const { rows: n, columns: k } = left;
  if (right.rows !== k || right.columns !== n || k > n) {
    throw new ShapeError(
      `compressProduct: left and right must be n×k and k×n with k ≤ n, but they are ${n}×${k} and ${right.rows}×${right.columns}.`,
    );
  }
  const both = new Matrix(n, 2 * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) {
      both.data[2 * i * k + j] = left.data[i * k + j]!;
      both.data[2 * i * k + k + j] = right.data[j * n + i]!;
    }
  }
  const { q } = qr(backend, both);
  const compressed = multiply(backend, multiply(backend, q, left, { opA: 'transpose' }), multiply(backend, right, q));
  return { core: multiply(backend, right, left), compressed, zeros: n - q.columns };
}
