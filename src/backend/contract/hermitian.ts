import type { Block } from '../memory.ts';

/** Columns in a panel: rotations pass over eight columns at a time, which stay in the first-level cache. */
export const DENSE_PANEL = 8;

/** Columns in a panel of eigenvectors or singular vectors: those of a register block of the products. */
export const VECTOR_PANEL = 6;

/** Rows of the real form of a block of reflectors: 24 real or 12 complex vectors. */
export const REFLECTOR_BLOCK = 24;

/** Numbers per element: 1 for a real matrix, 2 for a complex one (interleaved). */
export type Width = 1 | 2;

/** Elements of f64 that the back-transformation of n vectors of `rows` elements needs as work space. */
export function backTransformWorkLength(n: number, rows: number, width: Width): number {
  const panels = Math.max(1, Math.ceil(n / VECTOR_PANEL)) * VECTOR_PANEL * width * rows;
  return panels + reflectorBlockWorkLength(rows, width);
}

/** Elements of f64 that a block of reflectors of `rows` elements needs as work space. */
export function reflectorBlockWorkLength(rows: number, width: Width): number {
  return REFLECTOR_BLOCK * (3 * width * rows + 2 + 3 * REFLECTOR_BLOCK + 2 * VECTOR_PANEL);
}

/** Elements of f64 that {@link HermitianKernels.eigh} needs as work space. */
export function eighWorkLength(n: number, width: Width, vectors: boolean): number {
  const reduction = width * n * n + 14 * n + 12;
  if (!vectors) return reduction;
  return reduction + Math.ceil(n / DENSE_PANEL) * DENSE_PANEL * n + backTransformWorkLength(n, n, width);
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
  eigh(call: {
    readonly a: Block<'f64'>;
    readonly n: number;
    readonly width: Width;
    readonly values: Block<'f64'>;
    readonly vectors: Block<'f64'> | null;
    readonly work: Block<'f64'>;
    readonly info: Block<'f64'>;
  }): number;
}
