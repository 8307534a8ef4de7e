import { numpy as np } from '@jax-js/jax';
import type { Latent } from './corpus.ts';
import type { Vocabulary } from './vocabulary.ts';
import { sampleTrainingWindow } from './windows.ts';

/**
 * Tokens and targets [B, T] of step t: the first and the last T of the T + 1 tokens of each of B fresh windows. No
 * window comes twice, so the training loss estimates the expected loss.
 */
export function trainingBatch(
  latents: readonly Latent[],
  { idOf }: Vocabulary,
  seed: number,
  t: number,
  B: number,
  T: number,
): [np.Array, np.Array] {
  const tokens = new Int32Array(B * T);
  const targets = new Int32Array(B * T);
  for (let b = 0; b < B; b++) {
    const window = sampleTrainingWindow(latents, seed, t * B + b, T + 1);
    const ids = window.map((token) => idOf.get(token) ?? -1);
    tokens.set(ids.slice(0, T), b * T);
    targets.set(ids.slice(1), b * T);
  }
  const options = { dtype: np.int32 };
  return [np.array(tokens, options).reshape([B, T]), np.array(targets, options).reshape([B, T])];
}
