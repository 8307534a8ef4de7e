/** log softmax(x)_i = x_i − max − ln Σ_j e^{x_j − max}; the sum runs left to right in f64. Nats. */
import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';

export function logSoftmax(logits: Float32Array | Float64Array, logP: Float64Array, n: number): void {
  let highest = -Infinity;
  for (let i = 0; i < n; i++) highest = Math.max(highest, logits[i]!);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += exp(logits[i]! - highest);
  const logSum = log(sum);
  for (let i = 0; i < n; i++) logP[i] = logits[i]! - highest - logSum;
}
