import type { randomMatrices } from '../../linalg/index.ts';

/** A comparison with random matrices, and of what. */
export interface NamedComparison extends randomMatrices.RandomComparison {
  readonly of: string;
}
