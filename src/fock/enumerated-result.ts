import type { LabelledToken, ModelHead } from './chen-result.ts';

/** Sums over all strings of the last step: plain data, the same through JSON. Entropies in nats. */
export interface EnumeratedResult extends ModelHead {
  /** Which result it is. */
  readonly kind: 'chen-enumerated';
  /** Strings of positive probability. */
  readonly strings: number;
  /** Σ P: 1 but for rounding. */
  readonly probability: number;
  /** Von Neumann entropy of the last state, −Σ P ln P. */
  readonly entropy: number;
  /** Tr ρ² of the last state. */
  readonly purity: number;
  /** −ln of the largest probability. */
  readonly minEntropy: number;
  /** The most probable string; of equal ones the first. */
  readonly mostProbable: {
    /** Index in {@link EnumeratedResult.texts}. */
    readonly text: number;
    readonly tokens: readonly number[];
    readonly labels: readonly string[];
    /** Probability of the text and these outcomes together. */
    readonly probability: number;
  };
  /** Law of the token of every step, the heaviest entries first. */
  readonly table: readonly {
    readonly step: number;
    readonly marginal: readonly (LabelledToken & { readonly probability: number })[];
  }[];
}
