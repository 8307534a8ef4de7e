/**
 * Small random models of any wiring, whether a family has it or not: their weights are put into a backend's memory without files. The matrices are
 * kept in the open, so that tests/support/wired-forward.ts can compute with them.
 */
import fc from 'fast-check';
import type { Backend } from '../../src/backend/backend.ts';
import type { Block } from '../../src/backend/memory.ts';
import type { Checkpoint } from '../../src/transformer/checkpoint/checkpoint.ts';
import { PLAIN_WIRING } from '../../src/transformer/checkpoint/plain-wiring.ts';
import type { TransformerConfig } from '../../src/transformer/config.ts';
import { Model } from '../../src/transformer/model.ts';
import type { ResidentMatrix } from '../../src/transformer/resident-matrix.ts';
import { allocateWeights, type NormWeights, type ResidentLinear } from '../../src/transformer/weights.ts';
import { testNumbers } from './numbers.ts';

/** What differs from a plain pre-norm model of the sizes below. */
export type Wiring = Partial<TransformerConfig> & {
  readonly seed?: number;
  readonly learnedPositions?: boolean;
};

/** An affine map: y = W x + b. */
export interface OpenLinear {
  readonly matrix: readonly (readonly number[])[];
  readonly bias: readonly number[] | null;
}

export interface OpenNorm {
  readonly gamma: readonly number[];
  readonly beta: readonly number[] | null;
}

/** The weights by their place: `embedding`, `layers.0.q`, `layers.0.norm1Post`, …. */
export interface WiredModel {
  readonly model: Model;
  readonly config: TransformerConfig;
  readonly linears: ReadonlyMap<string, OpenLinear>;
  readonly norms: ReadonlyMap<string, OpenNorm>;
}

export function wiredConfig({ learnedPositions = true, seed: _, ...wiring }: Wiring): TransformerConfig {
  const L = wiring.L ?? 2;
  return {
    family: 'llama',
    ...PLAIN_WIRING,
    V: 13,
    D: 6,
    L,
    H: 2,
    G: 2,
    K: 4,
    F: 7,
    maxPositions: 9,
    norm: { kind: 'rms', eps: 1e-5, offset: 0, bias: false },
    activation: 'silu',
    gated: true,
    positions: learnedPositions
      ? { kind: 'learned', firstRow: 0 }
      : { kind: 'rotary', layers: new Array<null>(L).fill(null) },
    attentionScale: new Array<number>(L).fill(0.5),
    attentionWindow: new Array<number>(L).fill(9),
    tied: false,
    biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    bosId: null,
    eosIds: [],
    ...wiring,
  };
}

