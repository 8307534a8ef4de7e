import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { LinearWeights, NormWeights } from '../transformer/weights.ts';
import { gainOf } from './gains.ts';
import { gatherLast, rowsOf } from './steps.ts';

/** What the nonlinearities of one sublayer, or of one of its heads, did on the trace, and the weights they act with. */
export type FrozenParts = { readonly name: string; readonly norm: NormWeights; readonly scale: Block<'f64'> } & (
  | {
      readonly kind: 'attention';
      readonly v: LinearWeights;
      readonly out: LinearWeights;
      /** H×T×T. */
      readonly pattern: RealBlock;
      readonly H: number;
      readonly G: number;
    }
  | { readonly kind: 'mlp'; readonly up: LinearWeights; readonly down: LinearWeights; readonly gate: RealBlock }
);

type AttentionParts = Extract<FrozenParts, { kind: 'attention' }>;

/** Rows that go through an operator at once: enough for full speed, few enough for a short crossing and little memory. */
const ROWS_AT_ONCE = 256;

/** One linear map of the residual stream: a sublayer, or one head of it, frozen on a trace of T tokens. */
export class FrozenSublayer {
  readonly #model: Model;
  readonly #precision: Precision;
  readonly #T: number;
  readonly #parts: FrozenParts;

  constructor(model: Model, precision: Precision, T: number, parts: FrozenParts) {
    this.#model = model;
    this.#precision = precision;
    this.#T = T;
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  get parts(): FrozenParts {
    return this.#parts;
  }

  /** Blocks of its own, which whoever made it keeps and gives back. */
  get blocks(): readonly Block[] {
    const { scale, ...rest } = this.#parts;
    return [scale, rest.kind === 'attention' ? rest.pattern : rest.gate];
  }

  /** y = V x. */
  apply(x: RealBlock, y: RealBlock, states: number): void {
    this.#inParts(x, y, states, (from, to, count) => {
      const normed = this.#allocate(count * this.#T * this.#D);
      this.#normalise(from, normed, count * this.#T, this.#parts.scale, this.#T);
      this.#propagate(normed, to, count, false);
    });
  }

  /** y = Vᵀ x. */
  applyAdjoint(x: RealBlock, y: RealBlock, states: number): void {
    const { kernels } = this.#model.backend;
    const { norm } = this.#model.config;
    const [T, D, parts] = [this.#T, this.#D, this.#parts];
    this.#inParts(x, y, states, (from, to, count) => {
      const rows = count * T;
      if (parts.kind === 'attention') {
        const { H, G, v, out } = parts;
        const K = v.n / G;
        const [z, values] = [this.#allocate(rows * H * K), this.#allocate(rows * G * K)];
        kernels.linearTransposed(from, out.weights, z, rows, out.k, out.n);
        kernels.attendFrozenAdjoint(parts.pattern, z, values, count, { T, H, G, K });
        kernels.linearTransposed(values, v.weights, to, rows, v.k, v.n);
      } else {
        const { up, down, gate } = parts;
        const hidden = this.#allocate(rows * up.n);
        kernels.linearTransposed(from, down.weights, hidden, rows, down.k, down.n);
        kernels.multiply(hidden, gate, hidden, rows * up.n, T * up.n);
        kernels.linearTransposed(hidden, up.weights, to, rows, up.k, up.n);
      }
      kernels.frozenNormAdjoint(to, parts.norm.gamma, parts.scale, to, rows, T, D, norm.kind === 'layer');
    });
  }

  /** The last token's rows of V x, states×D. */
  applyToLast(x: RealBlock, y: RealBlock, states: number): void {
    const { kernels, memory } = this.#model.backend;
    const [T, D, parts] = [this.#T, this.#D, this.#parts];
    memory.scope(() => {
      const last = this.#allocate(states * D);
      if (parts.kind === 'mlp') {
        const { up, down, gate } = parts;
        gatherLast(x, last, states, T, D);
        this.#normalise(last, last, states, parts.scale.part(T - 1, 1), 1);
        const hidden = this.#allocate(states * up.n);
        kernels.linear(last, up.weights, null, hidden, states, up.k, up.n);
        kernels.multiply(hidden, rowsOf(gate, T - 1, 1, up.n), hidden, states * up.n, up.n);
        kernels.linear(hidden, down.weights, null, y, states, down.k, down.n);
        return;
      }
      const { out, H, v, G } = parts;
      const K = v.n / G;
      const mixed = this.#allocate(states * H * K);
      const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
      for (let state = 0; state < states; state += atOnce) {
        const count = Math.min(atOnce, states - state);
        memory.scope(() => {
          const normed = this.#allocate(count * T * D);
          this.#normalise(rowsOf(x, state * T, count * T, D), normed, count * T, parts.scale, T);
          const z = this.#mix(parts, normed, count, false);
          gatherLast(z, rowsOf(mixed, state, count, H * K), count, T, H * K);
        });
      }
      kernels.linear(mixed, out.weights, null, y, states, out.k, out.n);
    });
  }

  /** y = B, T×D. */
  bias(y: RealBlock): void {
    this.#model.backend.memory.scope(() => {
      const normed = this.#allocate(this.#T * this.#D);
      const { beta } = this.#parts.norm;
      if (beta !== null) {
        const [values, view] = [beta.view(), normed.view()];
        for (let t = 0; t < this.#T; t++) view.set(values, t * this.#D);
      }
      this.#propagate(normed, y, 1, true);
    });
  }

  /** T×T bounds of how much V enlarges each row: {@link gainOf}. */
  gain(): Float64Array {
    return gainOf(this.#model, this.#T, this);
  }

  get #D(): number {
    return this.#model.config.D;
  }

  #normalise(x: RealBlock, y: RealBlock, rows: number, scale: Block<'f64'>, T: number): void {
    const { norm, D } = this.#model.config;
    this.#model.backend.kernels.frozenNorm(x, this.#parts.norm.gamma, scale, y, rows, T, D, norm.kind === 'layer');
  }

  /** What follows the norm. */
  #propagate(normed: RealBlock, y: RealBlock, states: number, biased: boolean): void {
    const { memory, kernels } = this.#model.backend;
    const parts = this.#parts;
    const rows = states * this.#T;
    memory.scope(() => {
      if (parts.kind === 'attention') {
        this.#linear(parts.out, this.#mix(parts, normed, states, biased), y, rows, biased);
      } else {
        const { up, down, gate } = parts;
        const hidden = this.#allocate(rows * up.n);
        this.#linear(up, normed, hidden, rows, biased);
        kernels.multiply(hidden, gate, hidden, rows * up.n, this.#T * up.n);
        this.#linear(down, hidden, y, rows, biased);
      }
    });
  }

  /** A · (norm(X) W_V), head by head; the block belongs to the caller's scope. */
  #mix({ v, H, G, pattern }: AttentionParts, normed: RealBlock, states: number, biased: boolean): RealBlock {
    const K = v.n / G;
    const rows = states * this.#T;
    const z = this.#allocate(rows * H * K);
    const { memory, kernels } = this.#model.backend;
    memory.scope(() => {
      const values = this.#allocate(rows * G * K);
      this.#linear(v, normed, values, rows, biased);
      kernels.attendFrozen(pattern, values, z, states, this.#T, H, G, K, true);
    });
    return z;
  }

  #linear({ weights, bias, k, n }: LinearWeights, x: RealBlock, y: RealBlock, rows: number, biased: boolean): void {
    this.#model.backend.kernels.linear(x, weights, biased ? bias : null, y, rows, k, n);
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
