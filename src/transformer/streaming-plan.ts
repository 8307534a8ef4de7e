import { packedShape } from '../backend/contract/weights.ts';
import { BYTES_PER_ELEMENT, MAX_BYTES } from '../backend/memory.ts';
import { openBackend } from '../backend/open.ts';
import { freeMemory } from '../core/free-memory.ts';
import type { Checkpoint, TensorEntry } from './checkpoint/checkpoint.ts';
import { chunkSize } from './checkpoint/stream-weights.ts';
import { type FixedSizes, leastBudget, type MemoryBudget, type TensorSize, tensorsWithin } from './memory-budget.ts';
import type { ResidentMatrix } from './resident-matrix.ts';
import { type ResidentPlan, residentPlan } from './resident-plan.ts';
import type { PackedKind } from './shared-blocks.ts';
import { placeLength } from './streaming.ts';
import { matricesIn } from './weight-slots.ts';
import { emptyWeights, type FormatOf, type ModelWeights, matricesOf, scratchOf, vectorBytes } from './weights.ts';

/** Bytes of matrices that a WebAssembly memory takes: three eighths stay for activations and what analyses copy. */
export const WASM_ROOM = 0.625 * MAX_BYTES;

/** A tensor that stays in its file. */
export interface StreamedTensor {
  /** All that it holds. */
  readonly matrices: readonly ResidentMatrix[];
  /** The layer whose matrices are in memory together; a number of its own for what stands outside. */
  readonly layer: number;
  /** Bytes in its file. */
  readonly bytes: number;
}

/** What stays in files under a budget. */
export interface StreamingPlan {
  /** The budget in force, bytes. */
  readonly budget: number;
  /** Bytes of the tensors that stay in their files: what a sweep over the layers reads. */
  readonly bytesPerSweep: number;
  /** The tensor of each matrix that is read from its file. */
  readonly tensorOf: ReadonlyMap<ResidentMatrix, StreamedTensor>;
}

/** A tensor of matrices with its size in memory. */
interface PlannedTensor extends StreamedTensor {
  readonly size: TensorSize;
}

/**
 * What stays in files under a budget: what is needed outside of the layers stays in memory first, then layer after layer.
 *
 * @param weights may have no memory yet
 * @param room bytes of matrices that the backend's memory takes; of what is beyond one matrix at a time lies there
 * @throws CapacityError if a strict budget is too small.
 */
export function planStreaming(
  checkpoint: Checkpoint,
  weights: ModelWeights,
  plan: ResidentPlan,
  budget: MemoryBudget,
  room: number,
): StreamingPlan {
  const tensors = tensorsByImportance(checkpoint, weights, plan);
  const fixed = fixedSizes(checkpoint, weights, plan.formatOf, budget.bytes > room);
  const { stays, budget: bytes } = tensorsWithin(
    budget,
    tensors.map(({ size }) => size),
    fixed,
  );
  const streamed = tensors.filter((_, i) => !stays[i]);
  return {
    budget: bytes,
    bytesPerSweep: streamed.reduce((sum, tensor) => sum + tensor.bytes, 0),
    tensorOf: new Map(streamed.flatMap((tensor) => tensor.matrices.map((matrix) => [matrix, tensor]))),
  };
}

/** What a budget makes of a checkpoint. */
export interface BudgetOutcome {
  /** The least budget under which it opens, bytes. */
  readonly least: number;
  /** The budget in force, and what a sweep over the layers would read from files; null where all weights would be in memory. */
  readonly streamed: Pick<StreamingPlan, 'budget' | 'bytesPerSweep'> | null;
}

/**
 * What `openModel` would leave in files; nothing is read.
 *
 * @param memory bytes; by default what the machine has free
 * @throws CapacityError if `memory` is too small.
 * @example
 * const checkpoint = await openCheckpoint(await openNodeFolder('models/bank'));
 * const { least, streamed } = await underBudget(checkpoint, 1e9);
 * streamed; // null
 */
