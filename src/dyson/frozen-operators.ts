import type { Block, RealBlock } from '../backend/memory.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { LayerWeights, LinearWeights, NormWeights } from '../transformer/weights.ts';

/** Activations a trace must have kept for its operators to be frozen. */
export const FROZEN_ACTIVATIONS: readonly string[] = [
  'embed',
  'blocks.*.ln1.scale',
  'blocks.*.attn.pattern',
  'blocks.*.attn.out',
  'blocks.*.ln2.scale',
  'blocks.*.mlp.pre',
  'blocks.*.mlp.out',
  'blocks.*.resid_post',
  'final_norm.scale',
];

/** What the nonlinearities of one sublayer did on the trace, and the weights they act with. */
type FrozenStep = { readonly name: string; readonly norm: NormWeights; readonly scale: Block<'f64'> } & (
  | { readonly kind: 'attention'; readonly layer: LayerWeights; readonly pattern: RealBlock }
  | { readonly kind: 'mlp'; readonly layer: LayerWeights; readonly gate: RealBlock }
);

/** Rows that go through an operator at once: enough for full speed, few enough for a short crossing and little memory. */
const ROWS_AT_ONCE = 256;

/**
 * The sublayers of a model as exact linear maps on the residual stream of one prompt (row convention, T×D):
 *
 *     attention:  X ↦ Σ_h A^(h) · norm(X) W_V^(h) W_O^(h)          MLP:  X ↦ (r ⊙ norm(X) W_in) W_out
 *
 * with the norm's scale σ, the attention pattern A and the secant gate r = g(z)/z held at their values on the trace (gated
 * MLP: r = silu(z_gate) on W_up). Biases, and the norm's β, are the image of one global homogeneous coordinate: the
 * affine part B^(l), so that sublayer l maps x to V^(l) x + B^(l) exactly.
 *
 * Step 2l is the attention of block l, step 2l+1 its MLP. The maps reproduce this trace; for another prompt they are not a prediction.
 *
 * @source Dyson paper, eqs. 2 and 6; freezing on a trace is ours (docs/dyson.md).
 */
export class FrozenOperators {
  readonly model: Model;
  readonly trace: Trace;
  /** Tokens of the prompt. */
  readonly T: number;
  readonly #steps: readonly FrozenStep[];

