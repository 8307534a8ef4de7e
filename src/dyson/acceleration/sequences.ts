import type { Precision } from '../../backend/memory.ts';
import { unitCount } from '../../transformer/config.ts';
import { throughLens } from '../../transformer/lens/lens-rows.ts';
import { lensStages } from '../../transformer/logit-lens.ts';
import type { Model } from '../../transformer/model.ts';
import { activationOf, traceForward } from '../../transformer/trace.ts';
import { FrozenOperators, frozenActivations } from '../frozen-operators.ts';
import { expandOrders } from '../order-expansion.ts';
import { predictingPart } from '../steps.ts';
import { addTo } from '../vectors.ts';

/** The predicting token's state on its way to x^(S), two ways; both end in it. */
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
  const stages = lensStages(model.config);
  const trace = traceForward(model, ids, { precision, keep: [...frozenActivations(model.config), ...stages] });
  const operators = new FrozenOperators(model, trace);
  const rowOf = (data: Float32Array | Float64Array) => Float64Array.from(predictingPart(operators, data));
  try {
    const partial = new Float64Array(D);
    const series = expandOrders(operators).terms.map((term) => {
      addTo(partial, rowOf(term));
      return partial.slice();
    });
    return {
      trajectory: stages.map((stage) => rowOf(activationOf(trace, stage).data)),
      series,
      logits: Float64Array.from(trace.logits),
    };
  } finally {
    operators.release();
  }
}

/** Logits of states by the final norm, if there is one, its scale recomputed for each, and the unembedding; in f64. */
export function stateLogits(model: Model, states: readonly Float64Array[]): Float64Array[] {
  const { D } = model.config;
  const units = unitCount(model.config);
  const streams = new Float64Array(states.length * D);
  for (const [i, state] of states.entries()) streams.set(state, i * D);
  const logits = throughLens(model, streams, states.length) as Float64Array;
  return states.map((_, i) => logits.subarray(i * units, (i + 1) * units));
}
