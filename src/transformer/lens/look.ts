import { logitLens, predictingStream } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import type { Trace } from '../trace.ts';
import { throughLens } from './lens-rows.ts';
import { checkLens, type TunedLens } from './tuned-lens.ts';

/**
 * Tuned lens at the token that predicts: logits_l = W_U · norm_final(h_l + A_l h_l + b_l) + b_U; at a stage without a translator the logit lens.
 *
 * @param trace keeps the stage
 * @returns a logit for each output unit, in the trace's precision
 * @throws DomainError if the lens belongs to another model or the trace did not keep the stage.
 * @source N. Belrose et al., arXiv 2303.08112.
 */
export function tunedLens(model: Model, lens: TunedLens, trace: Trace, stage: string): Float32Array | Float64Array {
  checkLens('tunedLens', model, lens);
  const translator = lens.translators.get(stage);
  if (translator === undefined) return logitLens(model, trace, stage);
  return throughLens(model, predictingStream(model, trace, stage), 1, () => translator);
}
