import type { ChenText, Frequency, LabelledToken } from './chen-result.ts';

/** Statistics of many trajectories: plain data, the same through JSON. */
export interface StatisticsResult {
  readonly kind: 'chen-statistics';
  readonly name: string;
  /** Number of tokens. */
  readonly V: number;
  readonly texts: readonly ChenText[];
  /** L */
  readonly steps: number;
  /** x_0, what the vacuum goes to. */
  readonly vacuum: LabelledToken;
  /** What the model was built from, and `top`. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
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
