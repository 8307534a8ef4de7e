import type { Precision, RealBlock } from '../../backend/memory.ts';
import { lensStages } from '../../transformer/logit-lens.ts';
import type { Model } from '../../transformer/model.ts';
import { finalNormalise } from '../../transformer/norm.ts';
import { activationOf, traceForward } from '../../transformer/trace.ts';
import { FROZEN_ACTIVATIONS, FrozenOperators } from '../frozen-operators.ts';
import { expandOrders } from '../order-expansion.ts';
import { checkPreNorm } from '../pre-norm.ts';

/** The last token's state on its way to x^(S), two ways; both end in it. */
export interface PromptSequences {
  /** x^(0) … x^(S): the residual stream after each sublayer. */
  readonly trajectory: readonly Float64Array[];
  /** S_0 … S_S: partial sums of the frozen Dyson series. */
  readonly series: readonly Float64Array[];
  /** The model's logits. */
  readonly logits: Float64Array;
}

/** Runs a prompt and expands it. */
export function promptSequences(model: Model, ids: readonly number[], precision: Precision): PromptSequences {
  const { D } = model.config;
  checkPreNorm('promptSequences', model);
  const stages = lensStages(model.config);
  const trace = traceForward(model, ids, { precision, keep: [...FROZEN_ACTIVATIONS, ...stages] });
  const lastRow = (data: ArrayLike<number>) => Float64Array.from({ length: D }, (_, i) => data[data.length - D + i]!);
  const operators = new FrozenOperators(model, trace);
  try {
    const partial = new Float64Array(D);
    const series = expandOrders(operators).terms.map((term) => {
      for (let i = 0; i < D; i++) partial[i]! += term[term.length - D + i]!;
      return partial.slice();
    });
    return {
      trajectory: stages.map((stage) => lastRow(activationOf(trace, stage).data)),
      series,
      logits: Float64Array.from(trace.logits),
    };
  } finally {
    operators.release();
  }
}

/** Logits of states by the final norm, its scale recomputed for each, and the unembedding; in f64. */
export function stateLogits(model: Model, states: readonly Float64Array[]): Float64Array[] {
  const { D, V } = model.config;
  const { memory, kernels } = model.backend;
  const rows = states.length;
  return memory.scope(() => {
    const x = memory.allocate('f64', rows * D) as RealBlock;
    for (const [i, state] of states.entries()) x.view().set(state, i * D);
    finalNormalise(model, x, x, memory.allocate('f64', rows), rows);
    const logits = memory.allocate('f64', rows * V) as RealBlock;
    const { weights, bias } = model.weights.unembedding;
    kernels.linear(x, weights, bias, logits, rows, D, V);
    const view = logits.view();
    return states.map((_, i) => Float64Array.from(view.subarray(i * V, (i + 1) * V)));
  });
}
