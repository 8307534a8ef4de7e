import type { Holding, Precision, RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { BackendError, CapacityError, DomainError } from '../core/errors.ts';
import type { Activation } from './activations.ts';
import type { AttentionCache } from './block.ts';
import { lengthClass, unitCount } from './config.ts';
import { PASS_DEFAULTS } from './defaults.ts';
import { logitsOf } from './head.ts';
import { transformHead } from './head-transform.ts';
import { editsOf, type Intervention } from './interventions.ts';
import { layerAttention, slopesOf } from './layer-attention.ts';
import { checkLogits, checkStream } from './logits.ts';
import type { Model } from './model.ts';
import { runPass } from './pass.ts';
import { predictingRow } from './position.ts';
import { Recorder } from './recorder.ts';
import { checkTokenIds } from './token-ids.ts';

/** Activations of the head. */
const HEAD = ['head.pre', 'head.norm.scale', 'logits'];

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
  append(
    ids: readonly number[],
    { keep = new Set(), interventions = [], length, position }: AppendOptions = {},
  ): PassResult {
    this.#check(ids);
    const last = predictingRow(this.model, ids, position);
    const whole = this.#wholeLength(ids.length, length);
    this.settle(whole);
    const { model, precision } = this;
    const { D } = model.config;
    const units = unitCount(model.config);
    const T = ids.length;
    const first = this.#ids.length;
    if (interventions.length > 0 && first > 0)
      throw new DomainError(
        `append: interventions must come with the first tokens, but ${first} were read before. Rewind the session.`,
      );
    const edits = editsOf(model.config, interventions, T);
    const result = model.backend.memory.scope(() => {
      const recorder = new Recorder(keep, edits);
      const positions = Array.from(ids, (_, t) => first + t);
      const x = runPass(model, precision, { ids, positions, length: whole }, this.#cache(first, T, recorder), recorder);
      if (model.config.headless) {
        checkStream('append', x.view(), D);
        const logits = precision === 'f32' ? new Float32Array(0) : new Float64Array(0);
        return { row: last, logits, activations: recorder.activations };
      }
      // What is recorded of the head is of all tokens.
      const ofAll = HEAD.some((name) => recorder.wants(name) || recorder.changes(name));
      const [start, held] = ofAll ? [0, T] : [last, 1];
      const y = transformHead(model, x.part(start * D, held * D) as RealBlock, held, recorder);
      const [from, rows] = recorder.wants('logits') ? [0, T] : [last, 1];
      const logits = logitsOf(model, y.part((from - start) * D, rows * D) as RealBlock, rows);
      recorder.record('logits', [T, units], logits);
      return {
        row: last,
        logits: logits
          .part((last - from) * units, units)
          .view()
          .slice() as Float32Array | Float64Array,
        activations: recorder.activations,
      };
    });
    checkLogits('append', result.logits);
    for (const id of ids) this.#ids.push(id);
    if (first === 0) this.#changed = interventions.length > 0;
    return result;
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
        runPass(model, precision, { ids, positions, length }, this.#cache(0, ids.length, recorder), recorder);
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

  /** T rows at positions `first` …, written behind what is there and attending to all of it. */
  #cache(first: number, T: number, recorder: Recorder): AttentionCache {
    const { model, precision, capacity, caches } = this;
    const { memory, kernels } = model.backend;
    const { H, G, K, causal } = model.config;
    const slopes = slopesOf(model);
    return {
      valuesOfRows: (layer) => caches[layer]!.values.part(first * G * K, T * G * K) as RealBlock,
      attend(layer, q, k, z) {
        const { keysT, values } = caches[layer]!;
        const name = `blocks.${layer}.attn.pattern`;
        kernels.storeKeys({ keys: k, keysT, T, first, G, K, capacity });
        const pattern =
          recorder.wants(name) || recorder.changes(name)
            ? (memory.allocate(precision, H * T * (first + T)) as RealBlock)
            : null;
        const scratch = memory.allocate('f64', 2 * capacity);
        const { scale, cap, window } = layerAttention(model.config, layer);
        kernels.attend({
          q,
          keysT,
          values,
          z,
          pattern,
          scratch,
          slopes,
          T,
          first,
          H,
          G,
          K,
          capacity,
          scale,
          cap,
          window,
          causal,
        });
        if (pattern === null) return;
        recorder.record(name, [H, T, first + T], pattern);
        if (recorder.changes(name)) kernels.attendFrozen({ pattern, values, z, states: 1, T, H, G, K, causal });
      },
    };
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
