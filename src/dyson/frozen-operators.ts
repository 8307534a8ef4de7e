import type { Allocator, Holding, RealBlock } from '../backend/memory.ts';
import { activationNames } from '../transformer/activations.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { LayerWeights, NormWeights } from '../transformer/weights.ts';
import type { FrozenNorm } from './frozen-norm.ts';
import { type Frame, FrozenSublayer } from './frozen-sublayer.ts';
import { byStep, realBlock, realBlockOf, type StepOperators, stepNames } from './steps.ts';
import { TakingTurns } from './taking-turns.ts';

/** Those outside of the blocks. */
const OUTSIDE: ReadonlySet<string> = new Set(['embed', 'final_norm.scale', 'head.pre', 'head.norm.scale']);

/** Activations a trace must have kept for its operators to be frozen. */
export function frozenActivations(config: TransformerConfig): readonly string[] {
  const inBlocks = /\.(ln[12](_post)?\.scale|attn\.pattern|attn\.v_raw|attn\.out|mlp\.pre|mlp\.out|resid_post)$/;
  // Where norms follow the sums, the outputs do not say what the stream is between them.
  const between = config.normPlacement === 'post' ? /\.resid_mid$/ : /$^/;
  return activationNames(config).filter((name) => OUTSIDE.has(name) || inBlocks.test(name) || between.test(name));
}

/**
 * The sublayers of a model as exact linear maps on the residual stream of one prompt (row convention, T×D):
 *
 *     attention:  X ↦ Σ_h A^(h) · norm(X) W_V^(h) W_O^(h)          MLP:  X ↦ (r ⊙ norm(X) W_in) W_out
 *
 * with the norm's scale σ, the attention pattern A and the secant gate r = g(z)/z held at their values on the trace (gated
 * MLP: r = silu(z_gate) on W_up; where values are cut, what the cut leaves of each, clamp(v)/v, is such a gate on them). Biases, and the norm's β, are the image of one global homogeneous coordinate: the
 * affine part B^(l), so that sublayer l maps x to V^(l) x + B^(l) exactly.
 *
 * A norm that follows a sublayer before its output is added is one more such map, and a factor on the output multiplies V and B. Where the norm
 * follows the sum, it is part of the step: 1 + V = norm ∘ (1 + U), U the map above without its norm, and σ that of x + U x + b.
 * Step 2l is the attention of block l, step 2l+1 its MLP; where the two are parallel, step l is their sum, V = V_attn + V_mlp. The maps
 * reproduce this trace; for another prompt they are not a prediction.
 *
 * @source Dyson paper, eqs. 2 and 6; freezing on a trace is ours (docs/dyson.md).
 */
export class FrozenOperators implements StepOperators {
  readonly model: Model;
  readonly trace: Trace;
  readonly T: number;
  readonly names: readonly string[];
  /** The sublayers of every step: one, or both of a block where they are parallel. */
  readonly steps: readonly (readonly FrozenSublayer[])[];
  readonly #hold: Holding;
  /** V x₀ and B of the steps that were asked for: every analysis takes them. */
  readonly #ofEmbedding = new Map<number, RealBlock>();
  readonly #biases = new Map<number, RealBlock>();

  /** @throws DomainError if the trace lacks one of {@link frozenActivations}. */
  constructor(model: Model, trace: Trace) {
    this.model = model;
    this.trace = trace;
    this.T = trace.ids.length;
    this.names = stepNames(model.config);
    const { memory } = model.backend;
    [this.#hold, this.steps] = memory.scope((keep) => {
      const hold = keep(memory.hold());
      const patterns = new TakingTurns(hold, trace.precision, model.config.H * this.T * this.T);
      const blocks = model.weights.layers.map((layer, i) => this.#freeze(hold, patterns, layer, i));
      return [hold, byStep(model.config, blocks)];
    });
  }

  /** Number of steps, 2L or L. */
  get S(): number {
    return this.steps.length;
  }

  /** All sublayers, in the order of the pass. */
  get sublayers(): readonly FrozenSublayer[] {
    return this.steps.flat();
  }

  apply(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#sum(step, y, (sublayer, to) => sublayer.apply(x, to, states));
  }

  applyAdjoint(step: number, x: RealBlock, y: RealBlock, states: number): void {
    this.#sum(step, y, (sublayer, to) => sublayer.applyAdjoint(x, to, states));
  }

  applyToPredicting(step: number, x: RealBlock, y: RealBlock, states: number): void {
    const { row } = this.trace;
    this.#sum(step, y, (sublayer, to) => sublayer.applyToRow(row, x, to, states));
  }

