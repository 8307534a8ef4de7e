import { packedLength } from '../backend/contract/network.ts';
import type { BackendMemory, Block } from '../backend/memory.ts';
import { embeddingWidth, type TransformerConfig, unitCount } from './config.ts';

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
  /** Before attention, or after its sum with the stream; null where neither stands. */
  readonly norm1: NormWeights | null;
  readonly q: LinearWeights;
  readonly k: LinearWeights;
  readonly v: LinearWeights;
  readonly out: LinearWeights;
  /** Norms of queries and keys; null where there are none. */
  readonly qNorm: NormWeights | null;
  readonly kNorm: NormWeights | null;
  /** Of attention's output; null where none stands. */
  readonly norm1Post: NormWeights | null;
  /** As {@link norm1}, of the MLP; the same weights where a parallel block has one norm. */
  readonly norm2: NormWeights | null;
  /** Input of the activation: W_in, or W_gate of a gated MLP. */
  readonly pre: LinearWeights;
  /** W_up of a gated MLP. */
  readonly up: LinearWeights | null;
  readonly down: LinearWeights;
  /** Of the MLP's output; null where none stands. */
  readonly norm2Post: NormWeights | null;
}

/** The affine maps of a layer, the ones about the embedding, and the one that gives the logits. */
export type LinearPart =
  | Exclude<keyof LayerWeights, NormPart>
  | 'embeddingIn'
  | 'headDense'
  | 'embeddingOut'
  | 'unembedding';
export type NormPart =
  | 'norm1'
  | 'qNorm'
  | 'kNorm'
  | 'norm1Post'
  | 'norm2'
  | 'norm2Post'
  | 'embeddingNorm'
  | 'finalNorm'
  | 'headNorm';

/** A model's weights, resident in a backend's memory. The embedding is packed E×V, E its width, which is also the tied unembedding. */
export interface ModelWeights {
  readonly embedding: Block<'f32'>;
  /** From the width of the embedding to D; null where they are the same. */
  readonly embeddingIn: LinearWeights | null;
  /** maxPositions×D, row-major; null with rotary positions. */
  readonly positions: Block<'f32'> | null;
  /** The type that every token has, D numbers. */
  readonly tokenTypes: Block<'f32'> | null;
  readonly embeddingNorm: NormWeights | null;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: NormWeights | null;
  /** The affine map and the norm of the head's transform; null where it has none. */
  readonly headDense: LinearWeights | null;
  readonly headNorm: NormWeights | null;
  /** From D to the width of the unembedding; null where they are the same. */
  readonly embeddingOut: LinearWeights | null;
  /** null in a model without a head. */
  readonly unembedding: LinearWeights | null;
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
  const { D, H, G, K, F, biases, classes, headTransform } = config;
  const E = embeddingWidth(config);
  return {
    q: { k: D, n: H * K, bias: biases.qkv },
    k: { k: D, n: G * K, bias: biases.qkv },
    v: { k: D, n: G * K, bias: biases.qkv },
    out: { k: H * K, n: D, bias: biases.attentionOut },
    pre: { k: D, n: F, bias: biases.mlp },
    up: { k: D, n: F, bias: biases.mlp },
    down: { k: F, n: D, bias: biases.mlp },
    embeddingIn: { k: E, n: D, bias: false },
    headDense: { k: D, n: D, bias: headTransform?.bias ?? false },
    embeddingOut: { k: D, n: E, bias: false },
    unembedding: { k: E, n: unitCount(config), bias: biases.head || classes !== null },
  } satisfies Record<LinearPart, unknown>;
}

/** Numbers in the weight of a norm of queries or keys. */
export function headNormWidth({ H, G, K, queryKeyNorm }: TransformerConfig, part: 'qNorm' | 'kNorm'): number {
  return queryKeyNorm?.per === 'head' ? K : (part === 'qNorm' ? H : G) * K;
}