  /** @throws DomainError if the trace lacks one of {@link FROZEN_ACTIVATIONS}. */
  constructor(model: Model, trace: Trace) {
    this.model = model;
    this.trace = trace;
    this.T = trace.ids.length;
    this.#steps = model.backend.memory.scope((keep) => {
      const steps = model.weights.layers.flatMap((layer, i) => this.#freeze(layer, i));
      for (const step of steps) {
        keep(step.scale);
        keep(step.kind === 'attention' ? step.pattern : step.gate);
      }
      return steps;
    });
  }

  /** Number of sublayers, 2L. */
  get S(): number {
    return this.#steps.length;
  }

  /** `blocks.{i}.attn` and `blocks.{i}.mlp`. */
  get names(): readonly string[] {
    return this.#steps.map(({ name }) => name);
  }

  /** Linear part: y = V^(step) x for `states` stacked states (states·T rows of D). x and y must not overlap. */
  apply(step: number, x: RealBlock, y: RealBlock, states: number): void {
    const { T } = this;
    const { D, norm } = this.model.config;
    const { memory, kernels } = this.model.backend;
    const { norm: weights, scale } = this.#steps[step]!;
    const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / T));
    for (let state = 0; state < states; state += atOnce) {
      const count = Math.min(atOnce, states - state);
      memory.scope(() => {
        const normed = this.#allocate(count * T * D);
        kernels.frozenNorm(
          rowsOf(x, state * T, count * T, D),
          weights.gamma,
          scale,
          normed,
          count * T,
          T,
          D,
          norm.kind === 'layer',
        );
        this.#propagate(step, normed, rowsOf(y, state * T, count * T, D), count, false);
      });
    }
  }

  /** Affine part: y = B^(step), T×D, what the sublayer adds through its biases and its norm's β. */
  bias(step: number, y: RealBlock): void {
    const { D } = this.model.config;
    const { norm } = this.#steps[step]!;
    this.model.backend.memory.scope(() => {
      const normed = this.#allocate(this.T * D);
      if (norm.beta !== null) {
        const beta = norm.beta.view();
        const view = normed.view();
        for (let t = 0; t < this.T; t++) view.set(beta, t * D);
      }
      this.#propagate(step, normed, y, 1, true);
    });
  }

  /** Gives the frozen patterns, scales and gates back. */
  release(): void {
    const { memory } = this.model.backend;
    for (const step of this.#steps) {
      memory.release(step.scale);
      memory.release(step.kind === 'attention' ? step.pattern : step.gate);
    }
  }

  /** What follows the norm. */
  #propagate(step: number, normed: RealBlock, y: RealBlock, states: number, biased: boolean): void {
    const { T } = this;
    const { H, G, K, F } = this.model.config;
    const { memory, kernels } = this.model.backend;
    const rows = states * T;
    const linear = ({ weights, bias, k, n }: LinearWeights, from: RealBlock, to: RealBlock) =>
      kernels.linear(from, weights, biased ? bias : null, to, rows, k, n);
    const frozen = this.#steps[step]!;
    memory.scope(() => {
      if (frozen.kind === 'attention') {
        const [values, z] = [this.#allocate(rows * G * K), this.#allocate(rows * H * K)];
        linear(frozen.layer.v, normed, values);
        kernels.attendFrozen(frozen.pattern, values, z, states, T, H, G, K);
        linear(frozen.layer.out, z, y);
      } else {
        const hidden = this.#allocate(rows * F);
        linear(frozen.layer.up ?? frozen.layer.pre, normed, hidden);
        kernels.multiply(hidden, frozen.gate, hidden, rows * F, T * F);
        linear(frozen.layer.down, hidden, y);
      }
    });
  }

  #freeze(layer: LayerWeights, i: number): FrozenStep[] {
    const { kernels } = this.model.backend;
    const gate = this.#upload(`blocks.${i}.mlp.pre`);
    if (layer.up === null) kernels.gate(gate, gate, gate.length, this.model.config.activation);
    else {
      // r = g(z_gate) = z_gate · (secant gate of z_gate).
      const pre = this.#upload(`blocks.${i}.mlp.pre`);
      kernels.gate(gate, gate, gate.length, this.model.config.activation);
      kernels.multiply(pre, gate, gate, gate.length, gate.length);
      this.model.backend.memory.release(pre);
    }
    return [
      {
        kind: 'attention',
        name: `blocks.${i}.attn`,
        layer,
        norm: layer.norm1,
        scale: this.#scale(`blocks.${i}.ln1.scale`),
        pattern: this.#upload(`blocks.${i}.attn.pattern`),
      },
      {
        kind: 'mlp',
        name: `blocks.${i}.mlp`,
        layer,
        norm: layer.norm2,
        scale: this.#scale(`blocks.${i}.ln2.scale`),
        gate,
      },
    ];
  }

  #upload(name: string): RealBlock {
    const { data } = activationOf(this.trace, name);
    const block = this.#allocate(data.length);
    block.view().set(data);
    return block;
  }

  #scale(name: string): Block<'f64'> {
    const { data } = activationOf(this.trace, name);
    const block = this.model.backend.memory.allocate('f64', data.length);
    block.view().set(data);
    return block;
  }

  #allocate(length: number): RealBlock {
    return this.model.backend.memory.allocate(this.trace.precision, length) as RealBlock;
  }
}

/** Rows `first` … of a row-major block. */
export function rowsOf(block: RealBlock, first: number, rows: number, width: number): RealBlock {
  return block.part(first * width, rows * width) as RealBlock;
}
