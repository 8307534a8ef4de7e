import type { OperatorKind } from './operator-form.ts';

/** Types of {@link QLENS_DEFAULTS}. */
export interface QLensDefaults {
  /** Which unitary moves one stage to the next. */
  readonly operator: OperatorKind;
  /** α in U = exp(iαH). */
  readonly alpha: number;
  /** ‖ψ_out − ψ_in‖ below which an operator is the identity. */
  readonly identityTolerance: number;
  /** Units to list. */
  readonly top: number;
  /** Relabellings of a test, and the seed of random choices. */
  readonly permutations: number;
  /** Seed of baselines, relabellings, k-means and UMAP. */
  readonly seed: bigint;
  /** How far the sum of a law may be from 1. */
  readonly sumTolerance: number;
}

/** What QLens takes where nothing is said. */
export const QLENS_DEFAULTS: QLensDefaults = {
  operator: 'householder',
  alpha: 1,
  identityTolerance: 1e-12,
  top: 10,
  permutations: 1000,
  seed: 1n,
  sumTolerance: 1e-6,
};
