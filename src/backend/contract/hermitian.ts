import type { Block } from '../memory.ts';

/** Columns in a panel: rotations and reflectors pass over eight columns at a time, which stay in the first-level cache. */
export const DENSE_PANEL = 8;

/** Numbers per element: 1 for a real matrix, 2 for a complex one (interleaved). */
export type Width = 1 | 2;

/** Elements of f64 that {@link HermitianKernels.eigh} needs as work space. */
export function eighWorkLength(n: number, width: Width, vectors: boolean): number {
  const reduction = width * n * n + 14 * n + 12;
  return vectors ? reduction + Math.ceil(n / DENSE_PANEL) * DENSE_PANEL * n + width * DENSE_PANEL * n : reduction;
}

/** Eigenvalues and eigenvectors of Hermitian matrices. */
export interface HermitianKernels {
  /**
   * A = V Λ V†. `a` is n×n row-major; its Hermitian part (A + A†)/2 is decomposed. `values` receives the n eigenvalues in
   * ascending order; `vectors` (n×n, or null) receives orthonormal eigenvectors in its columns. `info` (one element)
   * receives the number of QL steps. `work` holds {@link eighWorkLength} elements. All entries must be finite.
   *
   * @returns 0, or k if the k-th eigenvalue was not found within 60 steps; `values` and `vectors` are then meaningless.
   */
  eigh(
    a: Block<'f64'>,
    n: number,
    width: Width,
    values: Block<'f64'>,
    vectors: Block<'f64'> | null,
    work: Block<'f64'>,
    info: Block<'f64'>,
  ): number;
}
