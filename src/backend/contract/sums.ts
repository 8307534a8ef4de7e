import type { Block } from '../memory.ts';

/**
 * Sums as if in twice the working precision, rounded once: |error| ≤ u|s| + c·n²u²·Σ|terms|. Term i goes to lane i mod 4 (as long
 * as four are left), each lane a chain of error-free additions; then the lanes from 0 to 3, then the terms that are left.
 */
export interface SumKernels {
  /** result[0] = Σ x[i]. */
  compensatedSum(call: { readonly x: Block<'f64'>; readonly n: number; readonly result: Block<'f64'> }): void;
  /** result[0] = Σ x[i]·y[i]; |x[i]|, |y[i]| < 2⁹⁹⁵, and no product underflows. */
  compensatedDot(call: {
    readonly x: Block<'f64'>;
    readonly y: Block<'f64'>;
    readonly n: number;
    readonly result: Block<'f64'>;
  }): void;
}
