import type { Block } from '../memory.ts';
import { backTransformWorkLength, DENSE_PANEL, type Width } from './hermitian.ts';

/** Elements of f64 that {@link SvdKernels.svd} needs as work space. */
export function svdWorkLength(rows: number, columns: number, width: Width, vectors: boolean): number {
  const m = Math.max(rows, columns);
  const n = Math.min(rows, columns);
  const ld = n + (n & 1);
  const reduction = width * m * ld + 10 * n + 8 * ld + 6 * m + 4;
  if (!vectors) return reduction;
  return (
    reduction + width * n * m + 2 * Math.ceil(n / DENSE_PANEL) * DENSE_PANEL * n + backTransformWorkLength(n, m, width)
  );
}

/** Singular value decompositions. */
export interface SvdKernels {
  /**
   * A = U Σ V†, `a` rows×columns row-major. `values` receives the min(rows, columns) singular values in descending order. `u`
   * (rows×uColumns) and `v` (columns×vColumns) receive the singular vectors in their columns: uColumns is min(rows,
   * columns) or rows, vColumns likewise; both null for the values alone. `info` (one element) receives the number of QR
   * steps, or, without vectors, of quotient-difference transforms. `work` holds {@link svdWorkLength} elements. All entries must be finite.
   *
   * @returns 0, or k if k singular values were still open after 30·n² rotations; the outputs are then meaningless.
   */
  svd(call: {
    readonly a: Block<'f64'>;
    readonly rows: number;
    readonly columns: number;
    readonly width: Width;
    readonly values: Block<'f64'>;
    readonly u: Block<'f64'> | null;
    readonly uColumns: number;
    readonly v: Block<'f64'> | null;
    readonly vColumns: number;
    readonly work: Block<'f64'>;
    readonly info: Block<'f64'>;
  }): number;
  /**
   * One-sided Jacobi: unitary J with orthogonal rows in J G. `g` (n×n) becomes J G, `j` (n×n) J times what it held. `info`
   * (one element) receives the number of sweeps. Squares of the entries of `g` must not overflow.
   *
   * @returns 0, or 1 if 40 sweeps do not suffice.
   */
  jacobiRows(call: {
    readonly g: Block<'f64'>;
    readonly j: Block<'f64'>;
    readonly n: number;
    readonly width: Width;
    readonly info: Block<'f64'>;
  }): number;
}
