/** What comparisons with random matrices take where nothing is said. */
export const COMPARISON_DEFAULTS = {
  /** Random matrices behind each p-value. */
  surrogates: { weights: 99, attention: 299 },
  /** Samples behind the p-value of a power law. */
  bootstraps: 100,
  seed: 0n,
} as const;
