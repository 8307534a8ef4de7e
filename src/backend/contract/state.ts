import type { Block, RealBlock } from '../memory.ts';

/** Places in the `summary` of {@link StateKernels.bornState}. */
export const BORN_SUMMARY = { maxLogit: 0, logNormaliser: 1, entropy: 2, length: 3 } as const;

/** Places in the `divergences` of {@link StateKernels.compareLaws}. */
export const DIVERGENCES = { kl: 0, jensenShannon: 1, totalVariation: 2, length: 3 } as const;

/** Places in the `measures` of {@link StateKernels.transition}. */
export const TRANSITION_MEASURES = { overlap: 0, distance: 1, sumNorm: 2, length: 3 } as const;

/**
 * State vectors ψ = √p over V output units and the operators between them (QLens). A state has V f64 components, real,
 * non-negative, of unit norm. All sums run over f64 in a fixed tree: “paired” sums add the even-numbered terms from left
 * to right, the odd-numbered ones likewise, and then the two; every other sum runs from left to right.
 */
export interface StateKernels {
  /**
   * p = softmax(logits), logP = log p in nats (finite where p underflows to 0), psi = √p, and in `summary` the largest
   * logit m, log Σ e^(l−m), and the entropy −Σ p log p in nats. Logits must be finite.
   */
  bornState(
    logits: RealBlock,
    p: Block<'f64'>,
    logP: Block<'f64'>,
    psi: Block<'f64'>,
    summary: Block<'f64'>,
    V: number,
  ): void;
  /**
   * KL(p‖q), the Jensen–Shannon divergence (both in nats) and the total variation distance ½Σ|p−q| of two laws, into
   * `divergences`. A unit with p = 0 adds nothing to KL; KL is ∞ where logQ = −∞ and p > 0.
   */
  compareLaws(
    p: Block<'f64'>,
    logP: Block<'f64'>,
    q: Block<'f64'>,
    logQ: Block<'f64'>,
    divergences: Block<'f64'>,
    V: number,
  ): void;
  /**
   * ⟨psiIn|psiOut⟩, ‖psiOut − psiIn‖ and ‖psiOut + psiIn‖ into `measures`. `basis` (2×V, or null) receives an orthonormal
   * pair: row 0 the Householder vector v along psiOut − psiIn (zeros if the states coincide), row 1 the mean direction m
   * along psiOut + psiIn.
   */
  transition(
    psiIn: Block<'f64'>,
    psiOut: Block<'f64'>,
    basis: Block<'f64'> | null,
    measures: Block<'f64'>,
    V: number,
  ): void;
  /**
   * y = identity·x + Bᵀ C B x for `rank` rows B of `basis` (rank×V) and C (rank×rank). `work` holds 2·rank elements. x and
   * y may coincide. Every unitary of a layer has this form, so no V×V matrix is ever needed.
   */
  lowRankApply(
    x: Block<'f64'>,
    basis: Block<'f64'>,
    coefficients: Block<'f64'>,
    identity: number,
    y: Block<'f64'>,
    work: Block<'f64'>,
    V: number,
    rank: number,
  ): void;
}
