import type { Allocator, Block } from '../backend/memory.ts';
import { activationNames } from '../transformer/activations.ts';
import type { TransformerConfig } from '../transformer/config.ts';
import type { Model } from '../transformer/model.ts';
import { renormalise } from '../transformer/norm.ts';
import { type Rotation, rotationsOf } from '../transformer/rotation.ts';
import { activationOf, type Trace } from '../transformer/trace.ts';
import type { LayerWeights, NormWeights } from '../transformer/weights.ts';
import { type HeadNormPoint, headNormPoint } from './tangent-head-norm.ts';

/** Activations a trace must have kept for the tangent of its sublayers. */
export function tangentActivations(config: TransformerConfig): readonly string[] {
  const inBlocks =
    /\.(resid_pre|resid_mid|ln[12](_post)?\.scale|attn\.([qkv](_raw)?|[qk]_norm\.scale|pattern|raw)|mlp\.(pre|pre_linear|raw))$/;
  const sums = config.normPlacement === 'post' ? /\.(attn|mlp)\.out$/ : /$^/;
  return activationNames(config).filter((name) => inBlocks.test(name) || sums.test(name));
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
  return rotationsOf(model, positions, T, hold).map((rotation) => {
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

/** Where a norm is linearised: what it sees, T×D, and its scales. */
export interface NormPoint {
  readonly norm: NormWeights;
  readonly x: Block<'f64'>;
  readonly scale: Block<'f64'>;
}

/** Where a sublayer is linearised, with the norm before it and the one after it, or after its sum with the stream. */
export type Point = {
  readonly name: string;
  readonly before: NormPoint | null;
  readonly after: NormPoint | null;
} & (
  | {
      readonly kind: 'attention';
      readonly layer: LayerWeights;
      readonly turn: Turn | null;
      /** 1 where queries, keys and values were not cut, else 0; null where they never are. */
      readonly uncut: { readonly q: Block<'f64'>; readonly k: Block<'f64'>; readonly v: Block<'f64'> } | null;
      readonly qNorm: HeadNormPoint | null;
      readonly kNorm: HeadNormPoint | null;
      readonly at: {
        readonly q: Block<'f64'>;
        readonly k: Block<'f64'>;
        readonly v: Block<'f64'>;
        readonly pattern: Block<'f64'>;
        readonly scale: number;
        readonly cap: number;
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
  const { activation, attentionScale, scoreCap, normPlacement, residual, sharedNorm } = model.config;
  const layer = model.weights.layers[i]!;
  const { kernels } = model.backend;
  const upload = (what: string) => {
    const { data } = activationOf(trace, what);
    const block = hold.allocate('f64', data.length);
    block.view().set(data);
    return block;
  };
  const normPoint = (norm: NormWeights | null, x: () => Block<'f64'>, scale: string): NormPoint | null =>
    norm === null ? null : { norm, x: x(), scale: upload(name(`${scale}.scale`)) };
  /** The norms of a sublayer that reads `stream`. */
  const norms = (part: 'attn' | 'mlp', own: NormWeights | null, post: NormWeights | null, stream: string) => {
    const scale = part === 'attn' || sharedNorm ? 'ln1' : 'ln2';
    if (normPlacement !== 'post')
      return {
        before: normPoint(own, () => upload(name(stream)), scale),
        after: normPoint(post, () => upload(name(`${part}.raw`)), `${scale}_post`),
      };
    const sum = () => {
      const x = upload(name(stream));
      kernels.add({ x: upload(name(`${part}.out`)), y: x, n: x.length });
      return x;
    };
    return { before: null, after: normPoint(own, sum, scale) };
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
  const ofAttention = norms('attn', layer.norm1, layer.norm1Post, 'resid_pre');
  const uncutOf = () => {
    const { clampQkv } = model.config;
    if (clampQkv === null) return null;
    const [q, k, v] = (['q', 'k', 'v'] as const).map((part) => {
      const block = upload(name(`attn.${part}_raw`));
      block.view().set(block.view().map((value) => (Math.abs(value) < clampQkv ? 1 : 0)));
      return block;
    });
    return { q: q!, k: k!, v: v! };
  };
  const headNorms = model.backend.memory.scope(() => {
    if (layer.qNorm === null) return { qNorm: null, kNorm: null };
    const input = attentionInput(model, ofAttention.before, activationOf(trace, name('resid_pre')).data);
    const [qNorm, kNorm] = (['q', 'k'] as const).map((part) => headNormPoint(model, trace, i, part, input, hold));
    return { qNorm: qNorm!, kNorm: kNorm! };
  });
  return [
    {
      kind: 'attention',
      name: name('attn'),
      ...ofAttention,
      layer,
      turn,
      uncut: uncutOf(),
      ...headNorms,
      at: {
        q: upload(name('attn.q')),
        k: upload(name('attn.k')),
        v: upload(name('attn.v')),
        pattern: upload(name('attn.pattern')),
        scale: attentionScale[i]!,
        cap: scoreCap ?? 0,
      },
    },
    {
      kind: 'mlp',
      name: name('mlp'),
      ...norms('mlp', layer.norm2, layer.norm2Post, residual === 'parallel' ? 'resid_pre' : 'resid_mid'),
      layer,
      slope,
      value,
    },
  ];
}

/** What queries, keys and values are made of: the stream, or its norm. The block belongs to the caller's scope. */
function attentionInput(model: Model, before: NormPoint | null, stream: ArrayLike<number>): Block<'f64'> {
  const input = model.backend.memory.allocate('f64', stream.length);
  if (before === null) input.view().set(stream);
  else renormalise(model, before.norm, before.x, input, before.scale, before.scale.length);
  return input;
}