export function wiredModel(backend: Backend, wiring: Wiring): WiredModel {
  const config = wiredConfig(wiring);
  const weights = allocateWeights(backend.memory, config);
  const linears = new Map<string, OpenLinear>();
  const norms = new Map<string, OpenNorm>();
  let seed = (wiring.seed ?? 1) * 1000;
  const numbers = (n: number, spread: number) => Float32Array.from(testNumbers(n, ++seed), (value) => spread * value);
  const rowsOf = (values: ArrayLike<number>, width: number) =>
    Array.from({ length: values.length / width }, (_, r) =>
      Array.from({ length: width }, (__, c) => values[r * width + c]!),
    );
  const vector = (block: Block<'f32'> | null, spread: number) => {
    if (block === null) return null;
    block.view().set(numbers(block.length, spread));
    return [...block.view()];
  };
  const pack = (matrix: ResidentMatrix, spread: number) => {
    const { k, n } = matrix;
    return backend.memory.scope(() => {
      const wide = backend.memory.allocate('f32', n * k);
      wide.view().set(numbers(n * k, spread));
      matrix.packColumns(backend, { format: 'F32', wide, raw: null }, 0, n, 0);
      return rowsOf(wide.view(), k);
    });
  };
  const linear = (name: string, { weights: matrix, bias, k }: ResidentLinear) =>
    linears.set(name, { matrix: pack(matrix, 1.6 / Math.sqrt(k)), bias: vector(bias, 0.4) });
  const norm = (name: string, { gamma, beta }: NormWeights) => {
    gamma.view().set(numbers(gamma.length, 0.5).map((value) => 1 + value));
    beta?.view().set(numbers(beta.length, 0.3));
    norms.set(name, { gamma: [...gamma.view()], beta: beta === null ? null : [...beta.view()] });
  };
  const { embedding, positions, tokenTypes, layers, unembedding } = weights;
  linears.set('embedding', { matrix: pack(embedding, 0.8), bias: null });
  for (const [name, block] of [
    ['positions', positions],
    ['tokenTypes', tokenTypes],
  ] as const) {
    const values = vector(block, 0.5);
    if (values !== null) linears.set(name, { matrix: rowsOf(values, config.D), bias: null });
  }
  for (const name of ['embeddingIn', 'embeddingOut'] as const) if (weights[name] !== null) linear(name, weights[name]);
  for (const name of ['embeddingNorm', 'finalNorm'] as const) if (weights[name] !== null) norm(name, weights[name]);
  for (const [i, layer] of layers.entries()) {
    for (const part of ['q', 'k', 'v', 'out', 'pre', 'up', 'down'] as const)
      if (layer[part] !== null) linear(`layers.${i}.${part}`, layer[part]);
    for (const part of ['norm1', 'qNorm', 'kNorm', 'norm1Post', 'norm2', 'norm2Post'] as const) {
      const own = layer[part];
      if (own !== null && !(part === 'norm2' && own === layer.norm1)) norm(`layers.${i}.${part}`, own);
    }
  }
  if (config.tied) linears.set('unembedding', { ...linears.get('embedding')!, bias: vector(unembedding!.bias, 0.4) });
  else linear('unembedding', unembedding!);
  const checkpoint = { label: 'wired', config, parameterCount: 0, warnings: [], tokenizerFiles: null };
  return { model: new Model(backend, checkpoint as unknown as Checkpoint, weights, {}), config, linears, norms };
}

const LAYER_NORM = { kind: 'layer', eps: 1e-5, offset: 0, bias: true } as const;
const BARE_LAYER_NORM = { ...LAYER_NORM, bias: false } as const;

/** Rotation of all four coordinates, times a factor, or of the first two. */
const TURNS = { frequencies: Float64Array.of(1, 0.3), factor: 1.25, long: null };
const TURNS_PARTLY = { frequencies: Float64Array.of(0.7), factor: 1, long: null };

