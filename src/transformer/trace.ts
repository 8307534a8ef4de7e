import type { Precision } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import { notAmong } from '../core/names.ts';
import { type Activation, selectActivations } from './activations.ts';
import { PASS_DEFAULTS } from './defaults.ts';
import type { Intervention } from './interventions.ts';
import type { Model } from './model.ts';
import { appendTogether, Session } from './session.ts';

/** One pass over a prompt with the activations that were asked for. */
export interface Trace {
  /** Token ids of the prompt. */
  readonly ids: readonly number[];
  /** Of the pass. */
  readonly precision: Precision;
  /** Number of the token that predicts: the last, or the one at `position` of a model whose tokens see the whole text. */
  readonly row: number;
  /** Its logits; none of a model without a head. */
  readonly logits: Float32Array | Float64Array;
  /** The activations kept, by name, in the order of the pass. */
  readonly activations: ReadonlyMap<string, Activation>;
}

/** Options of `traceForward`. */
export interface TraceOptions {
  /** Of the pass; default f32. */
  readonly precision?: Precision;
  /** Names to keep; `*` stands for one part (`blocks.*.resid_post`). Default none. */
  readonly keep?: Iterable<string>;
  /** Activations to change on the way. Default none. */
  readonly interventions?: readonly Intervention[];
  /** The token that gives the output, where every token sees the whole text; default the first masked one, else the first. */
  readonly position?: number;
}

/** A prompt of {@link traceTogether}, with what is particular to it. */
export interface TracedText extends Pick<TraceOptions, 'interventions' | 'position'> {
  /** Its token ids. */
  readonly ids: readonly number[];
}

/** Options of `traceTogether`. */
export interface TraceTogetherOptions extends Pick<TraceOptions, 'precision' | 'keep'> {
  /** Runs what concerns one prompt, told by its index, so that its errors can be told apart. Default: as it is. */
  readonly guard?: <T>(text: number, work: () => T) => T;
}

/**
 * Runs a model once over a prompt. @throws as `Session.append` and `selectActivations`.
 *
 * @example
 * const trace = traceForward(model, [1, 2, 3], { keep: ['blocks.*.attn.pattern'] });
 */
export function traceForward(
  model: Model,
  ids: readonly number[],
  { precision = PASS_DEFAULTS.precision, keep = [], ...text }: TraceOptions = {},
): Trace {
  return traceTogether(model, [{ ids, ...text }], { precision, keep })[0]!;
}

/**
 * Runs a model once over each of some prompts, to the bits that {@link traceForward} gives for each alone. They go through every layer together: one that
 * is read from its file is read once for all of them.
 *
 * @throws as {@link traceForward}.
 * @cost besides the activations kept, keys and values of all prompts are in memory together
 * @example
 * const [first, second] = transformer.traceTogether(model, [{ ids: [1, 2, 3] }, { ids: [4, 5] }], { keep: ['embed'] });
 */
export function traceTogether(
  model: Model,
  texts: readonly TracedText[],
  { precision = PASS_DEFAULTS.precision, keep = [], guard }: TraceTogetherOptions = {},
): Trace[] {
  const names = selectActivations(model.config, keep);
  const { maxPositions } = model.config;
  const sessions: Session[] = [];
  try {
    for (const { ids } of texts)
      sessions.push(new Session(model, { precision, capacity: Math.min(Math.max(ids.length, 1), maxPositions) }));
    const parts = texts.map((text, i) => ({ session: sessions[i]!, ...text, keep: names }));
    return appendTogether(parts, guard).map((result, i) => ({ ids: [...texts[i]!.ids], precision, ...result }));
  } finally {
    for (const session of sessions) session.release();
  }
}

/**
 * The trace of the first tokens that a session reads; the session can go on from there.
 *
 * @throws DomainError if the session has read before; otherwise as {@link traceForward}.
 */
export function traceIn(
  session: Session,
  ids: readonly number[],
  { keep = [], ...options }: Omit<TraceOptions, 'precision'> = {},
): Trace {
  if (session.ids.length > 0)
    throw new DomainError(
      `traceIn: the session must have read nothing, but it has read ${session.ids.length} tokens. Rewind it.`,
    );
  const names = selectActivations(session.model.config, keep);
  return { ids: [...ids], precision: session.precision, ...session.append(ids, { keep: names, ...options }) };
}

/** An activation of a trace. @throws DomainError if it was not kept. */
export function activationOf(trace: Trace, name: string): Activation {
  const activation = trace.activations.get(name);
  if (activation !== undefined) return activation;
  throw new DomainError(
    `activationOf: name must be an activation the trace kept, but ${notAmong(name, [...trace.activations.keys()], 'kept activations')}. Add it to keep.`,
  );
}
