import type { Block } from '../memory.ts';
import { REFLECTOR_BLOCK, reflectorBlockWorkLength, VECTOR_PANEL, type Width } from './hermitian.ts';

/** Columns of the narrower side from which on QR without pivoting goes by blocks of reflectors, and columns of what these are applied to. */
export const QR_BLOCKED_FROM = 48;
export const QR_BLOCKED_COLUMNS = 12;

/** Elements of f64 that {@link FactorisationKernels.qr} needs as work space; `pivot`: with column pivoting. */
export function qrWorkLength(m: number, n: number, width: Width, pivot: boolean): number {
  if (!pivot && Math.min(m, n) >= QR_BLOCKED_FROM) return blockedWorkLength(m, n, width) + REFLECTOR_BLOCK + 3;
  return 2 * m + (width + 2) * n + 3;
}

/** Elements of f64 that {@link FactorisationKernels.qrMultiply} needs as work space for factors of an m×n matrix. */
export function qrMultiplyWorkLength(m: number, n: number, columns: number, width: Width): number {
  const inBlocks = Math.min(m, n) >= QR_BLOCKED_FROM && columns >= QR_BLOCKED_COLUMNS;
  return inBlocks ? blockedWorkLength(m, columns, width) : width * columns;
}

/** Columns in panels, those of a block, and what the block needs itself. */
function blockedWorkLength(m: number, columns: number, width: Width): number {
  const panels = Math.ceil(columns / VECTOR_PANEL) * VECTOR_PANEL * width * m;
  return panels + REFLECTOR_BLOCK * m + reflectorBlockWorkLength(m, width);
}

/** Columns that a factorisation takes at once, and the limits of a packed slice of a product in reals. */
const PANEL = 12;
const SLICE = { rows: 256, columns: 1536 } as const;

/** Elements of f64 that {@link FactorisationKernels.lu} and `cholesky` of order n need as work space. */
export function factorWorkLength(n: number, width: Width): number {
  const half = width * (Math.ceil(n / 2) + PANEL);
  const product = Math.min(SLICE.rows, half) * (6 + Math.min(SLICE.columns, half)) + 18;
  return Math.max(PANEL * width * n, n > PANEL ? product : 0);
}

/** LU, Cholesky and QR factorisations, real (width 1) or complex (width 2, interleaved), row-major and in place. */
export interface FactorisationKernels {
  /**
   * P A = L U with partial pivoting, n×n: U on and above the diagonal of `a`, L below it without its ones. pivots[k] is the row
   * that step k exchanged with row k. `work` holds {@link factorWorkLength} elements.
   *
   * @returns 0, or k if the k-th pivot (counted from 1) is the first that is exactly zero; the factors are complete all the same.
   */
  lu(call: {
    readonly a: Block<'f64'>;
    readonly n: number;
    readonly width: Width;
    readonly pivots: Block<'i32'>;
    readonly work: Block<'f64'>;
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
   * A = L L†: the lower triangle of the Hermitian matrix `a` becomes L, the rest of it zero. `work` holds {@link factorWorkLength}
   * elements.
   *
   * @returns 0, or k if the leading k×k minor is the first that is not positive; `a` is then meaningless.
   */
  cholesky(call: {
    readonly a: Block<'f64'>;
    readonly n: number;
    readonly width: Width;
    readonly work: Block<'f64'>;
  }): number;
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
  /** B ← Q B, or Q†B where `adjoint`, from what {@link qr} left; b is m×columns, `work` holds {@link qrMultiplyWorkLength} elements. */
  qrMultiply(call: {
    readonly factors: Block<'f64'>;
    readonly tau: Block<'f64'>;
    readonly m: number;
    readonly n: number;
    readonly width: Width;
    readonly b: Block<'f64'>;
    readonly columns: number;
    readonly adjoint: boolean;
    readonly work: Block<'f64'>;
  }): void;
}
