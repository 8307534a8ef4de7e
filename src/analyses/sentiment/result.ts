import type { DataSetResult } from '../../qlens/data-set/result.ts';
import type { BaselineKind } from '../../qlens/statistics/baselines.ts';
import type { Fingerprint } from '../../transformer/checkpoint/checkpoint.ts';

/** The operators of a step against one baseline. */
export interface SentimentBaseline {
  readonly baseline: BaselineKind;
  readonly similarityU: number;
  readonly similarityH: number;
  /** Cohen's d of the pairs; null where it has no value. */
  readonly effectSize: number | null;
  /** Permutation test of the mean similarity, one-sided. */
  readonly p: number;
}

/** One step, attention or MLP, of one trained model. */
export interface SentimentStep {
  /** Test texts that move the state, each with its operator. */
  readonly operators: number;
  /** Test texts whose states coincide; left out. */
  readonly coinciding: number;
  /** Mean over pairs; null below two operators, as is all that follows. */
  readonly similarityU: number | null;
  /** Mean sim_H over pairs. */
  readonly similarityH: number | null;
  /** Mean ‖Δψ‖ and ‖mean Δψ‖. */
  readonly meanLength: number | null;
  /** ‖mean Δψ‖. */
  readonly meanChange: number | null;
  /** The step against every baseline. */
  readonly baselines: readonly SentimentBaseline[];
}

/** One seed: a split, a model, its lenses, its operators. */
export interface SentimentRun {
  /** Decimal. */
  readonly seed: string;
  /** Texts after balancing. */
  readonly texts: { readonly train: number; readonly test: number };
  /** Words the model knows, the two special tokens included. */
  readonly vocabulary: number;
  /** Mean cross entropy of the last epoch, in nats; null without one. */
  readonly trainingLoss: number | null;
  /** Share of texts that the model, as it is saved, puts in the right class. */
  readonly accuracy: { readonly train: number; readonly test: number };
  /** Mean KL(final ‖ lens) over the test texts in nats at the embedding and after attention, without and with the tuned lens. */
  readonly lens: { readonly logit: readonly number[]; readonly tuned: readonly number[] };
  /** The step of attention. */
  readonly attention: SentimentStep;
  /** The step of the MLP. */
  readonly mlp: SentimentStep;
  /** Distance correlation of the two steps' operators, and its p by permutation; null where it has no value. */
  readonly dependence: { readonly correlation: number | null; readonly p: number | null };
  /** Whether attention's operators are more alike than the MLP's; null where either has no value. */
  readonly attentionAbove: boolean | null;
}

/** Mean and standard deviation over the seeds that have a value; null without, and for the deviation of a single one. */
export interface OverSeeds {
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly seeds: number;
}

/** What {@link reproduceSentiment} returns: plain data. */
export interface SentimentResult {
  /** What was read, before balancing. */
  readonly corpus: {
    readonly name: string;
    readonly texts: number;
    readonly positive: number;
    readonly negative: number;
  };
  /** Model whose tokenizer, embeddings and positions ours start from, and their width; null if it learns words from nothing. */
  readonly embeddings: { readonly label: string; readonly width: number; readonly fingerprint: Fingerprint } | null;
  /** One run for each seed. */
  readonly runs: readonly SentimentRun[];
  /** Test accuracy held against the paper's: it passes if mean ≥ published − 3·standardError, that of one accuracy on as many texts. */
  readonly accuracy: OverSeeds & {
    readonly published: number;
    readonly standardError: number;
    readonly least: number;
    readonly passes: boolean;
  };
  /** Similarities of attention's operators over the seeds. */
  readonly attention: { readonly similarityU: OverSeeds; readonly similarityH: OverSeeds };
  /** Similarities of the MLP's operators over the seeds. */
  readonly mlp: { readonly similarityU: OverSeeds; readonly similarityH: OverSeeds };
  /** Seeds in which attention's operators are more alike than the MLP's, as the paper finds, of those where both have a value. */
  readonly attentionAbove: { readonly seeds: number; readonly of: number };
  /** All statistics of the first seed. */
  readonly first: DataSetResult;
}
