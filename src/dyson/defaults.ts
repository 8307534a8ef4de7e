import type { Precision } from '../backend/memory.ts';

/** What a Dyson series takes where nothing is said. */
export const DYSON_DEFAULTS: {
  readonly steps: 'sublayer' | 'block';
  readonly paths: { readonly count: number; readonly budget: number };
} = {
  /** What an operator is. */
  steps: 'sublayer',
  /** Paths to list, and operator applications of their search. */
  paths: { count: 20, budget: 20_000 },
};

/** What a score of series acceleration takes where nothing is said: numbers of terms to try. */
export const ACCELERATION_DEFAULTS = { steps: 12 } as const;

/** What the stability of a pass takes where nothing is said. */
export const STABILITY_DEFAULTS: { readonly operators: 'tangent' | 'frozen'; readonly precision: Precision } = {
  operators: 'tangent',
  precision: 'f64',
};
