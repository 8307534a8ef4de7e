import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import type { LinearWeights } from '../transformer/weights.ts';
import { transposedProduct } from './present-rows.ts';
import { rowsOf } from './steps.ts';
import type { Visiting } from './taking-turns.ts';

/** What the nonlinearities of a sublayer without its norm, or of one of its heads, did on the trace, and the weights it acts with. */
export type BodyParts =
  | {
      readonly kind: 'attention';
      readonly v: LinearWeights;
      readonly out: LinearWeights;
      /** H×T×T. */
      readonly pattern: Visiting;
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

  /** y = U x. */
  apply(x: RealBlock, y: RealBlock, states: number): void {
    const { memory, kernels } = this.#model.backend;
    const parts = this.#parts;
    const rows = states * this.#T;
    memory.scope(() => {
      if (parts.kind === 'attention') {
        this.#linear(parts.out, this.mix(parts, x, states), y, rows, false);
      } else if (parts.kind === 'mlp') {
        const { up, down, gate } = parts;
        const hidden = this.#allocate(rows * up.n);
        this.#linear(up, x, hidden, rows, false);
        kernels.multiply({ x: hidden, r: gate, y: hidden, n: rows * up.n, period: this.#T * up.n });
        this.#linear(down, hidden, y, rows, false);
      } else y.view().fill(0);
    });
  }

  /** y = U x + b of a state x whose T rows are all the same one. */
  applyToAlike(row: RealBlock, y: RealBlock): void {
    const { memory, kernels } = this.#model.backend;
    const [T, parts] = [this.#T, this.#parts];
    memory.scope(() => {
      const repeated = (matrix: LinearWeights): RealBlock => {
        const all = this.#allocate(T * matrix.n);
        const one = rowsOf(all, 0, 1, matrix.n);
        this.#linear(matrix, row, one, 1, true);
        for (let t = 1; t < T; t++) rowsOf(all, t, 1, matrix.n).view().set(one.view());
        return all;
      };
      if (parts.kind === 'attention') {
        this.#linear(parts.out, this.#attend(parts, repeated(parts.v), 1), y, T, true);
      } else if (parts.kind === 'mlp') {
        const hidden = repeated(parts.up);
        kernels.multiply({ x: hidden, r: parts.gate, y: hidden, n: hidden.length, period: hidden.length });
        this.#linear(parts.down, hidden, y, T, true);
      } else {
        y.view().fill(0);
        if (parts.bias !== null) addToRows(y, parts.bias);
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
        kernels.attendFrozenAdjoint({ pattern: parts.pattern.block(), z, v: values, states, T, H, G, K, causal });
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
  mix(parts: AttentionParts, x: RealBlock, states: number): RealBlock {
    const { v } = parts;
    const rows = states * this.#T;
    const values = this.#allocate(rows * v.n);
    this.#linear(v, x, values, rows, false);
    return this.#attend(parts, values, states);
  }

  /** A · values, head by head, the values cut in place; the block belongs to the caller's scope. */
  #attend(parts: AttentionParts, values: RealBlock, states: number): RealBlock {
    const { v, H, G } = parts;
    const K = v.n / G;
    const { backend, config } = this.#model;
    const z = this.#allocate(states * this.#T * H * K);
    this.#cut(parts, values);
    const pattern = parts.pattern.block();
    backend.kernels.attendFrozen({ pattern, values, z, states, T: this.#T, H, G, K, causal: config.causal });
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
