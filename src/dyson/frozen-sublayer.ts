import type { Precision, RealBlock } from '../backend/memory.ts';
import { scaleBy } from '../transformer/factors.ts';
import type { Model } from '../transformer/model.ts';
import { addToRows, type BodyParts, FrozenBody } from './frozen-body.ts';
import { applyNorm, applyNormAdjoint, type FrozenNorm, normOfToken } from './frozen-norm.ts';
import { gainOf } from './gains.ts';
import { gatherRow, rowsOf, subtract } from './steps.ts';

/**
 * What stands about the sublayer U: with the factor c on its output V = c·N′ U N, N and N′ the identity where there is no such norm; or, where
 * the norm is that of the sum with the stream, V = N′(1 + c·U) − 1.
 */
export interface Frame {
  /** N. */
  readonly before: FrozenNorm | null;
  /** N′. */
  readonly after: FrozenNorm | null;
  /** Whether N′ acts on the sum with the stream. */
  readonly sum: boolean;
  /** c. */
  readonly factor: number;
}

/** A sublayer, or one of its channels, as the trace left it. */
export type FrozenParts = BodyParts & Frame & { readonly name: string };

/** Rows that go through an operator at once: enough for full speed, few enough for a short crossing and little memory. */
const ROWS_AT_ONCE = 256;

/** One linear map of the residual stream: a sublayer with its norms, or one head of it, frozen on a trace of T tokens. */
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
      this.#body.apply(this.#enter(from), to, count);
      this.#leave(from, to, this.#parts.after);
    });
  }

  /** y = Vᵀ x. */
  applyAdjoint(x: RealBlock, y: RealBlock, states: number): void {
    const { before, after, sum, factor } = this.#parts;
    this.#inParts(x, y, states, (from, to, count) => {
      let entering = from;
      if (after !== null) {
        entering = this.#allocate(from.length);
        applyNormAdjoint(this.#model, after, from, entering);
      }
      this.#body.applyAdjoint(entering, to, count);
      if (before !== null) applyNormAdjoint(this.#model, before, to, to);
      scaleBy(to, factor);
      if (!sum) return;
      this.#model.backend.kernels.add({ x: entering, y: to, n: to.length });
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
      const after = normOfToken(parts.after, row);
      if (parts.kind !== 'attention') {
        const alone = parts.kind === 'mlp' ? { gate: rowsOf(parts.gate, row, 1, parts.up.n) } : {};
        const before = normOfToken(parts.before, row);
        const token = { ...parts, ...alone, before, after };
        new FrozenSublayer(this.#model, this.#precision, 1, token).apply(own, y, states);
        return;
      }
      const { out } = parts;
      const mixed = this.#allocate(states * out.k);
      const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
      for (let state = 0; state < states; state += atOnce) {
        const count = Math.min(atOnce, states - state);
        memory.scope(() => {
          const normed = this.#enter(rowsOf(x, state * T, count * T, D));
          const z = this.#body.mix(parts, normed, count);
          gatherRow(z, rowsOf(mixed, state, count, out.k), count, T, out.k, row);
        });
      }
      kernels.linear({ x: mixed, weights: out.weights, bias: null, y, rows: states, k: out.k, n: out.n });
      this.#leave(own, y, after);
    });
  }

  /** y = B, T×D. */
  bias(y: RealBlock): void {
    const { before, after, sum, factor } = this.#parts;
    this.#model.backend.memory.scope(() => {
      const row = this.#allocate(this.#D);
      if (before !== null && before.norm.beta !== null) addToRows(row, before.norm.beta);
      this.#body.applyToAlike(row, y);
      if (sum) scaleBy(y, factor);
      if (after !== null) applyNorm(this.#model, after, y, y);
      if (after !== null && after.norm.beta !== null) addToRows(y, after.norm.beta);
      if (!sum) scaleBy(y, factor);
    });
  }

  /** What the sublayer's recorded output y, T×D, is in the stream: N′ y where the norm of a sum follows it, y itself where none does. In place. */
  handOn(y: RealBlock): void {
    const { sum, after } = this.#parts;
    if (sum && after !== null) applyNorm(this.#model, after, y, y);
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
    const { before } = this.#parts;
    if (before === null) return x;
    const normed = this.#allocate(x.length);
    applyNorm(this.#model, before, x, normed);
    return normed;
  }

  /** From y = U N x to V x. */
  #leave(x: RealBlock, y: RealBlock, after: FrozenNorm | null): void {
    const { sum, factor } = this.#parts;
    scaleBy(y, factor);
    if (sum) this.#model.backend.kernels.add({ x, y, n: y.length });
    if (after !== null) applyNorm(this.#model, after, y, y);
    if (sum) subtract(x, y);
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
