import type { Precision, RealBlock } from '../backend/memory.ts';
import { clamp, scaleBy } from './factors.ts';
import type { Model } from './model.ts';
import { recordedNorm } from './norm.ts';
import { normaliseHeads, normRows, renormaliseHeads, scaleShape } from './query-key-norm.ts';
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

/** What the activations of a sublayer, and of the norm after it, are called. */
interface Sublayer {
  readonly name: string;
  readonly after: string;
}

const ATTENTION: Sublayer = { name: 'attn', after: 'ln1_post' };
const MLP: Sublayer = { name: 'mlp', after: 'ln2_post' };

/** One block over the rows of x, in place. */
export function runBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock): void {
  if (pass.model.config.normPlacement === 'post') runPostNormBlock(pass, i, layer, x);
  else runAddingBlock(pass, i, layer, x);
}

/** x = norm₁(x + c·attention(x)), then x = norm₂(x + c·mlp(x)). */
function runPostNormBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock): void {
  const { model, T, recorder } = pass;
  const { kernels } = model.backend;
  const { D } = model.config;
  const name = `blocks.${i}.`;
  model.backend.memory.scope(() => {
    const sum = allocate(pass, T * D);
    const addAndNormalise = (what: string, norm: NormWeights): void => {
      kernels.add({ x, y: sum, n: T * D });
      recordedNorm(model, recorder, `${name}${what}`, norm, sum, x, T);
    };
    recorder.record(`${name}resid_pre`, [T, D], x);
    attention(pass, i, layer, x, sum);
    handOn(pass, name, ATTENTION, sum, null, sum);
    addAndNormalise('ln1.scale', layer.norm1!);
    recorder.record(`${name}resid_mid`, [T, D], x);
    mlp(pass, i, layer, x, sum);
    handOn(pass, name, MLP, sum, null, sum);
    addAndNormalise('ln2.scale', layer.norm2!);
    recorder.record(`${name}resid_post`, [T, D], x);
  });
}

/** x += N′(attention(N x)), then x += N′(mlp(N x)), with the norms that there are; in parallel x += N′(attention(N₁ x)) + N′(mlp(N₂ x)). */
function runAddingBlock(pass: Pass, i: number, layer: LayerWeights, x: RealBlock): void {
  const { model, T, recorder } = pass;
  const { kernels } = model.backend;
  const { D, residual, sharedNorm } = model.config;
  const name = `blocks.${i}.`;
  model.backend.memory.scope(() => {
    const [normed, out] = [allocate(pass, T * D), allocate(pass, T * D)];
    const raw = layer.norm1Post === null ? out : allocate(pass, T * D);
    /** What a sublayer reads. */
    const enter = (what: string, norm: NormWeights | null): RealBlock => {
      if (norm === null) return x;
      recordedNorm(model, recorder, `${name}${what}`, norm, x, normed, T);
      return normed;
    };
    recorder.record(`${name}resid_pre`, [T, D], x);
    let entering = enter('ln1.scale', layer.norm1);
    attention(pass, i, layer, entering, raw);
    handOn(pass, name, ATTENTION, raw, layer.norm1Post, out);
    if (residual === 'parallel') {
      if (!sharedNorm) entering = enter('ln2.scale', layer.norm2);
      kernels.add({ x: out, y: x, n: T * D });
    } else {
      kernels.add({ x: out, y: x, n: T * D });
      recorder.record(`${name}resid_mid`, [T, D], x);
      entering = enter('ln2.scale', layer.norm2);
    }
    mlp(pass, i, layer, entering, raw);
    handOn(pass, name, MLP, raw, layer.norm2Post, out);
    kernels.add({ x: out, y: x, n: T * D });
    recorder.record(`${name}resid_post`, [T, D], x);
  });
}

/** From what a sublayer gives, `raw`, to what it adds to the stream, `out`: through the norm after it, times the factor. The two are one block where there is no norm. */
function handOn(
  pass: Pass,
  block: string,
  { name, after }: Sublayer,
  raw: RealBlock,
  norm: NormWeights | null,
  out: RealBlock,
): void {
  const { model, T, recorder } = pass;
  const { D, residualScale } = model.config;
  if (norm !== null) {
    recorder.record(`${block}${name}.raw`, [T, D], raw);
    recordedNorm(model, recorder, `${block}${after}.scale`, norm, raw, out, T);
  }
  scaleBy(out, residualScale);
  recorder.record(`${block}${name}.out`, [T, D], out);
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
    clampHeads(pass, name, { q, k, v });
    if (layer.qNorm !== null) headNorm(pass, `${name}q_norm.scale`, layer.qNorm, q, H);
    if (layer.kNorm !== null) headNorm(pass, `${name}k_norm.scale`, layer.kNorm, k, G);
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

/** Cuts queries, keys and values, where the model does. */
function clampHeads(
  { model, T, recorder }: Pass,
  name: string,
  parts: Readonly<Record<'q' | 'k' | 'v', RealBlock>>,
): void {
  const { clampQkv, H, G, K } = model.config;
  if (clampQkv === null) return;
  for (const part of ['q', 'k', 'v'] as const) {
    recorder.record(`${name}${part}_raw`, [T, part === 'q' ? H : G, K], parts[part]);
    clamp(parts[part], clampQkv);
  }
}

/** The norm of queries or keys, in place. */
function headNorm({ model, T, recorder }: Pass, name: string, weights: NormWeights, x: RealBlock, heads: number): void {
  const { memory } = model.backend;
  const rows = normRows(model.config, T, heads);
  memory.scope(() => {
    const scale = memory.allocate('f64', rows.rows);
    const before = recorder.changes(name) ? (memory.allocate(x.kind, x.length) as RealBlock) : null;
    before?.view().set(x.view());
    normaliseHeads(model, weights, x, scale, rows);
    recorder.record(name, scaleShape(model.config, T, heads), scale);
    if (before !== null) renormaliseHeads(model, weights, before, x, scale, rows);
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
