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
  weightedSum(
    count: number,
    length: number,
    coefficients: Block<'f64'>,
    x: Block<'f64'>,
    stride: number,
    y: Block<'f64'>,
  ): void;
  /**
   * C ← X with A X + X B = C, A m×m and B n×n quasi-triangular, C m×n; B null stands for zero. Where eigenvalues of A and −B
   * differ by at most √floor, an element whose numerator is at most `floor` becomes 0 (sizes are |Re| + |Im|; not inside 2×2 blocks).
   *
   * @returns the number of elements whose divisor is exactly zero and whose numerator is larger than `floor`: 0 if the equation is solved.
   */
  solveSylvester(
    width: Width,
    m: number,
    n: number,
    a: Block<'f64'>,
    lda: number,
    b: Block<'f64'> | null,
    ldb: number,
    c: Block<'f64'>,
    ldc: number,
    floor: number,
  ): number;
  /**
   * T ← R with R² = T, both quasi-triangular, every eigenvalue of R in the right half-plane or on the upper imaginary axis. A
   * real T has no negative eigenvalue. `floor` and result as for {@link MatrixFunctionKernels.solveSylvester}.
   */
  triangularRoot(width: Width, n: number, t: Block<'f64'>, ld: number, floor: number): number;
}
