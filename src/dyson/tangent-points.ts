import type { Allocator, Block } from '../backend/memory.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import { type Rotation, rotationsOf } from '../transformer/rotation.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { LayerWeights, NormWeights } from '../transformer/weights.ts';

/** Activations a trace must have kept for the tangent of its sublayers. */
export function tangentActivations({ gated, normPlacement, residual }: TransformerConfig): readonly string[] {
  const names = ['resid_pre', 'ln1.scale', 'attn.q', 'attn.k', 'attn.v', 'attn.pattern', 'ln2.scale', 'mlp.pre'];
  if (residual === 'sequential') names.push('resid_mid');
  if (gated) names.push('mlp.pre_linear');
  if (normPlacement === 'post') names.push('attn.out', 'mlp.out');
  return names.map((name) => `blocks.*.${name}`);
}

/** Angles of a layer's rotation, and what turns back: the transpose of (cos, sin) is (cos, −sin). */
export interface Turn extends Rotation {
  /** −sin. */
  readonly back: Block<'f64'>;
}

/** What turns the queries and keys of each layer over T tokens; null where nothing does. */
export function turnsOf(model: Model, T: number, hold: Allocator): readonly (Turn | null)[] {
  const positions = Array.from({ length: T }, (_, t) => t);
  const made = new Map<Rotation, Turn>();
  return rotationsOf(model, positions, hold).map((rotation) => {
    if (rotation === null) return null;
    const known = made.get(rotation);
    if (known !== undefined) return known;
    const back = hold.allocate('f64', rotation.sin.length);
    back.view().set(rotation.sin.view().map((value) => -value));
    const turn = { ...rotation, back };
    made.set(rotation, turn);
    return turn;
  });
}

/** Where a sublayer is linearised; `x` is what its norm sees. */
export type Point = {
  readonly name: string;
  readonly norm: NormWeights;
  readonly x: Block<'f64'>;
  readonly scale: Block<'f64'>;
} & (
  | {
      readonly kind: 'attention';
      readonly layer: LayerWeights;
      readonly turn: Turn | null;
      readonly at: {
        readonly q: Block<'f64'>;
        readonly k: Block<'f64'>;
        readonly v: Block<'f64'>;
        readonly pattern: Block<'f64'>;
        readonly scale: number;
      };
    }
  | {
      readonly kind: 'mlp';
      readonly layer: LayerWeights;
      /** Derivative of the hidden units by W_in's output (by W_gate's, where there is a gate). */
      readonly slope: Block<'f64'>;
      /** Derivative by W_up's output. */
      readonly value: Block<'f64'> | null;
    }
);

/** The points of both sublayers of block i; `keep` takes the blocks they are made of. */
export function pointsOfBlock(model: Model, trace: Trace, i: number, turn: Turn | null, hold: Allocator): Point[] {
  const { activation, attentionScale, normPlacement, residual } = model.config;
  const layer = model.weights.layers[i]!;
  const { kernels } = model.backend;
  const upload = (what: string) => {
    const { data } = activationOf(trace, what);
    const block = hold.allocate('f64', data.length);
    block.view().set(data);
    return block;
  };
  /** The stream before the norm: before the sublayer too, or with its output added. */
  const normed = (stream: string, output: string) => {
    const x = upload(name(stream));
    if (normPlacement === 'post') kernels.add({ x: upload(name(output)), y: x, n: x.length });
    return x;
  };
  const name = (part: string) => `blocks.${i}.${part}`;
  const pre = upload(name('mlp.pre'));
  const slope = hold.allocate('f64', pre.length);
  kernels.activationSlope({ z: pre, r: slope, n: pre.length, activation });
  let value: Block<'f64'> | null = null;
  if (layer.up !== null) {
    // d (g(z) ⊙ u) = g′(z) u ⊙ dz + g(z) ⊙ du.
    const up = upload(name('mlp.pre_linear'));
    kernels.multiply({ x: slope, r: up, y: slope, n: slope.length, period: slope.length });
    value = up;
    kernels.gate({ z: pre, r: value, n: pre.length, activation });
    kernels.multiply({ x: pre, r: value, y: value, n: pre.length, period: pre.length });
  }
  return [
    {
      kind: 'attention',
      name: name('attn'),
      norm: layer.norm1,
      x: normed('resid_pre', 'attn.out'),
      scale: upload(name('ln1.scale')),
      layer,
      turn,
      at: {
        q: upload(name('attn.q')),
        k: upload(name('attn.k')),
        v: upload(name('attn.v')),
        pattern: upload(name('attn.pattern')),
        scale: attentionScale[i]!,
      },
    },
    {
      kind: 'mlp',
      name: name('mlp'),
      norm: layer.norm2,
      x: normed(residual === 'parallel' ? 'resid_pre' : 'resid_mid', 'mlp.out'),
      scale: upload(name('ln2.scale')),
      layer,
      slope,
      value,
    },
  ];
}
