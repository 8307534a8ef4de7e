import type { StageSource } from '../qlens/analyse.ts';
import { unitCount } from '../transformer/config.ts';
import { lensRows } from '../transformer/lens/lens-rows.ts';
import { rowsAtOnce } from '../transformer/lens/lens-sizes.ts';
import { checkLens, type TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages, predictingStream, stageNames } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';

/** Logits of some stages, in the order in which they are asked for. */
interface Held {
  readonly first: number;
  readonly logits: Float32Array | Float64Array;
}

/**
 * The stages of a trace through a lens, the logit lens for null: what QLens analyses. The trace keeps all of {@link lensStages}. Several
 * stages go through the unembedding at once, as they are asked for: the last, then the others in order.
 */
export function traceStages(model: Model, trace: Trace, lens: TunedLens | null): StageSource {
  const stages = lensStages(model.config);
  const asked = [stages.at(-1)!, ...stages.slice(0, -1)];
  const units = unitCount(model.config);
  const most = rowsAtOnce(model);
  let held: Held | null = null;
  const logitsOf = (stage: number) => {
    const place = (stage + 1) % stages.length;
    const first = place - (place % most);
    if (held?.first !== first) held = { first, logits: lookAt(model, trace, lens, asked.slice(first, first + most)) };
    return held.logits.subarray((place - first) * units, (place - first + 1) * units);
  };
  return { names: stageNames(model.config), logitsOf };
}

/** The predicting token's logits at some stages, a row each. */
function lookAt(model: Model, trace: Trace, lens: TunedLens | null, stages: readonly string[]) {
  if (lens !== null) checkLens('tunedLens', model, lens);
  const { D } = model.config;
  const streams = new (trace.precision === 'f32' ? Float32Array : Float64Array)(stages.length * D);
  for (const [row, stage] of stages.entries()) streams.set(predictingStream(model, trace, stage), row * D);
  const translatorOf = (row: number) => lens?.translators.get(stages[row]!) ?? null;
  return lensRows(model, streams, stages.length, { translatorOf });
}
