import type { Block } from '../memory.ts';

/** Sums over pairs of observations, for tests that reorder one of two symmetric matrices. */
export interface StatisticsKernels {
  /**
   * result[k] = Σ_{j<i} a[i][j]·b[o_i][o_j] over symmetric n×n matrices, o row k < count of `order`, a permutation of 0 … n−1. Each row is a paired
   * sum (even-numbered terms from left to right, odd-numbered ones likewise, then the two); rows are added from the first on.
   */
  permutedProduct(call: {
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly order: Block<'i32'>;
    readonly n: number;
    readonly count: number;
    readonly result: Block<'f64'>;
  }): void;
}
