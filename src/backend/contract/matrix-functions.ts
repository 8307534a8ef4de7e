import type { Block } from '../memory.ts';
import type { Width } from './hermitian.ts';

/**
 * Loops of functions of matrices. Matrices are row-major, real (width 1) or complex (width 2, interleaved), rows `ld` elements
 * apart; a block begins with the matrix's first element.
 *
 * *Quasi-triangular* means upper triangular, or, for real matrices, block upper triangular with 2×2 blocks
 * [[p, q], [r, p]], q·r < 0, on the diagonal: what `realSchur` leaves. An element below the diagonal is a block where it is not zero;
 * other elements there are not read.
 */
export interface MatrixFunctionKernels {
  /**
   * y_i = c_0 x_i + c_1 x_{stride+i} + …, from left to right over `count` ≥ 1 terms, for i < length numbers of f64. y may begin
   * where x does and must not overlap it otherwise.
   */
  weightedSum(call: {
    readonly count: number;
    readonly length: number;
    readonly coefficients: Block<'f64'>;
    readonly x: Block<'f64'>;
    readonly stride: number;
    readonly y: Block<'f64'>;
  }): void;
  /**
   * C ← X with A X + X B = C, A m×m and B n×n quasi-triangular, C m×n; B null stands for zero. Where eigenvalues of A and −B
   * differ by at most √floor, an element whose numerator is at most `floor` becomes 0 (sizes are |Re| + |Im|; not inside 2×2 blocks).
   *
   * @returns the number of elements whose divisor is exactly zero and whose numerator is larger than `floor`: 0 if the equation is solved.
   */
  solveSylvester(call: {
    readonly width: Width;
    readonly m: number;
    readonly n: number;
    readonly a: Block<'f64'>;
    readonly lda: number;
    readonly b: Block<'f64'> | null;
    readonly ldb: number;
    readonly c: Block<'f64'>;
    readonly ldc: number;
    readonly floor: number;
  }): number;
  /**
   * T ← R with R² = T, both quasi-triangular, every eigenvalue of R in the right half-plane or on the upper imaginary axis. A
   * real T has no negative eigenvalue. `floor` and result as for {@link MatrixFunctionKernels.solveSylvester}.
   */
  triangularRoot(call: {
    readonly width: Width;
    readonly n: number;
    readonly t: Block<'f64'>;
    readonly ld: number;
    readonly floor: number;
  }): number;
}
