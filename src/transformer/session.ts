import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { BackendError, CapacityError, NonFiniteError } from '../core/errors.ts';
import type { Activation } from './activations.ts';
import { type Pass, runBlock } from './block.ts';
import type { Model } from './model.ts';
import { normalise } from './norm.ts';
import { Recorder } from './recorder.ts';
import { checkTokenIds } from './token-ids.ts';

export interface SessionOptions {
  /** `f32` (default) rounds products to f32; `f64` computes everything in f64 from the same weights. */
  readonly precision?: Precision;
  /** Tokens the cache shall hold; default the model's longest sequence. */
  readonly capacity?: number;
}

export interface AppendOptions {
  /** Names of activations to keep, as `selectActivations` gives them. */
  readonly keep?: ReadonlySet<string>;
}

/** What a pass over some tokens gave. */
export interface PassResult {
  /** Logits after the last token, V numbers. */
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
 * A model reading a sequence, with keys and values cached. A token's activations have the same bits whether it came alone,
 * inside a longer prompt or after a rewind, because nothing in the pass depends on what follows or on how it is cut.
 */
export class Session {
  readonly model: Model;
  readonly precision: Precision;
  readonly capacity: number;
  readonly #caches: readonly LayerCache[];
  readonly #ids: number[] = [];
  #released = false;

  constructor(model: Model, { precision = 'f32', capacity = model.config.maxPositions }: SessionOptions = {}) {
    checkInteger('Session', 'capacity', capacity, 1, model.config.maxPositions);
    this.model = model;
    this.precision = precision;
    // An odd multiple of 4: a power of two would map every row of the transposed keys to the same few cache sets.
    this.capacity = 4 * (Math.ceil(capacity / 4) | 1);
    const { memory } = model.backend;
    const length = model.config.G * model.config.K * this.capacity;
    this.#caches = memory.scope((keep) =>
      model.weights.layers.map(() => ({
        keysT: keep(memory.allocate(precision, length) as RealBlock),
        values: keep(memory.allocate(precision, length) as RealBlock),
      })),
    );
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
   * @throws DomainError if there is no id or one is outside the vocabulary; CapacityError if the sequence grows too long;
   * NonFiniteError if the pass overflows.
   */
  append(ids: readonly number[], { keep = new Set() }: AppendOptions = {}): PassResult {
    this.#check(ids);
    const { model, precision } = this;
    const { backend, config, weights } = model;
    const { memory, kernels } = backend;
    const { D, V, G, K } = config;
    const T = ids.length;
    const first = this.#ids.length;
    const result = memory.scope(() => {
      const recorder = new Recorder(keep);
      const real = (length: number) => memory.allocate(precision, length) as RealBlock;
      const x = real(T * D);
      const idBlock = memory.allocate('i32', T);
      idBlock.view().set(ids);
      kernels.embed(idBlock, weights.embedding, weights.positions, x, first, T, D);
      recorder.record('embed', [T, D], x);
      const pass: Pass = {
        model,
        precision,
        T,
        first,
        capacity: this.capacity,
        rotation: this.#rotation(T, first),
        recorder,
      };
      weights.layers.forEach((layer, i) => {
        const cache = this.#caches[i]!;
        runBlock(
          pass,
          i,
          layer,
          cache.keysT,
          cache.values.part(first * G * K, T * G * K) as RealBlock,
          cache.values,
          x,
        );
      });
      const scale = memory.allocate('f64', T);
      normalise(model, weights.finalNorm, x, x, scale, T);
      recorder.record('final_norm.scale', [T], scale);
      recorder.record('final_norm', [T, D], x);
      const rows = recorder.wants('logits') ? T : 1;
      const logits = real(rows * V);
      const { unembedding } = weights;
      kernels.linear(
        x.part((T - rows) * D, rows * D) as RealBlock,
        unembedding.weights,
        unembedding.bias,
        logits,
        rows,
        D,
        V,
      );
      recorder.record('logits', [T, V], logits);
      return {
        logits: logits
          .part((rows - 1) * V, V)
          .view()
          .slice() as Float32Array | Float64Array,
        activations: recorder.activations,
      };
    });
    this.#checkLogits(result.logits);
    for (const id of ids) this.#ids.push(id);
    return result;
  }

  /** Gives the cache's memory back; any later use throws. */
  release(): void {
    this.#released = true;
    for (const { keysT, values } of this.#caches) {
      this.model.backend.memory.release(keysT);
      this.model.backend.memory.release(values);
    }
  }

  /** Tables of the rotary angles for the coming tokens; null with learned positions. */
  #rotation(T: number, first: number): { cos: Block<'f64'>; sin: Block<'f64'> } | null {
    const { positions } = this.model.config;
    if (positions.kind !== 'rotary') return null;
    const { memory, kernels } = this.model.backend;
    const half = positions.frequencies.length;
    const frequency = memory.allocate('f64', half);
    frequency.view().set(positions.frequencies);
    const [cos, sin] = [memory.allocate('f64', T * half), memory.allocate('f64', T * half)];
    kernels.ropeTable(frequency, cos, sin, first, T, half);
    return { cos, sin };
  }

  /** An overflow anywhere in the pass ends as NaN or infinity here, because every token sees all before it. */
  #checkLogits(logits: Float32Array | Float64Array): void {
    const bad = logits.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return;
    const advice = this.precision === 'f32' ? "Try precision 'f64'." : 'The weights are too large for f64.';
    throw new NonFiniteError(
      `append: logits must be finite, but in ${this.precision} the logit of token ${bad} is ${logits[bad]}. ${advice}`,
    );
  }

  #check(ids: readonly number[]): void {
    if (this.#released) throw new BackendError('append: the session must be open, but it was released. Open another.');
    const { V, maxPositions } = this.model.config;
    checkTokenIds('append', ids, V);
    const length = this.#ids.length + ids.length;
    const limit = Math.min(this.capacity, maxPositions);
    if (length > limit) {
      throw new CapacityError(
        `append: the sequence must have at most ${limit} tokens, but it would have ${length}. Shorten the prompt.`,
      );
    }
  }
}
