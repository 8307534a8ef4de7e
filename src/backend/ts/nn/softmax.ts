/**
 * log softmax(x)_i = x_i − max − ln Σ_j e^{x_j − max}, in f64 for either precision, so that the probabilities of an f32 pass add up to
 * 1 as closely as those of an f64 pass. Nats.
 */
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';
import { FourSums } from '../sums/four-sums.ts';

const sums = new FourSums();

export function logSoftmax(logits: Float32Array | Float64Array, logP: Float64Array, n: number): void {
  let highest = -Infinity;
  for (let i = 0; i < n; i++) if (logits[i]! > highest) highest = logits[i]!;
  // Of two zeros of unlike sign either may have been found.
  highest += 0;
  sums.clear();
  for (let i = 0; i < n; i++) sums.add(i, exp(logits[i]! - highest));
  const logSum = log(sums.total());
  for (let i = 0; i < n; i++) logP[i] = logits[i]! - highest - logSum;
}
