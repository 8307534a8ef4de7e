import type { TruncationCertificate } from './evolution.ts';

/** A token with its name. */
export interface LabelledToken {
  /** Token number, from 0. */
  readonly token: number;
  /** Its printable name. */
  readonly label: string;
}

/** A text of the initial mixture. */
export interface ChenText {
  /** Token numbers of the text. */
  readonly tokens: readonly number[];
  /** Their printable names. */
  readonly labels: readonly string[];
  /** Weight in the mixture; all sum to 1. */
  readonly weight: number;
}

/** What every result says about its model: plain data, the same through JSON. */
export interface ModelHead {
  /** Name of the description or of the checkpoint. */
  readonly name: string;
  /** Number of tokens. */
  readonly V: number;
  /** The initial mixture; one text of weight 1 as a rule. */
  readonly texts: readonly ChenText[];
  /** L */
  readonly steps: number;
  /** x_0, what the vacuum goes to. */
  readonly vacuum: LabelledToken;
  /** What the model was built from, and the options of the run. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A node of the prefix tree of the strings kept. Probabilities of kept strings are those of the exact state: truncation
 * removes other strings and changes none.
 */
export interface ChenNode {
  /** Position in {@link ChenResult.tree}; parents come before children. */
  readonly id: number;
  /** null for the texts, the roots of the tree. */
  readonly parent: number | null;
  /** Step that appended the token; 0 for the texts. */
  readonly step: number;
  /** The token appended; null for the texts. */
  readonly token: number | null;
  /** Its name; for a text, all its names joined by spaces. */
  readonly label: string;
  /** p_ℓ(token | history); for a text, its weight. */
  readonly conditional: number;
  /** Weight of the string that ends here in the state of its step. */
  readonly probability: number;
}

/** One entry of the joint law P(y_1 … y_L). */
export interface ChenString {
  /** Index in {@link ChenResult.texts}. */
  readonly text: number;
  /** y_1 … y_L */
  readonly tokens: readonly number[];
  /** Printable names of the outcomes. */
  readonly labels: readonly string[];
  /** Probability of the text and these outcomes together. */
  readonly probability: number;
}

/** The state after one step. Entropies in nats. */
export interface ChenStep {
  /** ℓ, from 1. */
  readonly step: number;
  /**
   * Law of the token of this step, the heaviest entries first. The exact probability lies in [probability, probability +
   * missing].
   */
  readonly marginal: readonly (LabelledToken & { readonly probability: number })[];
  /** Weight that earlier steps dropped. */
  readonly missing: number;
  /** Von Neumann entropy of the exact state where nothing was dropped so far; else a lower bound of it that never falls. */
  readonly entropy: number;
  /** Σ_h w_h H(p_ℓ(·|h)) over the strings kept by the step before: what the exact entropy grows by, or a lower bound of that. */
  readonly conditionalEntropy: number;
  /** Tr σ²: exact where nothing is dropped, else a lower bound that (1 − kept)² can be added to. */
  readonly purity: number;
  /** Number of strings kept. */
  readonly strings: number;
  /** Tr σ */
  readonly kept: number;
  /** Weight dropped in this step. */
  readonly discarded: number;
}

/** A frequency among trajectories with its Wilson 95 % interval. */
export interface Frequency {
  /** Number of trajectories. */
  readonly count: number;
  /** Their share of all trajectories. */
  readonly frequency: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** An estimate of the von Neumann entropy of the exact state after a step, in nats. */
export interface EntropyEstimate {
  /** ℓ, from 1. */
  readonly step: number;
  /** Mean of −ln P(y_1 … y_ℓ, text). */
  readonly estimate: number;
  /** Standard error of the mean. */
  readonly standardError: number;
  /** 95 % interval, estimate ± 1.96 standard errors and not below 0. It rests on the strings found: rare ones that count can be missing. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** What the sampled trajectories show. */
export interface ChenTrajectories {
  /** Number of trajectories m. */
  readonly count: number;
  /** Decimal: a seed has 64 bits. */
  readonly seed: string;
  /** Number of different outcome sequences found. */
  readonly distinct: number;
  /** −(mean of ln P) estimates the von Neumann entropy of the exact final state, in nats. */
  readonly entropyEstimate: number;
  /** Standard error of {@link entropyEstimate}; null for a single trajectory. */
  readonly entropyStandardError: number | null;
  /** The same for every step, with its interval; null for a single trajectory. The last is {@link entropyEstimate}. */
  readonly entropies: readonly EntropyEstimate[] | null;
  /**
   * Outcome sequences, the most frequent first, then the most probable. `exact` is the probability in the tree, null for a
   * string that the truncation dropped.
   */
  readonly sequences: readonly (Omit<ChenString, 'probability'> & Frequency & { readonly exact: number | null })[];
  /**
   * Law of the token of each step, the most frequent first. `atLeast` is the tree's marginal; the exact one exceeds it by
   * {@link ChenStep.missing} at most.
   */
  readonly marginals: readonly {
    readonly step: number;
    readonly tokens: readonly (LabelledToken & Frequency & { readonly atLeast: number })[];
  }[];
}

/** A run of Chen's model: plain data, the same through JSON. */
export interface ChenResult extends ModelHead {
  /** Which result it is. */
  readonly kind: 'chen';
  /** M */
  readonly cutoff: number;
  /** dim F^(M) = Σ_{n≤M} V^n, decimal. */
  readonly dimension: string;
  /** Prefix tree of the strings kept: step by step, in the order of the tree. */
  readonly tree: readonly ChenNode[];
  /** Joint law of the outcomes, every string kept at step L, the heaviest first. Sums to certificate.kept. */
  readonly joint: readonly ChenString[];
  /** One row for each step. */
  readonly table: readonly ChenStep[];
  /** What truncation left out, over all steps. */
  readonly certificate: TruncationCertificate;
  /** null where none were asked for. */
  readonly trajectories: ChenTrajectories | null;
}
