import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import { transposedProduct } from './present-rows.ts';

/** What the nonlinearities of a sublayer without its norm, or of one of its heads, did on the trace, and the weights it acts with. */
export type BodyParts =
  | {
      readonly kind: 'attention';
      readonly v: LinearWeights;
      readonly out: LinearWeights;
      /** H×T×T. */
      readonly pattern: RealBlock;
      /** T×G·K: what a cut of the values leaves of each, clamp(v)/v; null without one. */
      readonly cut: RealBlock | null;
      readonly H: number;
      readonly G: number;
    }
  | { readonly kind: 'mlp'; readonly up: LinearWeights; readonly down: LinearWeights; readonly gate: RealBlock }
  /** What belongs to no head: U = 0. */
  | { readonly kind: 'bias'; readonly bias: Block<'f32'> | null };

export type AttentionParts = Extract<BodyParts, { kind: 'attention' }>;

/** The affine map x ↦ U x + b of a sublayer without its norm, frozen on a trace of T tokens. */
export class FrozenBody {
  readonly #model: Model;
  readonly #precision: Precision;
  readonly #T: number;
  readonly #parts: BodyParts;

  constructor(model: Model, precision: Precision, T: number, parts: BodyParts) {
    this.#model = model;
    this.#precision = precision;
    this.#T = T;
    this.#parts = parts;
  }

  /** y = U x, plus b where `biased`. */
  apply(x: RealBlock, y: RealBlock, states: number, biased: boolean): void {
    const { memory, kernels } = this.#model.backend;
    const parts = this.#parts;
    const rows = states * this.#T;
    memory.scope(() => {
      if (parts.kind === 'attention') {
        this.#linear(parts.out, this.mix(parts, x, states, biased), y, rows, biased);
      } else if (parts.kind === 'mlp') {
        const { up, down, gate } = parts;
        const hidden = this.#allocate(rows * up.n);
        this.#linear(up, x, hidden, rows, biased);
        kernels.multiply({ x: hidden, r: gate, y: hidden, n: rows * up.n, period: this.#T * up.n });
        this.#linear(down, hidden, y, rows, biased);
      } else {
        y.view().fill(0);
        if (biased && parts.bias !== null) addToRows(y, parts.bias);
      }
    });
  }

  /** y = Uᵀ x. */
  applyAdjoint(x: RealBlock, y: RealBlock, states: number): void {
    const { memory, kernels } = this.#model.backend;
    const [T, parts] = [this.#T, this.#parts];
    const { causal } = this.#model.config;
    const rows = states * T;
    memory.scope(() => {
      if (parts.kind === 'attention') {
        const { H, G, v, out } = parts;
        const K = v.n / G;
        const [z, values] = [this.#allocate(rows * H * K), this.#allocate(rows * G * K)];
        transposedProduct(this.#model, out, x, z, rows);
        kernels.attendFrozenAdjoint({ pattern: parts.pattern, z, v: values, states, T, H, G, K, causal });
        this.#cut(parts, values);
        transposedProduct(this.#model, v, values, y, rows);
      } else if (parts.kind === 'mlp') {
        const { up, down, gate } = parts;
        const hidden = this.#allocate(rows * up.n);
        transposedProduct(this.#model, down, x, hidden, rows);
        kernels.multiply({ x: hidden, r: gate, y: hidden, n: rows * up.n, period: T * up.n });
        transposedProduct(this.#model, up, hidden, y, rows);
      } else y.view().fill(0);
    });
  }

  /** A · (x W_V), head by head; the block belongs to the caller's scope. */
  mix(parts: AttentionParts, x: RealBlock, states: number, biased: boolean): RealBlock {
    const { v, H, G, pattern } = parts;
    const K = v.n / G;
    const rows = states * this.#T;
    const z = this.#allocate(rows * H * K);
    const { backend, config } = this.#model;
    backend.memory.scope(() => {
      const values = this.#allocate(rows * G * K);
      this.#linear(v, x, values, rows, biased);
      this.#cut(parts, values);
      backend.kernels.attendFrozen({ pattern, values, z, states, T: this.#T, H, G, K, causal: config.causal });
    });
    return z;
  }

  #cut({ cut }: AttentionParts, values: RealBlock): void {
    if (cut === null) return;
    this.#model.backend.kernels.multiply({ x: values, r: cut, y: values, n: values.length, period: cut.length });
  }

  #linear({ weights, bias, k, n }: LinearWeights, x: RealBlock, y: RealBlock, rows: number, biased: boolean): void {
    this.#model.backend.kernels.linear({ x, weights, bias: biased ? bias : null, y, rows, k, n });
  }

  #allocate(length: number): RealBlock {
    return this.#model.backend.memory.allocate(this.#precision, length) as RealBlock;
  }
}

/** Adds a vector to every row of y. */
export function addToRows(y: RealBlock, vector: RealBlock): void {
  const [to, values] = [y.view(), vector.view()];
  for (let i = 0; i < to.length; i++) to[i]! += values[i % values.length]!;
}
