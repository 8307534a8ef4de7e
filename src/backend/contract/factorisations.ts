import type { Block } from '../memory.ts';
import type { Width } from './hermitian.ts';

/** Elements of f64 that {@link FactorisationKernels.qr} needs as work space. */
export function qrWorkLength(m: number, n: number, width: Width): number {
  return 2 * m + (width + 2) * n + 3;
}

/** LU, Cholesky and QR factorisations, real (width 1) or complex (width 2, interleaved), row-major and in place. */
export interface FactorisationKernels {
  /**
   * P A = L U with partial pivoting, n×n: U on and above the diagonal of `a`, L below it without its ones. pivots[k] is the row
   * that step k exchanged with row k.
   *
   * @returns 0, or k if the k-th pivot (counted from 1) is the first that is exactly zero; the factors are complete all the same.
   */
  lu(call: {
    readonly a: Block<'f64'>;
    readonly n: number;
    readonly width: Width;
    readonly pivots: Block<'i32'>;
  }): number;
  /** B ← A⁻¹B, or A†⁻¹B where `adjoint`, from the factors that {@link lu} left; b is n×columns. No pivot may be zero. */
  luSolve(call: {
    readonly factors: Block<'f64'>;
    readonly pivots: Block<'i32'>;
    readonly n: number;
    readonly width: Width;
    readonly b: Block<'f64'>;
    readonly columns: number;
    readonly adjoint: boolean;
  }): void;
  /**
   * A = L L†: the lower triangle of the Hermitian matrix `a` becomes L, the rest of it zero.
   *
   * @returns 0, or k if the leading k×k minor is the first that is not positive; `a` is then meaningless.
   */
  cholesky(call: { readonly a: Block<'f64'>; readonly n: number; readonly width: Width }): number;
  /**
   * A = Q R, or A P = Q R with column pivoting where `permutation` is not null: column k of A P is column permutation[k] of A. R
   * on and above the diagonal of `a` (m×n), its diagonal real; below it column k holds v of H_k = 1 − τ v v† without its one,
   * and tau τ in pairs; Q = H_0 H_1 ⋯. `work` holds {@link qrWorkLength} elements.
   */
  qr(call: {
    readonly a: Block<'f64'>;
    readonly m: number;
    readonly n: number;
    readonly width: Width;
    readonly permutation: Block<'i32'> | null;
    readonly tau: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /** B ← Q B, or Q†B where `adjoint`, from what {@link qr} left; b is m×columns, `work` holds width·columns elements. */
  qrMultiply(call: {
    readonly factors: Block<'f64'>;
    readonly tau: Block<'f64'>;
    readonly m: number;
    readonly n: number;
    readonly width: Width;
    readonly b: Block<'f64'>;
    readonly columns: number;
    readonly adjoint: boolean;
    readonly z: Block<'f64'>;
  }): void;
}