  applyToEmbedding(step: number, y: RealBlock): void {
    this.#once(this.#ofEmbedding, step, y, () => {
      this.apply(step, realBlockOf(this, activationOf(this.trace, 'embed').data), y, 1);
    });
  }

  bias(step: number, y: RealBlock): void {
    this.#once(this.#biases, step, y, () => this.#sum(step, y, (sublayer, to) => sublayer.bias(to)));
  }

  gain(step: number): Float64Array {
    const [first, ...others] = this.steps[step]!.map((sublayer) => sublayer.gain());
    return others.reduce((sum, gain) => sum.map((value, i) => value + gain[i]!), first!);
  }

  /** Gives the frozen patterns, scales and gates back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  /** Has y computed the first time, and keeps it. */
  #once(known: Map<number, RealBlock>, step: number, y: RealBlock, compute: () => void): void {
    const kept = known.get(step);
    if (kept !== undefined) {
      y.view().set(kept.view());
      return;
    }
    this.model.backend.memory.scope(compute);
    const block = this.#hold.allocate(this.trace.precision, y.length) as RealBlock;
    block.view().set(y.view());
    known.set(step, block);
  }

  /** y = Σ f over the sublayers of a step. */
  #sum(step: number, y: RealBlock, f: (sublayer: FrozenSublayer, to: RealBlock) => void): void {
    const { memory, kernels } = this.model.backend;
    const [first, ...others] = this.steps[step]!;
    f(first!, y);
    for (const other of others) {
      memory.scope(() => {
        const part = realBlock(this, y.length);
        f(other, part);
        kernels.add({ x: part, y, n: y.length });
      });
    }
  }

  /** What the cut of the values leaves of each. */
  #cutOf(hold: Allocator, name: string): RealBlock | null {
    const { clampQkv } = this.model.config;
    if (clampQkv === null) return null;
    const cut = this.#upload(hold, name);
    const view = cut.view();
    for (let i = 0; i < view.length; i++) view[i] = Math.abs(view[i]!) > clampQkv ? clampQkv / Math.abs(view[i]!) : 1;
    return cut;
  }

  #freeze(hold: Allocator, patterns: TakingTurns, layer: LayerWeights, i: number): FrozenSublayer[] {
    const { H, G, activation, sharedNorm } = this.model.config;
    const { kernels, memory } = this.model.backend;
    const gate = this.#upload(hold, `blocks.${i}.mlp.pre`);
    if (layer.up === null) kernels.gate({ z: gate, r: gate, n: gate.length, activation });
    else {
      // r = g(z_gate) = z_gate · (secant gate of z_gate).
      const pre = this.#upload(hold, `blocks.${i}.mlp.pre`);
      kernels.gate({ z: gate, r: gate, n: gate.length, activation });
      kernels.multiply({ x: pre, r: gate, y: gate, n: gate.length, period: gate.length });
      memory.release(pre);
    }
    const { precision } = this.trace;
    return [
      new FrozenSublayer(this.model, precision, this.T, {
        kind: 'attention',
        name: `blocks.${i}.attn`,
        ...this.#frame(hold, layer.norm1, layer.norm1Post, `blocks.${i}.ln1`),
        v: layer.v,
        out: layer.out,
        pattern: patterns.visitor(activationOf(this.trace, `blocks.${i}.attn.pattern`).data),
        cut: this.#cutOf(hold, `blocks.${i}.attn.v_raw`),
        H,
        G,
      }),
      new FrozenSublayer(this.model, precision, this.T, {
        kind: 'mlp',
        name: `blocks.${i}.mlp`,
        ...this.#frame(hold, layer.norm2, layer.norm2Post, `blocks.${i}.${sharedNorm ? 'ln1' : 'ln2'}`),
        up: layer.up ?? layer.pre,
        down: layer.down,
        gate,
      }),
    ];
  }

  #upload(hold: Allocator, name: string): RealBlock {
    const { data } = activationOf(this.trace, name);
    const block = hold.allocate(this.trace.precision, data.length) as RealBlock;
    block.view().set(data);
    return block;
  }

  /** What stands about a sublayer, from its two norms and the name of their activations. */
  #frame(hold: Allocator, own: NormWeights | null, post: NormWeights | null, name: string): Frame {
    const { normPlacement, residualScale: factor } = this.model.config;
    const frozen = (norm: NormWeights | null, what: string): FrozenNorm | null => {
      if (norm === null) return null;
      const { data } = activationOf(this.trace, `${what}.scale`);
      const scale = hold.allocate('f64', data.length);
      scale.view().set(data);
      return { norm, scale };
    };
    if (normPlacement === 'post') return { before: null, after: frozen(own, name), sum: true, factor };
    return { before: frozen(own, name), after: frozen(post, `${name}_post`), sum: false, factor };
  }
}
