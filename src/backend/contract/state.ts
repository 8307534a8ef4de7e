import type { Block, RealBlock } from '../memory.ts';

/** Places in the `summary` of {@link StateKernels.bornState}. */
export const BORN_SUMMARY = { maxLogit: 0, logNormaliser: 1, entropy: 2, minLogit: 3, length: 4 } as const;

/** Places in the `divergences` of {@link StateKernels.compareLaws}. */
export const DIVERGENCES = { kl: 0, jensenShannon: 1, totalVariation: 2, length: 3 } as const;

/** Places in the `measures` of {@link StateKernels.transition}. */
export const TRANSITION_MEASURES = { overlap: 0, distance: 1, sumNorm: 2, length: 3 } as const;

/** Places in the `residuals` of {@link StateKernels.stepResiduals}. */
export const STEP_RESIDUALS = { mapping: 0, unitarity: 1, theorem1: 2, length: 3 } as const;

/** Places in the `moments` of {@link StateKernels.samplingMoments}. */
export const SAMPLING_MOMENTS = { mean: 0, variance: 1, length: 2 } as const;

/**
 * State vectors ψ = √p over V output units and the operators between them (QLens). A state has V f64 components, real,
 * non-negative, of unit norm. All sums run over f64 in a fixed tree: “paired” sums add the even-numbered terms from left
 * to right, the odd-numbered ones likewise, and then the two; every other sum runs from left to right.
 */
export interface StateKernels {
  /**
   * p = softmax(logits), logP = log p in nats (finite where p underflows to 0), psi = √p, and in `summary` the largest
   * logit m, log Σ e^(l−m), the entropy −Σ p log p in nats, and the smallest logit. Logits are finite and so is their range
   * exactly where maxLogit − minLogit is finite; otherwise the rest means nothing.
   */
  bornState(call: {
    readonly logits: RealBlock;
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly psi: Block<'f64'>;
    readonly summary: Block<'f64'>;
    readonly V: number;
  }): void;
  /**
   * KL(p‖q), the Jensen–Shannon divergence (both in nats) and the total variation distance ½Σ|p−q| of two laws, into
   * `divergences`. A unit with p = 0 adds nothing to KL; KL is ∞ where logQ = −∞ and p > 0.
   */
  compareLaws(call: {
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly q: Block<'f64'>;
    readonly logQ: Block<'f64'>;
    readonly divergences: Block<'f64'>;
    readonly V: number;
  }): void;
  /**
   * ⟨psiIn|psiOut⟩, ‖psiOut − psiIn‖ and ‖psiOut + psiIn‖ into `measures`. `basis` (2×V, or null) receives an orthonormal
   * pair: row 0 the Householder vector v along psiOut − psiIn (zeros if the states coincide), row 1 the mean direction m
   * along psiOut + psiIn.
   */
  transition(call: {
    readonly psiIn: Block<'f64'>;
    readonly psiOut: Block<'f64'>;
    readonly basis: Block<'f64'> | null;
    readonly measures: Block<'f64'>;
    readonly V: number;
  }): void;
  /**
   * y = identity·x + Bᵀ C B x for `rank` rows B of `basis` (rank×V) and C (rank×rank). `work` holds 2·rank elements. x and
   * y may coincide. Every unitary of a layer has this form, so no V×V matrix is ever needed.
   */
  lowRankApply(call: {
    readonly x: Block<'f64'>;
    readonly basis: Block<'f64'>;
    readonly coefficients: Block<'f64'>;
    readonly identity: number;
    readonly y: Block<'f64'>;
    readonly work: Block<'f64'>;
    readonly V: number;
    readonly rank: number;
  }): void;
  /**
   * How exactly U = 1 + Bᵀ C B takes psiIn to psiOut, in the pair B = (v, m) of {@link transition}, C 2×2: ‖U ψ_in − ψ_out‖, the largest
   * ‖UᵀUx − x‖/‖x‖ over x = ψ_in, ψ_out − ψ_in and `probe`, and ‖Bᵀ D B ψ_in − (ψ_out − ψ_in)‖ with D = `update`, 2×2.
   * `change` receives ψ_out − ψ_in. All sums are paired.
   */
  stepResiduals(call: {
    readonly psiIn: Block<'f64'>;
    readonly psiOut: Block<'f64'>;
    readonly probe: Block<'f64'>;
    readonly basis: Block<'f64'>;
    readonly coefficients: Block<'f64'>;
    readonly update: Block<'f64'>;
    readonly change: Block<'f64'>;
    readonly residuals: Block<'f64'>;
    readonly V: number;
  }): void;
  /** Mean Σ ids·ψ² and variance Σ (ids − mean)²·ψ² of S = diag(ids) into `moments`, paired sums. */
  samplingMoments(call: {
    readonly psi: Block<'f64'>;
    readonly ids: Block<'f64'>;
    readonly moments: Block<'f64'>;
    readonly V: number;
  }): void;
  /** ⟨b_a|ψ⟩ and ⟨b_a|(S − mean)ψ⟩ for the `rank` rows of `basis` (rank×V), into `overlaps`: 2·rank numbers, paired sums. */
  samplingOverlaps(call: {
    readonly psi: Block<'f64'>;
    readonly ids: Block<'f64'>;
    readonly mean: number;
    readonly basis: Block<'f64'>;
    readonly overlaps: Block<'f64'>;
    readonly V: number;
    readonly rank: number;
  }): void;
  /**
   * The `count` ≤ n largest of n numbers (in modulus if `byModulus`) into `scores`, and where they stand into `places`: largest first, of
   * equal ones the lower place first. No number may be NaN.
   */
  largestEntries(call: {
    readonly x: Block<'f64'>;
    readonly n: number;
    readonly count: number;
    readonly byModulus: boolean;
    readonly scores: Block<'f64'>;
    readonly places: Block<'i32'>;
  }): void;
  /** Place of x[index] in the order of {@link largestEntries}, from 1. */
  rankOf(call: { readonly x: Block<'f64'>; readonly n: number; readonly index: number }): number;
}
