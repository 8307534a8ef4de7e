import { checkFinite, checkLength } from '../core/checks.ts';
import { predictingRow, type TransformerConfig } from './config.ts';
import { throughLens } from './lens/lens-rows.ts';
import type { Model } from './model.ts';
import { activationOf, type Trace } from './trace.ts';

/**
 * Stages a lens looks through, by the residual stream they read: the embedding, then after each attention and each MLP
 * sublayer, or after each block where the two are parallel. The last is the model's own output. 2L + 1 names, or L + 1.
 */
export function lensStages({ L, residual }: TransformerConfig): string[] {
  const parts = residual === 'parallel' ? ['resid_post'] : ['resid_mid', 'resid_post'];
  return ['embed', ...Array.from({ length: L }, (_, i) => parts.map((part) => `blocks.${i}.${part}`)).flat()];
}

/** What results call the stages of {@link lensStages}: by their activations, but `blocks.{i}` after a block of parallel sublayers. */
export function stageNames(config: TransformerConfig): string[] {
  const stages = lensStages(config);
  return config.residual === 'parallel' ? stages.map((stage) => stage.replace('.resid_post', '')) : stages;
}

/**
 * Logit lens at the token that predicts: logits_l = W_U · norm_final(h_l) + b_U, the norm's scale recomputed for h_l; not every
 * model has a final norm, and where one has a factor or a soft cap on its logits the lens has them too.
 *
 * @param trace keeps every stage of {@link lensStages}
 * @returns a logit for each output unit, in the trace's precision
 * @source nostalgebraist, “interpreting GPT: the logit lens” (2020); QLens paper §3.3.
 */
export function logitLens(model: Model, trace: Trace, stage: string): Float32Array | Float64Array {
  return lensOf(model, predictingStream(model, trace, stage));
}

/** The stream of the token that predicts, D numbers. @throws DomainError if the trace did not keep the stage. */
export function predictingStream({ config }: Model, trace: Trace, stage: string): Float32Array | Float64Array {
  const { data } = activationOf(trace, stage);
  const at = predictingRow(config, trace.ids.length) * config.D;
  return data.subarray(at, at + config.D);
}

/**
 * Logit lens of a given residual stream, in its precision. For many, `lensRows` takes a fraction of the time.
 *
 * @param hidden D numbers
 * @returns a logit for each output unit
 * @throws ShapeError, NonFiniteError.
 * @source as {@link logitLens}.
 */
export function lensOf(model: Model, hidden: Float32Array | Float64Array): Float32Array | Float64Array {
  checkLength('lensOf', 'hidden', hidden, model.config.D);
  checkFinite('lensOf', 'hidden', hidden);
  return throughLens(model, hidden, 1);
}