/** The wirings of the families, each with the parts that it has beyond Llama's. */
export const WIRINGS: Readonly<Record<string, Wiring>> = {
  gemma: { embeddingScale: Math.sqrt(6), activation: 'gelu_tanh', tied: true },
  'gemma 2': {
    normPlacement: 'sandwich',
    embeddingScale: Math.sqrt(6),
    logitCap: 3,
    activation: 'gelu_tanh',
    tied: true,
  },
  'olmo 2': {
    normPlacement: 'output',
    queryKeyNorm: { per: 'vector', bias: false },
    learnedPositions: false,
    biases: { qkv: false, attentionOut: false, mlp: false, head: false },
  },
  granite: { embeddingScale: 12, residualScale: 0.22, logitScale: 1 / 8, learnedPositions: false, G: 1 },
  cohere: { residual: 'parallel', sharedNorm: true, norm: BARE_LAYER_NORM, logitScale: 0.0625, tied: true, L: 3 },
  phi: {
    residual: 'parallel',
    sharedNorm: true,
    norm: LAYER_NORM,
    gated: false,
    activation: 'gelu_tanh',
    biases: { qkv: true, attentionOut: true, mlp: true, head: true },
  },
  'falcon 40b': { residual: 'parallel', norm: LAYER_NORM, gated: false, activation: 'gelu', G: 1 },
  bloom: {
    embeddingNorm: true,
    norm: LAYER_NORM,
    gated: false,
    activation: 'gelu_bloom',
    learnedPositions: false,
    tied: true,
  },
  mpt: { norm: BARE_LAYER_NORM, gated: false, activation: 'gelu' },
  'opt 350m': {
    normPlacement: 'post',
    finalNorm: false,
    norm: LAYER_NORM,
    gated: false,
    activation: 'relu',
    embeddingWidth: 4,
    tied: true,
  },
  bert: {
    causal: false,
    normPlacement: 'post',
    finalNorm: false,
    embeddingNorm: true,
    tokenTypes: 2,
    norm: LAYER_NORM,
    gated: false,
    activation: 'gelu',
    tied: true,
    biases: { qkv: true, attentionOut: true, mlp: true, head: true },
  },
  modernbert: {
    causal: false,
    firstNorm: false,
    embeddingNorm: true,
    norm: BARE_LAYER_NORM,
    activation: 'gelu',
    learnedPositions: false,
  },
  'attention with caps, norms of heads, two rotations and windows': {
    scoreCap: 0.8,
    queryKeyNorm: { per: 'head', bias: false },
    learnedPositions: false,
    positions: { kind: 'rotary', layers: [TURNS, TURNS_PARTLY] },
    attentionWindow: [2, 9],
    attentionScale: [0.7, 1.5],
    G: 1,
  },
  'attention with norms that each head has for itself, and a layer that does not turn': {
    norm: BARE_LAYER_NORM,
    queryKeyNorm: { per: 'heads', bias: false },
    learnedPositions: false,
    positions: { kind: 'rotary', layers: [null, TURNS] },
    H: 4,
  },
  'attention with shifted norms of heads': { norm: LAYER_NORM, queryKeyNorm: { per: 'head', bias: true } },
  'attention with slopes, and queries, keys and values cut': {
    clampQkv: 0.6,
    learnedPositions: false,
    positions: { kind: 'alibi', slopes: [0.5, 0.125, 0.25, 0.0625] },
    H: 4,
  },
  'cut values among other norms': { clampQkv: 0.4, normPlacement: 'post', finalNorm: false, G: 1 },
  'windows on both sides': {
    causal: false,
    learnedPositions: false,
    positions: { kind: 'rotary', layers: [TURNS_PARTLY, TURNS] },
    attentionWindow: [2, 9],
    scoreCap: 1.5,
  },
  'post-norm with a final norm': {
    normPlacement: 'post',
    norm: LAYER_NORM,
    residualScale: 0.5,
    embeddingScale: 2,
    embeddingWidth: 9,
  },
  'gemma 3': {
    normPlacement: 'sandwich',
    queryKeyNorm: { per: 'head', bias: false },
    embeddingScale: Math.sqrt(6),
    activation: 'gelu_tanh',
    learnedPositions: false,
    G: 1,
    tied: true,
  },
  'output norms with β': { normPlacement: 'output', norm: LAYER_NORM, residualScale: 0.7, logitCap: 2, logitScale: 3 },
};

const pick = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> => fc.constantFrom(...values);

/** Any wiring that is not refused, and a prompt. */
export const arbitraryWiring: fc.Arbitrary<{ readonly wiring: Wiring; readonly ids: number[] }> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    causal: fc.boolean(),
    normPlacement: pick('pre', 'post', 'output', 'sandwich'),
    shape: pick('sequential', 'parallel', 'shared', 'first'),
    finalNorm: fc.boolean(),
    embeddingNorm: fc.boolean(),
    embeddingWidth: pick(null, 3, 8),
    embeddingScale: pick(1, 2.5),
    residualScale: pick(1, 0.3),
    logitScale: pick(1, 0.4, 3),
    logitCap: pick(null, 1.5, 30),
    tokenTypes: pick(0, 2),
    headNorm: pick(null, 'head', 'vector'),
    norm: pick(LAYER_NORM, BARE_LAYER_NORM, { kind: 'rms', eps: 1e-6, offset: 0, bias: false }),
    activation: pick('gelu', 'gelu_tanh', 'silu', 'gelu_bloom', 'relu'),
    gated: fc.boolean(),
    tied: fc.boolean(),
    bias: fc.boolean(),
    head: fc.boolean(),
    G: pick(1, 2),
    L: fc.integer({ min: 1, max: 3 }),
    learnedPositions: fc.boolean(),
    ids: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ shape, bias, head, ids, headNorm, ...wiring }) => {
    const pre = wiring.normPlacement === 'pre';
    return {
      ids,
      wiring: {
        ...wiring,
        queryKeyNorm: headNorm === null ? null : { per: headNorm, bias: wiring.norm.bias && headNorm === 'vector' },
        residual: pre && (shape === 'parallel' || shape === 'shared') ? 'parallel' : 'sequential',
        sharedNorm: pre && shape === 'shared',
        firstNorm: !(pre && shape === 'first'),
        biases: { qkv: bias, attentionOut: bias, mlp: bias, head },
      },
    };
  });
