import type { Precision } from '../backend/memory.ts';

/** What a pass takes where nothing is said. */
export const PASS_DEFAULTS: { readonly precision: Precision } = { precision: 'f32' };

/** Likeliest tokens to list, the least probability of those, and tokens to continue greedily. */
export const NEXT_TOKEN_DEFAULTS = { top: 10, least: 0, greedy: 0 } as const;

/** What a sampling rule leaves as it is. */
export const SAMPLING_DEFAULTS = { temperature: 1, topP: 1 } as const;

/** Types of {@link LENS_TRAINING_DEFAULTS}. */
export interface LensTrainingDefaults {
  /** Whether a stage's translator has a matrix besides its bias. */
  readonly kind: 'affine' | 'bias';
  /** Most steps of Adam. */
  readonly steps: number;
  /** Texts in a step. */
  readonly batch: number;
  /** Of Adam's first step. */
  readonly rate: number;
  /** Seed of the order of the texts. */
  readonly seed: bigint;
  /** Steps between looks at the texts held back. */
  readonly every: number;
  /** Looks without a gain before it ends. */
  readonly patience: number;
}

/** What the training of a lens takes where nothing is said. */
export const LENS_TRAINING_DEFAULTS: LensTrainingDefaults = {
  kind: 'affine',
  steps: 300,
  batch: 8,
  rate: 0.003,
  seed: 1n,
  every: 25,
  patience: 5,
};

/** Values of ρ that a ridge lens chooses from where nothing is said. */
export const RIDGE_PENALTIES: readonly number[] = [10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];

/** What the training of an encoder takes where nothing is said. */
export const ENCODER_TRAINING_DEFAULTS = { epochs: 12, batch: 16, rate: 0.003, seed: 1n } as const;
