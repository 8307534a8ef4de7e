import { packedShape, type WeightFormat } from '../backend/contract/weights.ts';
import { BYTES_PER_ELEMENT } from '../backend/memory.ts';
import { openBackend } from '../backend/open.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { plannedTensors } from './checkpoint/planned-tensors.ts';
import { ResidentMatrix, residentFormat } from './resident-matrix.ts';
import { type WeightSlot, weightSlots } from './weight-slots.ts';
import { emptyWeights, type FormatOf, type ModelWeights, scratchOf, weightPlaces } from './weights.ts';

/** Where the tensors of a checkpoint go, and in which formats the matrices stay. */
export interface ResidentPlan {
  /** By canonical name of the tensor. */
  readonly slots: ReadonlyMap<string, WeightSlot>;
  /** Of each matrix of the model. */
  readonly formatOf: FormatOf;
}

/** The plan for weights whose matrices may have no memory yet. @throws DomainError as `weightSlots`. */
export function residentPlan({ config, family, tensors }: Checkpoint, weights: ModelWeights): ResidentPlan {
  const slots = weightSlots(plannedTensors(family, config), weights, config);
  const formats = new Map<ResidentMatrix, WeightFormat>();
  for (const [name, slot] of slots) {
    if (slot.layout !== 'in-out' && slot.layout !== 'out-in') continue;
    const stored = tensors.get(name)?.dtype ?? 'F32';
    for (const matrix of slot.parts) formats.set(matrix, residentFormat(stored, slot.layout, matrix.k));
  }
  return { slots, formatOf: (matrix) => formats.get(matrix) ?? 'F32' };
}

/**
 * Bytes that the weights of a checkpoint take when they are resident, by the type they are resident in; nothing is read. Matrices stay in their stored
 * type, norms are f64, all else is f32, a panel that is being widened included.
 *
 * @example
 * const checkpoint = await openCheckpoint(await openNodeFolder('models/bank'));
 * const { F32 = 0 } = await residentBytes(checkpoint);
 * F32 > 0; // true
 */
export async function residentBytes(checkpoint: Checkpoint): Promise<Readonly<Record<string, number>>> {
  const { memory } = await openBackend({ kind: 'ts' });
  return memory.scope(() => {
    const weights = emptyWeights(memory, checkpoint.config);
    const { formatOf } = residentPlan(checkpoint, weights);
    const bytes = new Map<string, number>();
    const add = (type: string, size: number) => size > 0 && bytes.set(type, (bytes.get(type) ?? 0) + size);
    for (const place of weightPlaces(weights)) {
      if (place instanceof ResidentMatrix) {
        const { kind, length } = packedShape(formatOf(place), place.k, place.n);
        add(formatOf(place), length * BYTES_PER_ELEMENT[kind]);
      } else add(place.kind.toUpperCase(), place.length * BYTES_PER_ELEMENT[place.kind]);
    }
    add('F32', 4 * scratchOf(weights, formatOf));
    return Object.fromEntries([...bytes].sort(([, a], [, b]) => b - a));
  });
}
