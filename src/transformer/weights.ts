import { type PackedWeights, scratchLength, type WeightFormat } from '../backend/contract/weights.ts';
import type { BackendMemory, Block } from '../backend/memory.ts';
import { type TransformerConfig, unitCount } from './config.ts';
import { ResidentMatrix } from './resident-matrix.ts';

/** y = x W + b with W packed k×n. */
export interface LinearWeights {
  readonly weights: PackedWeights;
  readonly bias: Block<'f32'> | null;
  readonly k: number;
  readonly n: number;
}

/** The same of a model. */
export interface ResidentLinear extends LinearWeights {
  readonly weights: ResidentMatrix;
}

/** What a norm multiplies by, the offset of the configuration included, and what it adds; in f64, so that 1 + w is exact. */
export interface NormWeights {
  readonly gamma: Block<'f64'>;
  readonly beta: Block<'f64'> | null;
}

/** A block of a model's weights. */
export type WeightBlock = Block<'f32'> | Block<'f64'> | Block<'u16'> | Block<'u8'>;

/** What tensors fill: a block of a vector, or a matrix. */
export type WeightPlace = Block<'f32'> | Block<'f64'> | ResidentMatrix;

export interface LayerWeights {
  readonly norm1: NormWeights;
  readonly q: ResidentLinear;
  readonly k: ResidentLinear;
  readonly v: ResidentLinear;
  readonly out: ResidentLinear;
  readonly norm2: NormWeights;
  /** Input of the activation: W_in, or W_gate of a gated MLP. */
  readonly pre: ResidentLinear;
  /** W_up of a gated MLP. */
  readonly up: ResidentLinear | null;
  readonly down: ResidentLinear;
}

/** The affine maps of a layer, and the one that gives the logits. */
export type LinearPart = Exclude<keyof LayerWeights, NormPart> | 'unembedding';
export type NormPart = 'norm1' | 'norm2' | 'finalNorm';

/** A model's weights, resident in a backend's memory. The embedding is packed D×V, which is also the tied unembedding. */
export interface ModelWeights {
  readonly embedding: ResidentMatrix;
  /** maxPositions×D, row-major; null with rotary positions. */
  readonly positions: Block<'f32'> | null;
  readonly layers: readonly LayerWeights[];
  /** null where norms come after sublayers: the last is in the last block. */
  readonly finalNorm: NormWeights | null;
  readonly unembedding: ResidentLinear;
}

/** In which format a matrix of a model stays. */
export type FormatOf = (matrix: ResidentMatrix) => WeightFormat;

/**
 * Allocates every block of a model, zeroed; all of them or none.
 *
 * @param formats told the weights, whose matrices have no memory yet, says in which formats they stay; F32 without it
 */
export function allocateWeights(
  memory: BackendMemory,
  config: TransformerConfig,
  formats: (weights: ModelWeights) => FormatOf = () => () => 'F32',
): ModelWeights {
  return memory.scope((keep) => {
    const weights = emptyWeights(memory, config);
    const matrices = [...weightPlaces(weights)].filter((place) => place instanceof ResidentMatrix);
    const formatOf = formats(weights);
    const longest = Math.max(...matrices.map((matrix) => scratchLength(formatOf(matrix), matrix.k)));
    const scratch = longest === 0 ? null : memory.allocate('f32', longest);
    for (const matrix of matrices) matrix.allocate(memory, formatOf(matrix), scratch);
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
  const linear = (part: LinearPart): ResidentLinear => {
    const { k, n, bias } = sizes[part];
    return { weights: new ResidentMatrix(k, n), bias: bias ? vector(n) : null, k, n };
  };
  const embedding = new ResidentMatrix(D, V);
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

/** Every vector and matrix of a model once. */
export function weightPlaces(weights: ModelWeights): Set<WeightPlace> {
  const places = new Set<WeightPlace>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ('view' in value || value instanceof ResidentMatrix) places.add(value as WeightPlace);
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(weights);
  return places;
}

/** Every block of a model once, with the scratch block that its matrices share. */
export function weightBlocks(weights: ModelWeights): Set<WeightBlock> {
  const blocks = new Set<WeightBlock>();
  for (const place of weightPlaces(weights)) {
    if (!(place instanceof ResidentMatrix)) blocks.add(place);
    else for (const block of [place.block, place.scratch]) if (block !== null) blocks.add(block);
  }
  return blocks;
}
