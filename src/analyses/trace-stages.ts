import type { StageSource } from '../qlens/analyse.ts';
import { tunedLens } from '../transformer/lens/look.ts';
import type { TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages, logitLens, stageNames } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import type { Trace } from '../transformer/trace.ts';

/** The stages of a trace through a lens, the logit lens for null: what QLens analyses. The trace keeps all of {@link lensStages}. */
export function traceStages(model: Model, trace: Trace, lens: TunedLens | null): StageSource {
  const stages = lensStages(model.config);
  const logitsOf = (stage: number) => {
    const name = stages[stage]!;
    return lens === null ? logitLens(model, trace, name) : tunedLens(model, lens, trace, name);
  };
  return { names: stageNames(model.config), logitsOf };
}
