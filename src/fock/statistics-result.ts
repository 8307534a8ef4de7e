import type { Frequency, LabelledToken, ModelHead } from './chen-result.ts';

/** Statistics of many trajectories: plain data, the same through JSON. */
export interface StatisticsResult extends ModelHead {
  /** Which result it is. */
  readonly kind: 'chen-statistics';
  /** Trajectories. */
  readonly count: number;
  /** Decimal: a seed has 64 bits. */
  readonly seed: string;
  /** Mean of −ln P, nats: estimates the von Neumann entropy of the last state. */
  readonly entropyEstimate: number;
  /** Standard error of {@link entropyEstimate}; null for a single trajectory. */
  readonly entropyStandardError: number | null;
  /** Frequencies of the tokens of every step, the most frequent first, with Wilson's 95 % intervals. */
  readonly table: readonly { readonly step: number; readonly tokens: readonly (LabelledToken & Frequency)[] }[];
}
