import type { Backend } from '../../backend/backend.ts';
import { factorWorkLength } from '../../backend/contract/factorisations.ts';
import { DomainError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkHermitian, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/**
 * The Cholesky factor of a positive definite Hermitian matrix: a = L L†, L n×n lower triangular with a positive diagonal. The lower
 * triangle of a is read.
 *
 * @throws ShapeError unless a is square, NonFiniteError naming the first element that is not finite, CapacityError before
 * anything is allocated.
 * @throws DomainError unless a is Hermitian to 1e-10 and positive definite; the message names the leading minor that fails.
 * @accuracy stable: ‖L L† − a‖ ≤ 2·n·u·‖a‖ (Frobenius, u = 2⁻⁵³). The same bits from both backends.
 * @cost n³/3 flops real, 4n³/3 complex
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), chapter 10.
 * @example
 * const l = cholesky(backend, Matrix.fromRows([[4, 2], [2, 5]])); // [[2, 0], [1, 2]]
 */
export function cholesky<M extends AnyMatrix>({ memory, kernels }: Backend, a: M): M {
  checkSquare('cholesky', a, 'Use qr for rectangular matrices.');
  checkFiniteMatrix('cholesky', 'a', a);
  checkHermitian('cholesky', a, 'Use lu for general matrices.');
  const [n, width] = [a.rows, widthOf(a)];
  const workLength = factorWorkLength(n, width);
  checkRoom('cholesky', a, a.data.length + workLength);
  return memory.scope(() => {
    const block = memory.allocate('f64', a.data.length);
    block.view().set(a.data);
    const minor = kernels.cholesky({ a: block, n, width, work: memory.allocate('f64', workLength) });
    if (minor > 0) {
      throw new DomainError(
        `cholesky: a must be positive definite, but its leading ${minor}×${minor} minor is not positive. Use eigh for indefinite matrices.`,
      );
    }
    return matrixLike(a, n, n, block.view().slice());
  });
}
