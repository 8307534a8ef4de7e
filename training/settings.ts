import type { AdamOptions } from './adam.ts';
import type { Shape } from './shape.ts';

/** Everything that decides the outcome of the training, next to the grammar. */
export const SEED = 20260101;
export const HELD_OUT_SEED = 20260102;
export const HELD_OUT_WINDOWS = 512;
export const SHAPE: Omit<Shape, 'V'> = { T: 64, D: 64, H: 4, L: 4 };
export const STEPS = 2000;
/** Windows per step. */
export const BATCH = 32;
export const PEAK_RATE = 3e-3;
export const WARM_UP = 200;
export const ADAM: AdamOptions = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, maxGradientNorm: 1 };

/** Linear warm-up to the peak, then half a cosine down to zero at the last step. */
export function learningRate(t: number, steps: number): number {
  if (t < WARM_UP) return (PEAK_RATE * t) / WARM_UP;
  return (PEAK_RATE * (1 + Math.cos((Math.PI * (t - WARM_UP)) / (steps - WARM_UP)))) / 2;
}
