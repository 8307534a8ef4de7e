import type { Backend } from '../backend/backend.ts';
import { type PackedWeights, packedShape, scratchLength, type WeightFormat } from '../backend/contract/weights.ts';
import { type BackendMemory, type Block, BYTES_PER_ELEMENT } from '../backend/memory.ts';
import { embeddingWidth, type TransformerConfig, unitCount } from './config.ts';
import { Parking } from './parking.ts';
import { ResidentMatrix, type WeightBlock } from './resident-matrix.ts';
import type { Streaming } from './streaming.ts';

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

/** What tensors fill: a block of a vector, or a matrix. */
export type WeightPlace = Block<'f32'> | Block<'f64'> | ResidentMatrix;

export interface LayerWeights {
  /** Before attention, or after its sum with the stream; null where neither stands. */
  readonly norm1: NormWeights | null;
  readonly q: ResidentLinear;
  readonly k: ResidentLinear;
  readonly v: ResidentLinear;
  readonly out: ResidentLinear;
  /** Norms of queries and keys; null where there are none. */
  readonly qNorm: NormWeights | null;
  readonly kNorm: NormWeights | null;
  /** Of attention's output; null where none stands. */
  readonly norm1Post: NormWeights | null;
  /** As {@link norm1}, of the MLP; the same weights where a parallel block has one norm. */
  readonly norm2: NormWeights | null;
  /** Input of the activation: W_in, or W_gate of a gated MLP. */
  readonly pre: ResidentLinear;
  /** W_up of a gated MLP. */
  readonly up: ResidentLinear | null;
  readonly down: ResidentLinear;
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
  readonly embedding: ResidentMatrix;
  /** From the width of the embedding to D; null where they are the same. */
  readonly embeddingIn: ResidentLinear | null;
  /** maxPositions×D, row-major; null with rotary positions. */
  readonly positions: Block<'f32'> | null;
  /** The type that every token has, D numbers. */
  readonly tokenTypes: Block<'f32'> | null;
  readonly embeddingNorm: NormWeights | null;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: NormWeights | null;
  /** The affine map and the norm of the head's transform; null where it has none. */
  readonly headDense: ResidentLinear | null;
  readonly headNorm: NormWeights | null;
  /** From D to the width of the unembedding; null where they are the same. */
  readonly embeddingOut: ResidentLinear | null;
  /** null in a model without a head. */
  readonly unembedding: ResidentLinear | null;
}

/** In which format a matrix of a model stays. */
export type FormatOf = (matrix: ResidentMatrix) => WeightFormat;

/** How the matrices of a model stay. */
export interface WeightPlan {
  /** In which formats. */
  readonly formatOf: FormatOf;
  /** What takes those that stay in their files; null where none does. */
  readonly streaming: Streaming | null;
}

/** Where matrices go for which there is no room. */
export interface Room {
  /** A backend whose blocks are arrays of the host. */
  readonly host: Backend;
  /** Bytes of matrices that a backend's memory takes. */
  readonly bytes: number;
}

/**
 * Allocates every block of a model, zeroed; all of them or none.
 *
 * @param planned told the weights, whose matrices have no memory yet, says how they stay; in memory and F32 without it
 * @param room null for a memory that takes all matrices. Otherwise those about the layers come first, then layer after layer, and what is beyond is
 *   parked.
 */
export function allocateWeights(
  memory: BackendMemory,
  config: TransformerConfig,
  planned: (weights: ModelWeights) => WeightPlan = () => ({ formatOf: () => 'F32', streaming: null }),
  room: Room | null = null,
): ModelWeights {
  return memory.scope((keep) => {
    const weights = emptyWeights(memory, config);
    const { formatOf, streaming } = planned(weights);
    const longest = scratchOf(weights, formatOf);
    const scratch = longest === 0 ? null : memory.allocate('f32', longest);
    const parking = room === null ? null : new Parking(room.host);
    let free = room?.bytes ?? Number.POSITIVE_INFINITY;
    for (const matrix of byImportance(weights)) {
      const format = formatOf(matrix);
      if (streaming?.has(matrix)) {
        matrix.allocate(streaming, format, scratch);
        continue;
      }
      const { kind, length } = packedShape(format, matrix.k, matrix.n);
      const bytes = length * BYTES_PER_ELEMENT[kind];
      const fits = bytes <= free || parking === null;
      matrix.allocate(fits ? memory : parking, format, scratch);
      if (fits) free -= bytes;
    }
    parking?.open(memory);
    streaming?.open(memory);
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

/** A model's weights with vectors in memory, and matrices without. */
export function emptyWeights(memory: BackendMemory, config: TransformerConfig): ModelWeights {
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
  const linear = (part: LinearPart): ResidentLinear => {
    const { k, n, bias } = sizes[part];
    return { weights: new ResidentMatrix(k, n), bias: bias ? vector(n) : null, k, n };
  };
  const embedding = new ResidentMatrix(E, V);
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

/** The vectors and matrices that a checkpoint fills. */
export function storedPlaces(weights: ModelWeights, { normWeights: stored }: TransformerConfig): WeightPlace[] {
  const places = [...weightPlaces(weights)];
  if (stored) return places;
  const norms = [weights.embeddingNorm, weights.finalNorm, weights.headNorm, ...weights.layers.flatMap(streamNorms)];
  const constant = new Set<WeightPlace | undefined>(norms.map((norm) => norm?.gamma));
  return places.filter((place) => !constant.has(place));
}

function streamNorms({ norm1, norm1Post, norm2, norm2Post }: LayerWeights): (NormWeights | null)[] {
  return [norm1, norm1Post, norm2, norm2Post];
}

/** Every vector and matrix of a model once. */
export function weightPlaces(weights: ModelWeights): Set<WeightPlace> {
  return placesIn(weights);
}

function placesIn(part: object): Set<WeightPlace> {
  const places = new Set<WeightPlace>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ('view' in value || value instanceof ResidentMatrix) places.add(value as WeightPlace);
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(part);
  return places;
}

/** Bytes of all that is no matrix. */
export function vectorBytes(weights: ModelWeights): number {
  let bytes = 0;
  for (const place of weightPlaces(weights))
    if (!(place instanceof ResidentMatrix)) bytes += place.length * BYTES_PER_ELEMENT[place.kind];
  return bytes;
}

/** Elements of the scratch block that the matrices of a model share. */
export function scratchOf(weights: ModelWeights, formatOf: FormatOf): number {
  return Math.max(...matricesOf(weights).map((matrix) => scratchLength(formatOf(matrix), matrix.k)));
}

/** The matrices that are read most first: those about the layers, then those of the layers. */
function byImportance(weights: ModelWeights): ResidentMatrix[] {
  const inLayers = placesIn(weights.layers);
  const all = matricesOf(weights);
  return [...all.filter((matrix) => !inLayers.has(matrix)), ...all.filter((matrix) => inLayers.has(matrix))];
}

/** Every matrix of a model, or of a layer, once. */
export function matricesOf(weights: ModelWeights | LayerWeights): ResidentMatrix[] {
  return [...placesIn(weights)].filter((place) => place instanceof ResidentMatrix);
}

/** Every block of a model once, with the scratch block that its matrices share. */
export function weightBlocks(weights: ModelWeights): Set<WeightBlock> {
  const blocks = new Set<WeightBlock>();
  for (const place of weightPlaces(weights)) {
    if (!(place instanceof ResidentMatrix)) blocks.add(place);
    else for (const block of place.blocks) blocks.add(block);
  }
  return blocks;
}
