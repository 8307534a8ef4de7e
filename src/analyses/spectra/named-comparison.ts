import type { randomMatrices } from '../../linalg/index.ts';

/** A comparison with random matrices, and of what. */
export interface NamedComparison extends randomMatrices.RandomComparison {
  /** Name of the part that was compared. */
  readonly of: string;
}
