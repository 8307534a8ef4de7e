import type { LabelledToken, ModelHead } from '../chen-result.ts';

/** The exact state after one step. Entropies in nats. */
export interface LumpedResultStep {
  /** ℓ, from 1. */
  readonly step: number;
  /** Lumped states that stand for it. */
  readonly states: number;
  /** Law of the token of this step, the heaviest entries first. */
  readonly marginal: readonly (LabelledToken & { readonly probability: number })[];
  /** Von Neumann entropy S(ρ_ℓ). */
  readonly entropy: number;
  /** Σ_h w_h H(p_ℓ(·|h)), by which the entropy grows. */
  readonly conditionalEntropy: number;
  /** Tr ρ², 0 where it underflows; `logPurity` is its logarithm. */
  readonly purity: number;
  /** ln Tr ρ². */
  readonly logPurity: number;
  /** −ln of the largest weight. */
  readonly minEntropy: number;
  /** Rényi entropies of the orders asked for; an order is text, since JSON has no Infinity. */
  readonly renyi: readonly { readonly order: string; readonly entropy: number }[];
  /** Tr ρ: 1 but for rounding. */
  readonly trace: number;
}

/** How often a token occurs in the strings of the last step, their texts included. */
export interface LumpedResultCount extends LabelledToken {
  /** Mean number of occurrences. */
  readonly mean: number;
  /** Variance of that number. */
  readonly variance: number;
  /** Probability of 0, 1, … occurrences. */
  readonly law: readonly number[];
}

/** An exact run of Chen's model by lumping: plain data, the same through JSON. */
export interface LumpedResult extends ModelHead {
  /** Which result it is. */
  readonly kind: 'chen-lumped';
  /** Entropy of the mixture of texts. */
  readonly startEntropy: number;
  /** One row for each step. */
  readonly table: readonly LumpedResultStep[];
  /** The most probable text with what it generates. */
  readonly mostProbable: {
    /** Index in {@link LumpedResult.texts}. */
    readonly text: number;
    readonly tokens: readonly number[];
    readonly labels: readonly string[];
    /** ln of the probability of the text and these outcomes together. */
    readonly logProbability: number;
  };
  /** Tokens that can occur. */
  readonly counts: readonly LumpedResultCount[];
}
