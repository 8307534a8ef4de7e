/** How the largest eigenvalue or singular value of a large matrix is iterated for. */

/** Order from which iteration takes less time than a decomposition. */
export const ITERATIVE_FROM = 256;

/** The error of a value is of the square of its residual, unless others lie as close as that. */
export const LARGEST_ONLY = { count: 1, tolerance: 1e-9, maxRestarts: 20, probe: false, onFailure: 'report' } as const;
