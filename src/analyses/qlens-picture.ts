import type { Precision } from '../backend/memory.ts';
import { analyseStages } from '../qlens/analyse.ts';
import type { OperatorKind } from '../qlens/operator-form.ts';
import type { QLensResult } from '../qlens/result.ts';
import { PASS_DEFAULTS } from '../transformer/defaults.ts';
import { checkHead } from '../transformer/head.ts';
import type { TunedLens } from '../transformer/lens/tuned-lens.ts';
import { lensStages } from '../transformer/logit-lens.ts';
import type { Model } from '../transformer/model.ts';
import { predictedRow } from '../transformer/position.ts';
import type { Prompt } from '../transformer/prompt.ts';
import { type Trace, traceForward } from '../transformer/trace.ts';
import { traceStages } from './trace-stages.ts';

/** Options of {@link qlensOfTrace}. */
export interface QLensOfTraceOptions {
  /** Which unitary moves one stage to the next. */
  readonly operator?: OperatorKind;
  /** Units to list per stage and per step. */
  readonly top?: number;
  /** α in U = exp(iαH). */
  readonly alpha?: number;
  /** What is looked through at every stage; the logit lens unless given. */
  readonly lens?: TunedLens | null;
  /** Called with the stages done, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Options of {@link qlensPicture}. */
export interface QLensPictureOptions extends QLensOfTraceOptions {
  /** Of the pass; default f32. */
  readonly precision?: Precision;
  /** The token that is looked at, where every token sees the whole text; default the first masked one. */
  readonly position?: number;
}

/**
 * QLens' picture of a trace: a lens at every stage, the state vector it gives and the unitary of every step.
 *
 * @param trace keeps every stage of {@link lensStages}
 * @throws as {@link analyseStages}; DomainError for a trace that did not keep a stage, or a lens of another model.
 * @example
 * const trace = transformer.traceForward(model, prompt.ids, { keep: transformer.lensStages(model.config) });
 * qlensOfTrace(model, trace, { top: 3 }).transitions.length;
 */
export function qlensOfTrace(
  model: Model,
  trace: Trace,
  { lens = null, onProgress, ...options }: QLensOfTraceOptions = {},
): QLensResult {
  const { names, logitsOf } = traceStages(model, trace, lens);
  let done = 0;
  const counted = (stage: number) => {
    onProgress?.(++done, names.length + 1);
    return logitsOf(stage);
  };
  return analyseStages(model.backend, { names, logitsOf: counted }, options);
}

/**
 * QLens' picture of a prompt: traces it, and looks at the trace as {@link qlensOfTrace} does.
 *
 * @throws DomainError for a model of masked words where neither a word is masked nor a position given; otherwise as `traceForward` and {@link qlensOfTrace}.
 */
export function qlensPicture(
  model: Model,
  prompt: Prompt,
  { precision = PASS_DEFAULTS.precision, position, ...options }: QLensPictureOptions = {},
): QLensResult {
  checkHead('qlensPicture', model);
  const keep = lensStages(model.config);
  const row = predictedRow(model, prompt.ids, position);
  return qlensOfTrace(model, traceForward(model, prompt.ids, { precision, keep, position: row }), options);
}
