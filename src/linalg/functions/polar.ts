import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkChoice } from '../../core/checks.ts';
import { inNameOf } from '../../core/errors.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { multiply } from '../products.ts';
import { svd } from '../svd/svd.ts';
import { squareOfSpectrum } from './spectral-function.ts';

/** a = U H (right) or a = H U (left). */
export interface Polar<M extends AnyMatrix> {
  /** m×n: orthonormal columns for m ≥ n, orthonormal rows for m ≤ n. The unitary matrix nearest to a square a. */
  readonly u: M;
  /** Exactly Hermitian, semidefinite: n×n on the right, √(a†a); m×m on the left, √(a a†). */
  readonly h: M;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Options of `polar`. */
export interface PolarOptions {
  /** `right` (default): a = U H; `left`: a = H U. */
  readonly side?: 'right' | 'left';
}

/**
 * Polar decomposition of an m×n matrix, from its singular value decomposition a = W Σ V†: U = W V†, H = V Σ V† or W Σ W†. H is unique;
 * U is unique if a has full rank, else it is completed to orthonormal columns or rows.
 *
 * @throws DomainError for another side; otherwise what {@link svd} throws.
 * @accuracy stable: ‖a − U H‖ ≤ 20·N·u·‖a‖, ‖U†U − 1‖ ≤ 20·N·u (Frobenius, N = max(m, n)).
 * @cost the SVD and at most 4·m·n·N flops, four times that complex
 * @source N. J. Higham, Functions of Matrices (2008), §8.1.
 * @example
 * const { u, h } = polar(backend, Matrix.fromRows([[0, -2], [3, 0]])); // a quarter turn, and diag(3, 2)
 */
export function polar<M extends AnyMatrix>(backend: Backend, a: M, { side = 'right' }: PolarOptions = {}): Polar<M> {
  checkChoice('polar', 'side', side, ['right', 'left']);
  return inNameOf('polar', () => {
    const { u: w, values, v } = svd(backend, a);
    const u = multiply(backend, w as never, v as never, { opB: 'conjugate-transpose' }) as AnyMatrix as M;
    const h = squareOfSpectrum(backend, side === 'right' ? v : w, values.map(Math.sqrt));
    return { u, h, backend: backend.kind };
  });
}
