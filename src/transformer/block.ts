import type { Precision, RealBlock } from '../backend/memory.ts';
import type { Model } from './model.ts';
import { normalise, renormalise } from './norm.ts';
import type { Recorder } from './recorder.ts';
import type { Rotation } from './rotation.ts';
import type { LayerWeights, LinearWeights, NormWeights } from './weights.ts';

/** What all blocks of one pass share. */
export interface Pass {
  readonly model: Model;
  readonly precision: Precision;
  /** Rows of this pass, a token each. */
  readonly T: number;
  /** What turns the queries and keys of each layer; null where nothing does. */
  readonly rotations: readonly (Rotation | null)[];
  readonly cache: AttentionCache;
  readonly recorder: Recorder;
}

/** Keys and values of the tokens that the rows of a pass see, the rows' own included. */
export interface AttentionCache {
  /** Where the values of the pass's rows at a layer go, T×G·K; filled before {@link attend} is called. */
  valuesOfRows(layer: number): RealBlock;
  /** Stores the rows' keys k, T×G·K and rotated, and lets the queries attend: z[t] = Σ_j A[t][j] v_j, T×H·K. */
  attend(layer: number, q: RealBlock, k: RealBlock, z: RealBlock): void;
}

/** One block over the rows of x, in place. */
export function runBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock): void {
  const { normPlacement, residual } = pass.model.config;
  if (normPlacement === 'post') runPostNormBlock(pass, i, layer, x);
  else runPreNormBlock(pass, i, layer, x, residual === 'parallel');
}

/** x = norm₁(x + attention(x)), then x = norm₂(x + mlp(x)). */
function runPostNormBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock): void {
  const { model, T, recorder } = pass;
  const { memory, kernels } = model.backend;
  const { D } = model.config;
  const name = `blocks.${i}.`;
  memory.scope(() => {
    const sum = allocate(pass, T * D);
    const scale = memory.allocate('f64', T);
    const addAndNormalise = (what: string, norm: NormWeights): void => {
      kernels.add({ x, y: sum, n: T * D });
      normalise(model, norm, sum, x, scale, T);
      recorder.record(`${name}${what}`, [T], scale);
      if (recorder.changes(`${name}${what}`)) renormalise(model, norm, sum, x, scale, T);
    };
    recorder.record(`${name}resid_pre`, [T, D], x);
    attention(pass, i, layer, x, sum);
    recorder.record(`${name}attn.out`, [T, D], sum);
    addAndNormalise('ln1.scale', layer.norm1);
    recorder.record(`${name}resid_mid`, [T, D], x);
    mlp(pass, i, layer, x, sum);
    recorder.record(`${name}mlp.out`, [T, D], sum);
    addAndNormalise('ln2.scale', layer.norm2);
    recorder.record(`${name}resid_post`, [T, D], x);
  });
}

/** x += attention(norm₁ x), then x += mlp(norm₂ x); in parallel x += attention(norm₁ x) + mlp(norm₂ x). */
function runPreNormBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock, parallel: boolean): void {
  const { model, T, recorder } = pass;
  const { memory, kernels } = model.backend;
  const { D } = model.config;
  const name = `blocks.${i}.`;
  memory.scope(() => {
    const normed = allocate(pass, T * D);
    const out = allocate(pass, T * D);
    const scale = memory.allocate('f64', T);
    const normaliseBefore = (what: string, norm: NormWeights): void => {
      normalise(model, norm, x, normed, scale, T);
      recorder.record(`${name}${what}`, [T], scale);
      if (recorder.changes(`${name}${what}`)) renormalise(model, norm, x, normed, scale, T);
    };
    recorder.record(`${name}resid_pre`, [T, D], x);
    normaliseBefore('ln1.scale', layer.norm1);
    attention(pass, i, layer, normed, out);
    recorder.record(`${name}attn.out`, [T, D], out);
    if (parallel) {
      normaliseBefore('ln2.scale', layer.norm2);
      kernels.add({ x: out, y: x, n: T * D });
    } else {
      kernels.add({ x: out, y: x, n: T * D });
      recorder.record(`${name}resid_mid`, [T, D], x);
      normaliseBefore('ln2.scale', layer.norm2);
    }
    mlp(pass, i, layer, normed, out);
    recorder.record(`${name}mlp.out`, [T, D], out);
    kernels.add({ x: out, y: x, n: T * D });
    recorder.record(`${name}resid_post`, [T, D], x);
  });
}

function allocate({ model, precision }: Pass, length: number): RealBlock {
  return model.backend.memory.allocate(precision, length) as RealBlock;
}

function linear({ model, T }: Pass, { weights, bias, k, n }: LinearWeights, x: RealBlock, y: RealBlock): void {
  model.backend.kernels.linear({ x, weights, bias, y, rows: T, k, n });
}

function attention(pass: Pass, i: number, layer: LayerWeights, normed: RealBlock, out: RealBlock): void {
  const { model, T, rotations, cache, recorder } = pass;
  const { memory, kernels } = model.backend;
  const { H, G, K } = model.config;
  const name = `blocks.${i}.attn.`;
  memory.scope(() => {
    const [q, k, z] = [allocate(pass, T * H * K), allocate(pass, T * G * K), allocate(pass, T * H * K)];
    linear(pass, layer.q, normed, q);
    linear(pass, layer.k, normed, k);
    const v = cache.valuesOfRows(i);
    linear(pass, layer.v, normed, v);
    const rotation = rotations[i]!;
    if (rotation !== null) {
      const { cos, sin, width } = rotation;
      kernels.ropeRotate({ x: q, cosTable: cos, sinTable: sin, rows: T, heads: H, K, R: width });
      kernels.ropeRotate({ x: k, cosTable: cos, sinTable: sin, rows: T, heads: G, K, R: width });
    }
    recorder.record(`${name}q`, [T, H, K], q);
    recorder.record(`${name}k`, [T, G, K], k);
    recorder.record(`${name}v`, [T, G, K], v);
    cache.attend(i, q, k, z);
    linear(pass, layer.out, z, out);
  });
}

function mlp(pass: Pass, i: number, layer: LayerWeights, normed: RealBlock, out: RealBlock): void {
  const { model, T, recorder } = pass;
  const { memory, kernels } = model.backend;
  const { F, activation } = model.config;
  const name = `blocks.${i}.mlp.`;
  memory.scope(() => {
    const pre = allocate(pass, T * F);
    const post = allocate(pass, T * F);
    linear(pass, layer.pre, normed, pre);
    recorder.record(`${name}pre`, [T, F], pre);
    kernels.gate({ z: pre, r: post, n: T * F, activation });
    kernels.multiply({ x: pre, r: post, y: post, n: T * F, period: T * F });
    if (layer.up !== null) {
      linear(pass, layer.up, normed, pre);
      recorder.record(`${name}pre_linear`, [T, F], pre);
      kernels.multiply({ x: pre, r: post, y: post, n: T * F, period: T * F });
    }
    recorder.record(`${name}post`, [T, F], post);
    linear(pass, layer.down, post, out);
  });
}
