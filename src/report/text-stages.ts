import type { Precision } from '../backend/memory.ts';
import { MechanicsError } from '../core/errors.ts';
import type { StageSource } from '../qlens/analyse.ts';
import { tunedLens } from '../transformer/lens/look.ts';
import type { TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages, logitLens } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { type PromptSource, promptOf } from '../transformer/prompt.ts';
import { traceForward } from '../transformer/trace.ts';

/** A prompt of a data set and where it came from. */
export interface DataSetPrompt extends PromptSource {
  /** What an error calls it, for example `line 17 of texts.txt`. */
  readonly place: string;
}

/**
 * The stages of a stream of prompts through a lens, the logit lens unless a tuned one is given, one forward pass at a time: what `qlens.collectOperators` reads.
 *
 * @throws what `promptOf` and `traceForward` throw, its message naming the prompt's place.
 */
export async function* textStages(
  model: Model,
  prompts: AsyncIterable<DataSetPrompt> | Iterable<DataSetPrompt>,
  { precision = 'f32', lens = null }: { readonly precision?: Precision; readonly lens?: TunedLens | null } = {},
): AsyncGenerator<StageSource> {
  const names = lensStages(model.config);
  for await (const { place, ...source } of prompts) {
    const trace = named(place, () => traceForward(model, promptOf(model, source).ids, { precision, keep: names }));
    yield {
      names,
      logitsOf: (stage) => {
        const name = names[stage]!;
        return lens === null ? logitLens(model, trace, name) : tunedLens(model, lens, trace, name);
      },
    };
  }
}

function named<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MechanicsError) error.message += ` This is ${place}.`;
    throw error;
  }
}
