/** What a Dyson series takes where nothing is said. */
export const DYSON_DEFAULTS = {
  /** What an operator is. */
  steps: 'sublayer',
  /** Paths to list, and operator applications of their search. */
  paths: { count: 20, budget: 20_000 },
} as const;

/** What a score of series acceleration takes where nothing is said: numbers of terms to try. */
export const ACCELERATION_DEFAULTS = { steps: 12 } as const;

/** What the stability of a pass takes where nothing is said. */
export const STABILITY_DEFAULTS = { operators: 'tangent', precision: 'f64' } as const;