/** Which norms a configuration has: of a layer, or outside of all. */
export function normParts(config: TransformerConfig, layer: number | null): ReadonlySet<NormPart> {
  const { normPlacement, sharedNorm, firstNorm, embeddingNorm, finalNorm, headTransform } = config;
  const parts = new Set<NormPart>();
  const add = (part: NormPart, has: boolean) => has && parts.add(part);
  if (layer === null) {
    add('embeddingNorm', embeddingNorm);
    add('finalNorm', finalNorm);
    add('headNorm', headTransform !== null);
    return parts;
  }
  const [before, after] = [normPlacement !== 'output', normPlacement === 'output' || normPlacement === 'sandwich'];
  add('norm1', before && (firstNorm || layer > 0));
  add('norm2', before && !sharedNorm);
  add('norm1Post', after);
  add('norm2Post', after);
  return parts;
}

/** A norm's weights, zeroed. */
function normWeights(memory: BackendMemory, width: number, bias: boolean): NormWeights {
  return { gamma: memory.allocate('f64', width), beta: bias ? memory.allocate('f64', width) : null };
}

/** The weights of a norm of the stream: γ zeroed, or 1 where none is stored. */
function streamNorm(memory: BackendMemory, { D, norm, normWeights: stored }: TransformerConfig): NormWeights {
  const weights = normWeights(memory, D, norm.bias);
  if (!stored) weights.gamma.view().fill(1);
  return weights;
}

function emptyWeights(memory: BackendMemory, config: TransformerConfig): ModelWeights {
  const { V, D, L, maxPositions } = config;
  const E = embeddingWidth(config);
  const sizes = linearSizes(config);
  const vector = (length: number) => memory.allocate('f32', length);
  const norm = (part: NormPart, layer: number | null): NormWeights | null =>
    normParts(config, layer).has(part) ? streamNorm(memory, config) : null;
  const headNorm = (part: 'qNorm' | 'kNorm'): NormWeights | null => {
    const { queryKeyNorm } = config;
    return queryKeyNorm === null ? null : normWeights(memory, headNormWidth(config, part), queryKeyNorm.bias);
  };
  const linear = (part: LinearPart): LinearWeights => {
    const { k, n, bias } = sizes[part];
    return { weights: vector(packedLength(k, n)), bias: bias ? vector(n) : null, k, n };
  };
  const embedding = vector(packedLength(E, V));
  return {
    embedding,
    embeddingIn: config.embeddingWidth === null ? null : linear('embeddingIn'),
    positions: config.positions.kind === 'learned' ? vector(maxPositions * D) : null,
    tokenTypes: config.tokenTypes > 0 ? vector(D) : null,
    embeddingNorm: norm('embeddingNorm', null),
    layers: Array.from({ length: L }, (_, i) => {
      const norm1 = norm('norm1', i);
      return {
        norm1,
        q: linear('q'),
        k: linear('k'),
        v: linear('v'),
        out: linear('out'),
        qNorm: headNorm('qNorm'),
        kNorm: headNorm('kNorm'),
        norm1Post: norm('norm1Post', i),
        norm2: config.sharedNorm ? norm1 : norm('norm2', i),
        pre: linear('pre'),
        up: config.gated ? linear('up') : null,
        down: linear('down'),
        norm2Post: norm('norm2Post', i),
      };
    }),
    finalNorm: norm('finalNorm', null),
    headDense: config.headTransform === null ? null : linear('headDense'),
    headNorm: norm('headNorm', null),
    embeddingOut: config.embeddingWidth === null ? null : linear('embeddingOut'),
    unembedding: config.headless
      ? null
      : config.tied
        ? { weights: embedding, bias: sizes.unembedding.bias ? vector(V) : null, k: E, n: V }
        : linear('unembedding'),
  };
}

/** The blocks that a checkpoint fills. */
export function storedBlocks(weights: ModelWeights, { normWeights: stored }: TransformerConfig): WeightBlock[] {
  const blocks = [...weightBlocks(weights)];
  if (stored) return blocks;
  const norms = [weights.embeddingNorm, weights.finalNorm, weights.headNorm, ...weights.layers.flatMap(streamNorms)];
  const constant = new Set<WeightBlock | undefined>(norms.map((norm) => norm?.gamma));
  return blocks.filter((block) => !constant.has(block));
}

function streamNorms({ norm1, norm1Post, norm2, norm2Post }: LayerWeights): (NormWeights | null)[] {
  return [norm1, norm1Post, norm2, norm2Post];
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
