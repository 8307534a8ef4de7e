import type { Backend, BackendKind } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { eigh } from '../eigen/eigh.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { largest } from '../norms.ts';
import {
  backFromSchur,
  checkMayBeNegative,
  checkNegative,
  type PrincipalOptions,
  schurFactors,
} from './schur-factors.ts';
import { isExactlyHermitian, withSpectrum } from './spectral-function.ts';
import { TriangularParts } from './triangular-parts.ts';

/** x with x² = a, and how it was found. */
export interface SquareRoot<M extends AnyMatrix> {
  readonly value: M;
  /** `spectral`: a is Hermitian; `schur`: any other. */
  readonly method: 'spectral' | 'schur';
  readonly backend: BackendKind;
}

/**
 * The principal square root of a square matrix: the x with x² = a whose eigenvalues lie in the right half-plane, or on the upper
 * imaginary axis for negative eigenvalues of a. A real a without negative eigenvalues has a real root, by real arithmetic; one with
 * negative eigenvalues a complex root, or none with `negative: 'refuse'`.
 *
 * A Hermitian a goes by its eigenvalues, which count as zero where they are negative by rounding only, that is above −n·u·‖a‖; if it is
 * semidefinite, its root is exactly Hermitian. Another singular a has the root that the recurrence finds where its zero eigenvalues need no division
 * by zero (one zero, or a semisimple one that T shows exactly), else none.
 *
 * @throws ShapeError unless a is square, NonFiniteError, CapacityError, ConvergenceError if the Schur form is not found, DomainError if
 * no root was found or a negative eigenvalue is refused.
 * @accuracy backward stable: ‖x² − a‖ ≤ c·n·u·‖x‖²; the error of x is that times its condition number.
 * @cost Schur form about 40n³ flops, root n³/3, products 4n³; four times that complex
 * @source Å. Björck, S. Hammarling, Linear Algebra Appl. 52/53 (1983) 127; N. J. Higham, ibid. 88/89 (1987) 405; E. Deadman, N. J.
 * Higham, R. Ralha, LNCS 7782 (2013) 171.
 * @example
 * const { value } = sqrtm(backend, Matrix.fromRows([[1, 4], [0, 9]])); // [[1, 1], [0, 3]]
 */
export function sqrtm(backend: Backend, a: Matrix, options: { readonly negative: 'refuse' }): SquareRoot<Matrix>;
export function sqrtm(backend: Backend, a: ComplexMatrix, options?: PrincipalOptions): SquareRoot<ComplexMatrix>;
export function sqrtm(backend: Backend, a: AnyMatrix, options?: PrincipalOptions): SquareRoot<AnyMatrix>;
export function sqrtm(backend: Backend, a: AnyMatrix, options: PrincipalOptions = {}): SquareRoot<AnyMatrix> {
  checkSquare('sqrtm', a, 'The square root needs a square matrix.');
  checkRoom('sqrtm', a, 4 * widthOf(a) * a.rows * a.rows);
  checkFiniteMatrix('sqrtm', 'a', a);
  const { negative = 'complex' } = options;
  checkNegative('sqrtm', negative);
  if (isExactlyHermitian(a)) {
    const { values, vectors } = eigh(backend, a);
    const least = -values.length * 2 ** -53 * largest(values.map(Math.abs));
    if (values.length > 0 && values[0]! < least) checkMayBeNegative('sqrtm', negative, values[0]!);
    const re = values.map((value) => Math.sqrt(Math.max(value, 0)));
    const im = values.map((value) => (value < least ? Math.sqrt(-value) : 0));
    return { value: withSpectrum(backend, vectors, re, im), method: 'spectral', backend: backend.kind };
  }
  return backend.memory.scope(() => {
    const factors = schurFactors('sqrtm', backend, a, options, 1);
    const { space, t, exponent } = factors;
    if (exponent % 2 !== 0) space.scale(t, 2);
    const floor = a.rows * 2 ** -53 * space.norm1(t);
    const failed = new TriangularParts(space, floor).root(t);
    if (failed > 0) {
      throw new DomainError(
        `sqrtm: a must have a square root, but its eigenvalue 0 is in a Jordan block or too close to one. Use svd to see its null space.`,
      );
    }
    const root = space.matrix();
    space.copy(t, root);
    const value = backFromSchur(factors, root);
    const half = Math.floor(exponent / 2);
    if (half !== 0) for (let k = 0; k < value.data.length; k++) value.data[k] = timesPowerOfTwo(value.data[k]!, half);
    return { value, method: 'schur', backend: backend.kind };
  });
}
