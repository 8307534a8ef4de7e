import type { StageSource } from '../qlens/analyse.ts';
import { groupedStages } from '../qlens/look-ahead.ts';
import { unitCount } from '../transformer/config.ts';
import { lensRows } from '../transformer/lens/lens-rows.ts';
import { rowsAtOnce } from '../transformer/lens/lens-sizes.ts';
import { checkLens, type TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages, predictingStream, stageNames } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';

/**
 * The stages of a trace through a lens, the logit lens for null: what QLens analyses. The trace keeps all of {@link lensStages}. Several
 * stages go through the unembedding at once.
 */
export function traceStages(model: Model, trace: Trace, lens: TunedLens | null): StageSource {
  const stages = lensStages(model.config);
  return groupedStages({
    names: stageNames(model.config),
    units: unitCount(model.config),
    most: rowsAtOnce(model),
    look: (places) =>
      lookAt(
        model,
        trace,
        lens,
        places.map((place) => stages[place]!),
      ),
  });
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
