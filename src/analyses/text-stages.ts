import type { Precision } from '../backend/memory.ts';
import { MechanicsError } from '../core/errors.ts';
import type { StageSource } from '../qlens/analyse.ts';
import { PASS_DEFAULTS } from '../transformer/defaults.ts';
import { checkHead } from '../transformer/head.ts';
import { checkLens, type TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { predictedRow } from '../transformer/position.ts';
import { type Prompt, type PromptSource, promptOf } from '../transformer/prompt.ts';
import { tokensTogether } from '../transformer/text-groups.ts';
import { traceTogether } from '../transformer/trace.ts';
import { traceStages } from './trace-stages.ts';

/** A prompt of a data set and where it came from. */
export interface DataSetPrompt extends PromptSource {
  /** What an error calls it, for example `line 17 of texts.txt`. */
  readonly place: string;
}

/** What `promptOf` makes of a prompt. @throws what it throws, its message naming the prompt's place. */
export function dataSetPrompt(model: Model, { place, ...source }: DataSetPrompt): Prompt {
  return named(place, () => promptOf(model, source));
}

/**
 * The stages of a stream of prompts (of a model of masked words, at the first of each prompt) through a lens, the logit lens unless `lens` is given, one forward pass at a time, or several together where weights are read from files: what
 * `qlens.collectOperators` reads.
 *
 * @throws what `promptOf`, `traceForward` and `tunedLens` throw, its message naming the prompt's place.
 */
export async function* textStages(
  model: Model,
  prompts: AsyncIterable<DataSetPrompt> | Iterable<DataSetPrompt>,
  {
    precision = PASS_DEFAULTS.precision,
    lens = null,
  }: { readonly precision?: Precision; readonly lens?: TunedLens | null } = {},
): AsyncGenerator<StageSource> {
  checkHead('textStages', model);
  if (lens !== null) checkLens('textStages', model, lens);
  const most = tokensTogether(model, precision);
  let group: { readonly place: string; readonly ids: readonly number[] }[] = [];
  let tokens = 0;
  for await (const prompt of prompts) {
    const { ids } = dataSetPrompt(model, prompt);
    group.push({ place: prompt.place, ids });
    tokens += ids.length;
    if (tokens < most) continue;
    yield* stagesOf(model, group, precision, lens);
    [group, tokens] = [[], 0];
  }
  yield* stagesOf(model, group, precision, lens);
}

/** The stages of some prompts, which are read together. */
function stagesOf(
  model: Model,
  prompts: readonly { readonly place: string; readonly ids: readonly number[] }[],
  precision: Precision,
  lens: TunedLens | null,
): StageSource[] {
  const guard = <T>(i: number, work: () => T): T => named(prompts[i]!.place, work);
  const texts = prompts.map(({ ids }, i) => ({ ids, position: guard(i, () => predictedRow(model, ids)) }));
  const traces = traceTogether(model, texts, { precision, keep: lensStages(model.config), guard });
  return traces.map((trace) => traceStages(model, trace, lens));
}

function named<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MechanicsError) error.message += ` This is ${place}.`;
    throw error;
  }
}
