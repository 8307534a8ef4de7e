import type { Block, RealBlock } from '../memory.ts';

/** Numbers that {@link LensKernels.klBackward} gives for each row, in this order. */
export const KL_MEASURES = { kl: 0, logNormaliser: 1, length: 2 } as const;

/** Numbers that {@link LensKernels.lensScores} gives for each row, in this order. */
export const LENS_SCORES = { kl: 0, logNormaliser: 1, top: 2, length: 3 } as const;

/** One step of Adam; `correction1` and `correction2` are 1 − β₁ᵗ and 1 − β₂ᵗ for step t, counted from 1. */
export interface AdamOptions {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly eps: number;
}

/**
 * How a lens does against the law at the end, and the gradients of its training. Everything computes in f64 and rounds once, where a result is stored in the precision of its
 * block; sums run from left to right unless a method says otherwise.
 */
export interface LensKernels {
  /**
   * For each row of finite logits, into `scores` (rows×3): KL(p‖softmax(logits)) in nats and log Σ e^logit, with the bits of
   * `klBackward`, and the number of the largest logit, the lowest of equals. The logits stay; p and logP are rows×V, logP finite.
   */
  lensScores(call: {
    readonly logits: RealBlock;
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly scores: Block<'f64'>;
    readonly rows: number;
    readonly V: number;
  }): void;
  /**
   * KL(p‖q) of each row's law p from q = softmax(logits), and its gradient with respect to the logits. `measures` (rows×2)
   * receives KL in nats and log Σ e^logit; the logits become weight·(q − p). p and logP are rows×V, logP finite. Σ is four sums,
   * of the terms whose numbers leave the same rest by 4; KL is two, of the even-numbered and the odd-numbered terms.
   */
  klBackward(call: {
    readonly logits: RealBlock;
    readonly p: Block<'f64'>;
    readonly logP: Block<'f64'>;
    readonly measures: Block<'f64'>;
    readonly rows: number;
    readonly V: number;
    readonly weight: number;
  }): void;
  /**
   * Gradient through layerNorm (`centred`) or rmsNorm at x, from dy to dx; `scale` holds the σ or ρ that the norm gave for each
   * row. The two sums over the gradient are taken as KL is. dy and dx may coincide.
   */
  normBackward(call: {
    readonly x: RealBlock;
    readonly gamma: Block<'f64'>;
    readonly scale: Block<'f64'>;
    readonly dy: RealBlock;
    readonly dx: RealBlock;
    readonly rows: number;
    readonly D: number;
    readonly centred: boolean;
  }): void;
  /** One step of Adam on n parameters x with gradient g; m and v are its moments, of the same precision. */
  adamStep(
    call: AdamOptions & {
      readonly x: RealBlock;
      readonly m: RealBlock;
      readonly v: RealBlock;
      readonly g: RealBlock;
      readonly n: number;
    },
  ): void;
}