export async function underBudget(checkpoint: Checkpoint, memory?: number): Promise<BudgetOutcome> {
  const { memory: host } = await openBackend({ kind: 'ts' });
  return host.scope(() => {
    const weights = emptyWeights(host, checkpoint.config);
    const plan = residentPlan(checkpoint, weights);
    const sizes = tensorsByImportance(checkpoint, weights, plan).map(({ size }) => size);
    const least = leastBudget(sizes, fixedSizes(checkpoint, weights, plan.formatOf, false));
    const budget = budgetOf(checkpoint, memory, freeMemory());
    if (budget === null) return { least, streamed: null };
    const { bytesPerSweep, ...planned } = planStreaming(checkpoint, weights, plan, budget, WASM_ROOM);
    return { least, streamed: bytesPerSweep === 0 ? null : { budget: planned.budget, bytesPerSweep } };
  });
}

/** The budget that is given, or what the machine has free; null where all weights must be in memory, or nobody knows how much there is. */
export function budgetOf(
  { readTensor }: Checkpoint,
  memory: number | undefined,
  free: number | null,
): MemoryBudget | null {
  if (memory !== undefined) return { bytes: memory, strict: true };
  return free === null || readTensor === undefined ? null : { bytes: free, strict: false };
}

/** Those about the layers, which are read most first, then those of the layers in order. */
function tensorsByImportance(
  { tensors }: Checkpoint,
  weights: ModelWeights,
  { slots, formatOf }: ResidentPlan,
): PlannedTensor[] {
  const layerOf = new Map<ResidentMatrix, number>();
  for (const [i, layer] of weights.layers.entries()) for (const matrix of matricesOf(layer)) layerOf.set(matrix, i);
  const planned: PlannedTensor[] = [];
  for (const [name, slot] of slots) {
    const matrices = matricesIn(slot);
    const [first] = matrices;
    if (first === undefined) continue;
    const entry = tensors.get(name);
    const layer = layerOf.get(first) ?? -1 - planned.length;
    const size = { layer, kind: shapeOf(first, formatOf).kind, bytes: bytesOfAll(matrices, formatOf) };
    planned.push({ matrices, layer, bytes: entry === undefined ? 0 : entry.end - entry.begin, size });
  }
  const outside = planned.filter(({ layer }) => layer < 0);
  const inside = planned.filter(({ layer }) => layer >= 0).sort((a, b) => a.layer - b.layer);
  return [...outside, ...inside];
}

/** All but the matrices; with one of each kind, where some lie beside the backend's memory. */
function fixedSizes({ tensors }: Checkpoint, weights: ModelWeights, formatOf: FormatOf, parked: boolean): FixedSizes {
  const largest = new Map<PackedKind, number>();
  for (const matrix of parked ? matricesOf(weights) : []) {
    const { kind } = shapeOf(matrix, formatOf);
    largest.set(kind, Math.max(largest.get(kind) ?? 0, bytesOfAll([matrix], formatOf)));
  }
  const parking = [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
  return {
    always: 4 * scratchOf(weights, formatOf) + vectorBytes(weights) + parking,
    reading: Math.max(0, ...[...tensors.values()].map(readingBytes)),
  };
}

/** A chunk, its copies of two kinds, and its numbers. */
function readingBytes(tensor: TensorEntry): number {
  const { bytes, numbers } = chunkSize(tensor);
  return 3 * bytes + 4 * numbers;
}

function bytesOfAll(matrices: readonly ResidentMatrix[], formatOf: FormatOf): number {
  return matrices.reduce((sum, matrix) => {
    const { kind, length } = shapeOf(matrix, formatOf);
    return sum + placeLength(length) * BYTES_PER_ELEMENT[kind];
  }, 0);
}

function shapeOf(matrix: ResidentMatrix, formatOf: FormatOf): { readonly kind: PackedKind; readonly length: number } {
  const { kind, length } = packedShape(formatOf(matrix), matrix.k, matrix.n);
  return { kind: kind as PackedKind, length };
}
