import type { Block } from '../memory.ts';
import type { Width } from './hermitian.ts';

/** Steps of iterations that grow an orthonormal basis by products. */
export interface IterativeKernels {
  /**
   * Rows y_r = A x_r, or Aᵀ x_r where `adjoint` is 1, for r < count: A is real, m×n, rows `lda` apart; x_r lie `ldx` apart, y_r `ldy`
   * apart. Sums over columns in two lanes, k mod 2, over rows from the first to the last.
   */
  rowProducts(call: {
    readonly adjoint: number;
    readonly count: number;
    readonly m: number;
    readonly n: number;
    readonly a: Block<'f64'>;
    readonly lda: number;
    readonly x: Block<'f64'>;
    readonly ldx: number;
    readonly y: Block<'f64'>;
    readonly ldy: number;
  }): void;
  /**
   * w ← w − V h with h = V†w for `count` orthonormal vectors of n elements, which lie as conjugated rows, `stride` elements apart. Sweeps of
   * classical Gram–Schmidt, one more while a sweep shortens w to less than 1/√2, four at most; then w becomes 0. With `known` 1, h holds
   * the components along all vectors but the last, known beforehand to rounding: they and that along the last go first, and h gets what
   * follows added. c holds as many numbers as h. Writes ‖w‖ before and after into info; a w longer than relative·max(scale, ‖w‖ before)
   * is appended, divided by its length, as row `count`.
   */
  orthogonalise(call: {
    readonly width: Width;
    readonly n: number;
    readonly count: number;
    readonly basis: Block<'f64'>;
    readonly stride: number;
    readonly w: Block<'f64'>;
    readonly h: Block<'f64'>;
    readonly c: Block<'f64'>;
    readonly known: number;
    readonly relative: number;
    readonly scale: number;
    readonly info: Block<'f64'>;
  }): void;
}
