import type { Backend } from '../backend/backend.ts';
import { BORN_SUMMARY, DIVERGENCES } from '../backend/contract/state.ts';
import type { Block } from '../backend/memory.ts';

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
  return predictionsAgainst(backend, sums.at(-1)!, sums);
}

/** How far the laws of some logits are from the law of the model's. */
export function predictionsAgainst(
  backend: Backend,
  model: Float64Array,
  candidates: readonly Float64Array[],
): PartialSumPrediction[] {
  const V = model.length;
  const { memory, kernels } = backend;
  const top = indexOfMax(model);
  return memory.scope(() => {
    const vector = () => memory.allocate('f64', V);
    const [logits, psi, summary] = [vector(), vector(), memory.allocate('f64', BORN_SUMMARY.length)];
    const divergences = memory.allocate('f64', DIVERGENCES.length);
    const lawOf = (values: Float64Array, p: Block<'f64'>, logP: Block<'f64'>) => {
      logits.view().set(values);
      kernels.bornState({ logits, p, logP, psi, summary, V });
    };
    const [p, logP, q, logQ] = [vector(), vector(), vector(), vector()];
    lawOf(model, p, logP);
    return candidates.map((values) => {
      lawOf(values, q, logQ);
      kernels.compareLaws({ p, logP, q, logQ, divergences, V });
      return { klFinal: divergences.view()[DIVERGENCES.kl]!, rankOfTop: rankOf(values, top) };
    });
  });
}

/** 1 + the number of values above that of `index`. */
function rankOf(values: Float64Array, index: number): number {
  let rank = 1;
  for (const value of values) if (value > values[index]!) rank++;
  return rank;
}

/** Index of the largest element, the first of equals. */
export function indexOfMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
