import type { Backend } from '../backend/backend.ts';
import { logProbabilities, probabilities } from '../transformer/law.ts';

/** How far one partial sum's prediction is from the model's. */
export interface PartialSumPrediction {
  /** KL(final ‖ partial sum), nats. */
  readonly klFinal: number;
  /** Rank of the model's top token under the partial sum; 1 is the top. */
  readonly rankOfTop: number;
}

/**
 * Predictions of the partial sums S_K = Σ_{k≤K} T_k from the logits of the orders (the affine offset belongs to order 0).
 * Returns one entry per K; the last is the model itself, up to rounding.
 */
export function partialSumPredictions(
  backend: Backend,
  orderLogits: readonly Float64Array[],
  offset: Float64Array,
): PartialSumPrediction[] {
  const V = offset.length;
  const partial = Float64Array.from(offset);
  const sums = orderLogits.map((logits) => {
    for (let i = 0; i < V; i++) partial[i]! += logits[i]!;
    return partial.slice();
  });
  const final = logProbabilities(backend, sums.at(-1)!);
  const p = probabilities(backend, sums.at(-1)!);
  const top = indexOfMax(final);
  return sums.map((logits) => {
    const logP = logProbabilities(backend, logits);
    let klFinal = 0;
    let rankOfTop = 1;
    for (let i = 0; i < V; i++) {
      klFinal += p[i]! * (final[i]! - logP[i]!);
      if (logP[i]! > logP[top]!) rankOfTop++;
    }
    return { klFinal, rankOfTop };
  });
}

/** Index of the largest element, the first of equals. */
export function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
