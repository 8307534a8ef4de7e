import type { Holding, Precision, RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { BackendError, CapacityError, DomainError } from '../core/errors.ts';
import type { Activation } from './activations.ts';
import { lengthClass } from './config.ts';
import { PASS_DEFAULTS } from './defaults.ts';
import { editsOf, type Intervention } from './interventions.ts';
import { checkLogits } from './logits.ts';
import type { Model } from './model.ts';
import { type PassPart, runPasses } from './pass.ts';
import { headOfPass } from './pass-head.ts';
import { predictingRow } from './position.ts';
import { Recorder } from './recorder.ts';
import { sequenceCache } from './sequence-cache.ts';
import { checkTokenIds } from './token-ids.ts';

/** Options of `Session`. */
export interface SessionOptions {
  /** `f32` (default) rounds products to f32; `f64` computes everything in f64 from the same weights. */
  readonly precision?: Precision;
  /** Tokens the cache shall hold; default the model's longest sequence. */
  readonly capacity?: number;
}

/** Options of a session's `append`. */
export interface AppendOptions {
  /** Names of activations to keep, as `selectActivations` gives them. */
  readonly keep?: ReadonlySet<string>;
  /** Activations to change on the way; positions count the tokens of this call. Only where nothing was read before. */
  readonly interventions?: readonly Intervention[];
  /**
   * Tokens of the whole sequence that these are the beginning of; default those read with them. It matters where a rotation depends on the length of the sequence
   * (longrope).
   */
  readonly length?: number;
  /** Which of these tokens gives the output, where every token sees the whole text; default the first masked one, else the first. */
  readonly position?: number;
}

/** What a pass over some tokens gave. */
export interface PassResult {
  /** Number of the token that predicts among those read: the last or, where every token sees the whole text, the one at `position`. */
  readonly row: number;
  /** Its logits, one for each output unit; none of a model without a head. */
  readonly logits: Float32Array | Float64Array;
  /** The activations that were asked for, by name, in the order of the pass. */
  readonly activations: ReadonlyMap<string, Activation>;
}

/** A pass of a session that is going on. */
export interface Reading extends PassPart {
  /** Number of the token that predicts among those read. */
  readonly row: number;
  /** From now on the session has read them. */
  done(): void;
}

/** What one of several sessions reads together with others. */
export interface SessionPart extends AppendOptions {
  readonly session: Session;
  readonly ids: readonly number[];
}

/** Keys and values of one layer: keysT is [G·K][capacity], values [capacity][G·K]. */
export interface LayerCache {
  readonly keysT: RealBlock;
  readonly values: RealBlock;
}

/**
 * A model reading a sequence, with keys and values cached. In a causal model a token's activations have the same bits whether it came alone,
 * inside a longer prompt or after a rewind, because nothing in the pass depends on what follows or on how it is cut. The exception are rotations that depend on the
 * length of the whole sequence (longrope): when it passes their bound, what was read before is read again, so that the cache is always that of one pass over
 * the whole.
 */
export class Session {
  /** The model that reads. */
  readonly model: Model;
  /** Of its passes. */
  readonly precision: Precision;
  /** Tokens its cache holds. */
  readonly capacity: number;
  /** What it has read, layer by layer. */
  readonly caches: readonly LayerCache[];
  readonly #hold: Holding;
  readonly #ids: number[] = [];
  /** The {@link lengthClass} that keys and values were computed for; null where that failed. */
  #lengthClass: number | null = 0;
  /** Whether interventions changed what was read. */
  #changed = false;
  #released = false;

  constructor(
    model: Model,
    { precision = PASS_DEFAULTS.precision, capacity = model.config.maxPositions }: SessionOptions = {},
  ) {
    checkInteger('Session', 'capacity', capacity, 1, model.config.maxPositions);
    this.model = model;
    this.precision = precision;
    // An odd multiple of 4: a power of two would map every row of the transposed keys to the same few cache sets.
    this.capacity = 4 * (Math.ceil(capacity / 4) | 1);
    const { memory } = model.backend;
    const length = model.config.G * model.config.K * this.capacity;
    [this.#hold, this.caches] = memory.scope((keep) => {
      const hold = keep(memory.hold());
      const block = () => hold.allocate(precision, length) as RealBlock;
      return [hold, model.weights.layers.map(() => ({ keysT: block(), values: block() }))];
    });
  }

  /** Tokens read so far. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Forgets all tokens after the first `length`. */
  rewind(length: number): void {
    checkInteger('rewind', 'length', length, 0, this.#ids.length);
    this.#ids.length = length;
  }

  /**
   * Reads `ids` after what was read before.
   *
   * @throws DomainError if there is no id or one is outside the vocabulary, for a position that gives no output, or if more is appended for a model whose tokens see the whole text; CapacityError if the sequence grows too long;
   * NonFiniteError if the pass overflows; DomainError, ShapeError, NonFiniteError for interventions that do not fit.
   */
  append(ids: readonly number[], options: AppendOptions = {}): PassResult {
    return appendTogether([{ session: this, ids, ...options }])[0]!;
  }

  /**
   * What a pass over `ids` takes, in blocks of the caller's memory scope; `done` ends it.
   *
   * @throws as {@link append}, but NonFiniteError.
   */
  reading(
    ids: readonly number[],
    { keep = new Set(), interventions = [], length, position }: AppendOptions = {},
  ): Reading {
    this.#check(ids);
    const row = predictingRow(this.model, ids, position);
    const whole = this.#wholeLength(ids.length, length);
    this.settle(whole);
    const first = this.#ids.length;
    if (interventions.length > 0 && first > 0)
      throw new DomainError(
        `append: interventions must come with the first tokens, but ${first} were read before. Rewind the session.`,
      );
    const edits = editsOf(this.model.config, interventions, ids.length);
    const recorder = new Recorder(keep, edits);
    const positions = Array.from(ids, (_, t) => first + t);
    return {
      row,
      rows: { ids, positions, length: whole },
      cache: sequenceCache(this, first, ids.length, recorder),
      recorder,
      done: () => {
        for (const id of ids) this.#ids.push(id);
        if (first === 0) this.#changed = interventions.length > 0;
      },
    };
  }

  /**
   * Makes what was read the beginning of a sequence of `length` tokens: where it turns otherwise, keys and values are computed again.
   *
   * @throws DomainError if interventions changed what was read, which cannot be repeated.
   * @cost nothing, or a pass over what was read.
   */
  settle(length: number): void {
    const { model, precision } = this;
    const wanted = lengthClass(model.config, length);
    if (wanted === this.#lengthClass) return;
    const ids = this.#ids;
    if (ids.length > 0 && this.#changed)
      throw new DomainError(
        `append: a sequence with interventions must keep its rotation, but it changes at ${length} tokens. Give all tokens at once.`,
      );
    this.#lengthClass = null;
    if (ids.length > 0)
      model.backend.memory.scope(() => {
        const recorder = new Recorder(new Set());
        const positions = ids.map((_, t) => t);
        const cache = sequenceCache(this, 0, ids.length, recorder);
        runPasses(model, precision, [{ rows: { ids, positions, length }, cache, recorder }]);
      });
    this.#lengthClass = wanted;
  }

  #wholeLength(more: number, length = this.#ids.length + more): number {
    checkInteger('append', 'length', length, this.#ids.length + more, this.model.config.maxPositions);
    return length;
  }

  /** Gives the cache's memory back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#released = true;
    this.#hold.release();
  }

  #check(ids: readonly number[]): void {
    if (this.#released) throw new BackendError('append: the session must be open, but it was released. Open another.');
    const { V, maxPositions, causal, positions } = this.model.config;
    checkTokenIds('append', ids, V);
    const unplaced =
      positions.kind === 'learned' && positions.unplaced !== undefined ? ids.indexOf(positions.unplaced) : -1;
    if (unplaced >= 0)
      throw new DomainError(
        `append: every token must have a position, but token ${unplaced} is ${this.model.tokenText(ids[unplaced]!)}, the padding of this family. Leave it out.`,
      );
    if (!causal && this.#ids.length > 0)
      throw new DomainError(
        `append: a model whose tokens see the whole text must read it at once, but ${this.#ids.length} tokens were read before. Rewind the session.`,
      );
    const length = this.#ids.length + ids.length;
    const limit = Math.min(this.capacity, maxPositions);
    if (length > limit) {
      throw new CapacityError(
        `append: the sequence must have at most ${limit} tokens, but it would have ${length}. Shorten the prompt.`,
      );
    }
  }
}

/**
 * {@link Session.append} for several sessions of one model in one precision: every layer once for all of them, to the bits that each gives alone. None
 * has read its tokens where this throws.
 *
 * @param guard runs what concerns one part, so that its errors can be told apart
 * @throws as `append`; DomainError where a session comes twice.
 */
export function appendTogether(
  parts: readonly SessionPart[],
  guard: <T>(part: number, work: () => T) => T = (_, work) => work(),
): PassResult[] {
  const [one] = parts;
  if (one === undefined) return [];
  const { model, precision } = one.session;
  const alike = ({ session }: SessionPart) => session.model === model && session.precision === precision;
  if (new Set(parts.map(({ session }) => session)).size < parts.length || !parts.every(alike))
    throw new DomainError(
      'appendTogether: sessions must be different ones of one model and precision, but they are not.',
    );
  return model.backend.memory.scope(() => {
    const readings = parts.map(({ session, ids, ...options }, i) => guard(i, () => session.reading(ids, options)));
    const streams = runPasses(model, precision, readings);
    const results = readings.map(({ row, rows, recorder }, i): PassResult => {
      const logits = guard(i, () => headOfPass(model, streams[i]!, { row, T: rows.ids.length, recorder }));
      return { row, logits, activations: recorder.activations };
    });
    for (const [i, { logits }] of results.entries()) guard(i, () => checkLogits('append', logits));
    for (const { done } of readings) done();
    return results;
  });
}
