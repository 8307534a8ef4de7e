import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { NormWeights } from '../transformer/weights.ts';
import { addToRows, type BodyParts, FrozenBody } from './frozen-body.ts';
import { gainOf } from './gains.ts';
import { gatherRow, rowsOf, subtract } from './steps.ts';

/**
 * Where the norm N stands about the sublayer U: `before` it, V = U N (pre-norm); after the sum with the stream, V = N (1 + U) − 1
 * (post-norm); or `after` it, V = N U, which is a head of the latter.
 */
export type NormPlace = 'before' | 'sum' | 'after';

/** A sublayer, or one of its channels, as the trace left it. */
export type FrozenParts = BodyParts & {
  readonly name: string;
  readonly norm: NormWeights;
  readonly scale: Block<'f64'>;
  readonly place: NormPlace;
};

/** Rows that go through an operator at once: enough for full speed, few enough for a short crossing and little memory. */
const ROWS_AT_ONCE = 256;

/** One linear map of the residual stream: a sublayer with its norm, or one head of it, frozen on a trace of T tokens. */
export class FrozenSublayer {
  readonly #model: Model;
  readonly #precision: Precision;
  readonly #T: number;
  readonly #parts: FrozenParts;
  readonly #body: FrozenBody;

  constructor(model: Model, precision: Precision, T: number, parts: FrozenParts) {
    this.#model = model;
    this.#precision = precision;
    this.#T = T;
    this.#parts = parts;
    this.#body = new FrozenBody(model, precision, T, parts);
  }

  get name(): string {
    return this.#parts.name;
  }

  get parts(): FrozenParts {
    return this.#parts;
  }

  /** y = V x. */
  apply(x: RealBlock, y: RealBlock, states: number): void {
    this.#inParts(x, y, states, (from, to, count) => {
      this.#body.apply(this.#enter(from), to, count, false);
      this.#leave(from, to, this.#parts.scale, this.#T);
    });
  }

  /** y = Vᵀ x. */
  applyAdjoint(x: RealBlock, y: RealBlock, states: number): void {
    const { kernels } = this.#model.backend;
    const { norm: kind, D } = this.#model.config;
    const { norm, scale, place } = this.#parts;
    const transposed = (from: RealBlock, to: RealBlock) =>
      kernels.frozenNormAdjoint({
        x: from,
        gamma: norm.gamma,
        scale,
        y: to,
        rows: from.length / D,
        T: this.#T,
        D,
        centred: kind.kind === 'layer',
      });
    this.#inParts(x, y, states, (from, to, count) => {
      if (place === 'before') {
        this.#body.applyAdjoint(from, to, count);
        transposed(to, to);
        return;
      }
      const normed = this.#allocate(from.length);
      transposed(from, normed);
      this.#body.applyAdjoint(normed, to, count);
      if (place === 'after') return;
      kernels.add({ x: normed, y: to, n: to.length });
      subtract(from, to);
    });
  }

  /** One token's rows of V x, states×D. */
  applyToRow(row: number, x: RealBlock, y: RealBlock, states: number): void {
    const { kernels, memory } = this.#model.backend;
    const [T, D, parts] = [this.#T, this.#D, this.#parts];
    memory.scope(() => {
      const own = this.#allocate(states * D);
      gatherRow(x, own, states, T, D, row);
      const scale = parts.scale.part(row, 1);
      if (parts.kind !== 'attention') {
        const alone = parts.kind === 'mlp' ? { gate: rowsOf(parts.gate, row, 1, parts.up.n) } : {};
        new FrozenSublayer(this.#model, this.#precision, 1, { ...parts, ...alone, scale }).apply(own, y, states);
        return;
      }
      const { out } = parts;
      const mixed = this.#allocate(states * out.k);
      const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
      for (let state = 0; state < states; state += atOnce) {
        const count = Math.min(atOnce, states - state);
        memory.scope(() => {
          const normed = this.#enter(rowsOf(x, state * T, count * T, D));
          const z = this.#body.mix(parts, normed, count, false);
          gatherRow(z, rowsOf(mixed, state, count, out.k), count, T, out.k, row);
        });
      }
      kernels.linear({ x: mixed, weights: out.weights, bias: null, y, rows: states, k: out.k, n: out.n });
      this.#leave(own, y, scale, 1);
    });
  }

  /** y = B, T×D. */
  bias(y: RealBlock): void {
    const { beta } = this.#parts.norm;
    const before = this.#parts.place === 'before';
    this.#model.backend.memory.scope(() => {
      const nothing = this.#allocate(this.#T * this.#D);
      if (before && beta !== null) addToRows(nothing, beta);
      this.#body.apply(nothing, y, 1, true);
      if (before) return;
      this.handOn(y);
      if (beta !== null) addToRows(y, beta);
    });
  }

  /** What the sublayer's own output y, T×D, is in the stream: N y where a norm follows it, y itself where none does. In place. */
  handOn(y: RealBlock): void {
    if (this.#parts.place !== 'before') this.#normalise(y, y, this.#parts.scale, this.#T);
  }

  /** T×T bounds of how much V enlarges each row: {@link gainOf}. */
  gain(): Float64Array {
    return gainOf(this.#model, this.#T, this);
  }

  get #D(): number {
    return this.#model.config.D;
  }

  /** What the body acts on; the block belongs to the caller's scope. */
  #enter(x: RealBlock): RealBlock {
    if (this.#parts.place !== 'before') return x;
    const normed = this.#allocate(x.length);
    this.#normalise(x, normed, this.#parts.scale, this.#T);
    return normed;
  }

  /** From y = U x to V x where the norm follows. */
  #leave(x: RealBlock, y: RealBlock, scale: Block<'f64'>, T: number): void {
    const { place } = this.#parts;
    if (place === 'before') return;
    if (place === 'sum') this.#model.backend.kernels.add({ x, y, n: y.length });
    this.#normalise(y, y, scale, T);
    if (place === 'sum') subtract(x, y);
  }

  #normalise(x: RealBlock, y: RealBlock, scale: Block<'f64'>, T: number): void {
    const { norm, D } = this.#model.config;
    const { gamma } = this.#parts.norm;
    this.#model.backend.kernels.frozenNorm({
      x,
      gamma,
      scale,
      y,
      rows: x.length / D,
      T,
      D,
      centred: norm.kind === 'layer',
    });
  }

  /** Runs `work` on as many states at once as is good. */
  #inParts(
    x: RealBlock,
    y: RealBlock,
    states: number,
    work: (x: RealBlock, y: RealBlock, count: number) => void,
  ): void {
    const [T, D] = [this.#T, this.#D];
    const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
    for (let state = 0; state < states; state += atOnce) {
      const count = Math.min(atOnce, states - state);
      this.#model.backend.memory.scope(() =>
        work(rowsOf(x, state * T, count * T, D), rowsOf(y, state * T, count * T, D), count),
      );
    }
  }

  #allocate(length: number): RealBlock {
    return this.#model.backend.memory.allocate(this.#precision, length) as RealBlock;
  }
}
