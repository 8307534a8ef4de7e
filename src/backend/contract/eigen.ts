import type { Block } from '../memory.ts';

export { complexSchurWork } from '../ts/eig/complex/schur.ts';
export { realSchurWork } from '../ts/eig/real/schur.ts';

/**
 * Eigenvalues of general matrices. A matrix is n×n, row-major, with rows `ld` elements apart (see {@link leadingDimension});
 * complex ones are interleaved: element (i, j) is numbers 2(i·ld + j) and 2(i·ld + j)+1. |Re| and |Im| of every element
 * must be at most n·10¹³⁸, and the largest at least 10⁻¹³⁸ unless the matrix is zero: callers scale by powers of two.
 *
 * The stages run in the order of their listing; lo and hi are the first and last index of the block that balancing left.
 */
export interface EigenKernels {
  /**
   * a ← D⁻¹ Pᵀ a P D; `width` numbers per element, 1 real or 2 complex. info[0], info[1] = lo, hi: a is triangular outside rows and columns lo…hi. scale (n) describes D inside
   * lo…hi and the exchanges of P outside.
   */
  balance(call: {
    readonly a: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly width: number;
    readonly scale: Block<'f64'>;
    readonly info: Block<'f64'>;
  }): void;
  /**
   * a ← Q* a Q, Hessenberg; q = Q unless it is null. v (n×ld complex) and tau (n) receive the reflectors; work: 6n + 4
   * numbers.
   */
  complexHessenberg(call: {
    readonly a: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly lo: number;
    readonly hi: number;
    readonly q: Block<'f64'> | null;
    readonly v: Block<'f64'>;
    readonly tau: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /**
   * Hessenberg h ← Z* h Z, triangular, and q ← q Z. Where q is null only h's diagonal is right in the end: the eigenvalues.
   * Gives back 0, or k > 0: after `limit` sweeps the first k elements of the diagonal are not all eigenvalues. info[0] = sweeps.
   * `work` holds complexSchurWork(n) numbers.
   */
  complexSchur(call: {
    readonly h: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly lo: number;
    readonly hi: number;
    readonly q: Block<'f64'> | null;
    readonly limit: number;
    readonly work: Block<'f64'>;
    readonly info: Block<'f64'>;
  }): number;
  /**
   * Columns of `vectors` = right eigenvectors (A x = λ x) or left ones (y* A = λ y*) of A, whose Schur form is t, q after
   * balancing with lo, hi, scale; of unit 2-norm, the largest element real and positive, in the order of t's diagonal.
   * pivots (n): |y*x| = pivot of x times pivot of y, free of cancellation. rows: n rounded up to a multiple of 4, times ld
   * complex numbers; square: n×ld; work: max(8, 4n) numbers.
   */
  complexEigenvectors(call: {
    readonly t: Block<'f64'>;
    readonly q: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly left: boolean;
    readonly lo: number;
    readonly hi: number;
    readonly scale: Block<'f64'>;
    readonly vectors: Block<'f64'>;
    readonly pivots: Block<'f64'>;
    readonly rows: Block<'f64'>;
    readonly square: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /** Moves element `from` of the diagonal of triangular t to place `to` (0-based); q t q* stays. rot: 8 numbers. */
  complexMove(call: {
    readonly t: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly q: Block<'f64'>;
    readonly from: number;
    readonly to: number;
    readonly rot: Block<'f64'>;
  }): void;

  /** As {@link complexHessenberg}, for real a, q, v; work: 3n + 2 numbers. */
  realHessenberg(call: {
    readonly a: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly lo: number;
    readonly hi: number;
    readonly q: Block<'f64'> | null;
    readonly v: Block<'f64'>;
    readonly tau: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /**
   * As {@link complexSchur}, for real h and q: h becomes quasi-triangular, its 2×2 blocks standard ([[m, b], [c, m]], bc < 0).
   * Where q is null only the diagonal blocks are right in the end. `work` holds realSchurWork(n) numbers.
   */
  realSchur(call: {
    readonly h: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly lo: number;
    readonly hi: number;
    readonly q: Block<'f64'> | null;
    readonly limit: number;
    readonly work: Block<'f64'>;
    readonly info: Block<'f64'>;
  }): number;
  /**
   * Complex triangular tc and unitary qc with qc tc qc* = q t qᵀ, from a real Schur form. Eigenvalues of a block come out as
   * exact conjugates, the one above the axis first. rot: 8 numbers.
   */
  complexFromRealSchur(call: {
    readonly t: Block<'f64'>;
    readonly q: Block<'f64'>;
    readonly ld: number;
    readonly n: number;
    readonly tc: Block<'f64'>;
    readonly qc: Block<'f64'>;
    readonly lc: number;
    readonly rot: Block<'f64'>;
  }): void;
}

/**
 * Distance of rows in elements of `width` numbers: at least n, and an odd number of 64-byte lines, so that the elements of a column do not
 * fall on the same few sets of a cache.
 */
export function leadingDimension(n: number, width: 1 | 2): number {
  const perLine = 8 / width;
  const lines = Math.ceil(n / perLine);
  return perLine * (lines + (lines % 2 === 0 ? 1 : 0));
}
