/** What a pass, a next token and a sampling rule take where nothing is said. */
export const PASS_DEFAULTS = { precision: 'f32' } as const;

/** Likeliest tokens to list, and tokens to continue greedily. */
export const NEXT_TOKEN_DEFAULTS = { top: 10, greedy: 0 } as const;

/** The sampling rule where nothing else is asked for: the law as it is. */
export const SAMPLING_DEFAULTS = { temperature: 1, topP: 1 } as const;

/** What the training of a lens takes where nothing is said. */
export const LENS_TRAINING_DEFAULTS = {
  kind: 'affine',
  steps: 300,
  batch: 8,
  /** Of Adam's first step. */
  rate: 0.003,
  seed: 1n,
  /** Steps between looks at the texts held back, and looks without a gain before it ends. */
  every: 25,
  patience: 5,
} as const;

/** What the training of an encoder takes where nothing is said. */
export const ENCODER_TRAINING_DEFAULTS = { epochs: 12, batch: 16, rate: 0.003, seed: 1n } as const;
