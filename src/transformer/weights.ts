import { packedLength } from '../backend/contract/network.ts';
import type { BackendMemory, Block } from '../backend/memory.ts';
import { type TransformerConfig, unitCount } from './config.ts';

/** y = x W + b with W packed k×n. */
export interface LinearWeights {
  readonly weights: Block<'f32'>;
  readonly bias: Block<'f32'> | null;
  readonly k: number;
  readonly n: number;
}

/** What a norm multiplies by, the offset of the configuration included, and what it adds; in f64, so that 1 + w is exact. */
export interface NormWeights {
  readonly gamma: Block<'f64'>;
  readonly beta: Block<'f64'> | null;
}

/** A block of a model's weights. */
export type WeightBlock = Block<'f32'> | Block<'f64'>;

export interface LayerWeights {
  readonly norm1: NormWeights;
  readonly q: LinearWeights;
  readonly k: LinearWeights;
  readonly v: LinearWeights;
  readonly out: LinearWeights;
  readonly norm2: NormWeights;
  /** Input of the activation: W_in, or W_gate of a gated MLP. */
  readonly pre: LinearWeights;
  /** W_up of a gated MLP. */
  readonly up: LinearWeights | null;
  readonly down: LinearWeights;
}

/** The affine maps of a layer, and the one that gives the logits. */
export type LinearPart = Exclude<keyof LayerWeights, NormPart> | 'unembedding';
export type NormPart = 'norm1' | 'norm2' | 'finalNorm';

/** A model's weights, resident in a backend's memory. The embedding is packed D×V, which is also the tied unembedding. */
export interface ModelWeights {
  readonly embedding: Block<'f32'>;
  /** maxPositions×D, row-major; null with rotary positions. */
  readonly positions: Block<'f32'> | null;
  readonly layers: readonly LayerWeights[];
  /** null where norms come after sublayers: the last is in the last block. */
  readonly finalNorm: NormWeights | null;
  readonly unembedding: LinearWeights;
}

/** Allocates every block of a model, zeroed; all of them or none. */
export function allocateWeights(memory: BackendMemory, config: TransformerConfig): ModelWeights {
  return memory.scope((keep) => {
    const weights = emptyWeights(memory, config);
    for (const block of weightBlocks(weights)) keep(block);
    return weights;
  });
}

/** Inputs k and outputs n of every affine map, and whether it has a bias. */
export function linearSizes(config: TransformerConfig) {
  const { D, H, G, K, F, biases } = config;
  return {
    q: { k: D, n: H * K, bias: biases.qkv },
    k: { k: D, n: G * K, bias: biases.qkv },
    v: { k: D, n: G * K, bias: biases.qkv },
    out: { k: H * K, n: D, bias: biases.attentionOut },
    pre: { k: D, n: F, bias: biases.mlp },
    up: { k: D, n: F, bias: biases.mlp },
    down: { k: F, n: D, bias: biases.mlp },
    unembedding: { k: D, n: unitCount(config), bias: config.classes !== null },
  } satisfies Record<LinearPart, unknown>;
}

function emptyWeights(memory: BackendMemory, config: TransformerConfig): ModelWeights {
  const { V, D, L, maxPositions } = config;
  const sizes = linearSizes(config);
  const vector = (length: number) => memory.allocate('f32', length);
  const norm = (): NormWeights => ({
    gamma: memory.allocate('f64', D),
    beta: config.norm.bias ? memory.allocate('f64', D) : null,
  });
  const linear = (part: LinearPart): LinearWeights => {
    const { k, n, bias } = sizes[part];
    return { weights: vector(packedLength(k, n)), bias: bias ? vector(n) : null, k, n };
  };
  const embedding = vector(packedLength(D, V));
  return {
    embedding,
    positions: config.positions.kind === 'learned' ? vector(maxPositions * D) : null,
    layers: Array.from({ length: L }, () => ({
      norm1: norm(),
      q: linear('q'),
      k: linear('k'),
      v: linear('v'),
      out: linear('out'),
      norm2: norm(),
      pre: linear('pre'),
      up: config.gated ? linear('up') : null,
      down: linear('down'),
    })),
    finalNorm: config.normPlacement === 'pre' ? norm() : null,
    unembedding: config.tied ? { weights: embedding, bias: null, k: D, n: V } : linear('unembedding'),
  };
}

/** Every block of a model once. */
export function weightBlocks(weights: ModelWeights): Set<WeightBlock> {
  const blocks = new Set<WeightBlock>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ('view' in value) blocks.add(value as WeightBlock);
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(weights);
  return blocks;
}
