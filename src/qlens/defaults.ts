/** What QLens takes where nothing is said. */
export const QLENS_DEFAULTS = {
  operator: 'householder',
  /** α in U = exp(iαH). */
  alpha: 1,
  /** ‖ψ_out − ψ_in‖ below which an operator is the identity. */
  identityTolerance: 1e-12,
  /** Units to list. */
  top: 10,
  /** Relabellings of a test, and the seed of random choices. */
  permutations: 1000,
  seed: 1n,
  /** How far the sum of a law may be from 1. */
  sumTolerance: 1e-6,
} as const;
