import type { Block } from '../memory.ts';
import { complexGemmWork, gemmWork } from './dense.ts';
import { factorWorkLength } from './factorisations.ts';
import type { Width } from './hermitian.ts';

/** Elements of f64 that an exponential of order n needs as work space: a product's or an LU factorisation's. */
export function exponentialWork(n: number, width: Width): number {
  return Math.max(width === 1 ? gemmWork('f64', n, n, n) : complexGemmWork(n, n, n), factorWorkLength(n, width));
}

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
   * x = r_m(2^−s A), the Padé approximant of e^{2^−s A}, with degree m and s squarings that follow from norms of powers of A; where
   * `square` is 1, squared s + `before` times: e^{2^before A} for 1-norms of A below 2⁶⁴. All matrices are n×n, n ≥ 1, of rows n apart; a is
   * overwritten. `powers` holds four matrices, `parts` three, `vectors` 2n + 20 numbers, `work`
   * {@link exponentialWork} numbers. Writes m and
   * s + before into info[0] and info[1].
   *
   * @returns 0, or 1 if the denominator is singular, which only an overflow can make it.
   */
  exponential(call: {
    readonly width: Width;
    readonly n: number;
    readonly before: number;
    readonly square: number;
    readonly a: Block<'f64'>;
    readonly x: Block<'f64'>;
    readonly powers: Block<'f64'>;
    readonly parts: Block<'f64'>;
    readonly vectors: Block<'f64'>;
    readonly pivots: Block<'i32'>;
    readonly info: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): number;
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
