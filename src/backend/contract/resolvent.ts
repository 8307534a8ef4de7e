import type { Block } from '../memory.ts';

/** Points that are under way at once. */
const LANES = 4;
/** Numbers of state that a lane has, and that the Ritz values need. */
const STATE = 11;
const RITZ = 3;

/** Elements of f64 that {@link ResolventKernels.smallestSingularValues} needs as work space. */
export function resolventWork(n: number, limit: number): number {
  return LANES * (8 * n + STATE + 2 * limit) + RITZ;
}

/** Norms of resolvents. */
export interface ResolventKernels {
  /**
   * values[k] = σ_min(z_k − T) to a relative `tolerance` by at most `limit` ≥ 1 Lanczos steps, where z_k = points[2k] + i·points[2k+1],
   * k < count, count ≥ 1. `upper` is T, upper triangular of order n ≥ 1, and `lower` is T*, both n×n row-major and interleaved. The largest
   * real or imaginary part in T lies in [1, 2) (callers scale by powers of two), those of z_k are below 2⁶⁰; a value below 2⁻¹⁸⁰ is given
   * as 0. `start` is the start vector, n complex numbers, of unit norm. steps[k] receives the number of steps, negative if they did not reach the tolerance: values[k] is then an upper bound.
   * `work` holds {@link resolventWork} elements. The numbers of one point do not depend on the others.
   */
  smallestSingularValues(call: {
    readonly upper: Block<'f64'>;
    readonly lower: Block<'f64'>;
    readonly n: number;
    readonly start: Block<'f64'>;
    readonly points: Block<'f64'>;
    readonly count: number;
    readonly tolerance: number;
    readonly limit: number;
    readonly values: Block<'f64'>;
    readonly steps: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
}
