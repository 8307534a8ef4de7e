import type { Block } from '../backend/memory.ts';
import { DomainError } from '../core/errors.ts';
import type { PlannedTensor } from './checkpoint/planned-tensors.ts';
import type { TransformerConfig } from './config.ts';
import type { ResidentMatrix } from './resident-matrix.ts';
import type { RowMap } from './stored-rows.ts';
import { type ModelWeights, storedPlaces, type WeightPlace } from './weights.ts';

/**
 * Where the rows of a stored tensor go: `vector` copies elements, `norm` widens them and adds the offset (in the order of `place`, where it has one),
 * `rows` copies the rows of a row-major matrix after the first `skip`, as many as the block holds,
 * `in-out` packs columns of a matrix stored [in, out] (Conv1D; one tensor may feed q, k and v), `out-in` packs a matrix stored [out, in].
 * `place` says which row of which part a stored row or element is.
 */
export type WeightSlot =
  | { readonly layout: 'vector'; readonly parts: readonly Block<'f32'>[]; readonly place: RowMap }
  | { readonly layout: 'norm'; readonly block: Block<'f64'>; readonly offset: number; readonly place?: RowMap }
  | { readonly layout: 'rows'; readonly block: Block<'f32'>; readonly width: number; readonly skip: number }
  | { readonly layout: 'in-out'; readonly parts: readonly ResidentMatrix[] }
  | { readonly layout: 'out-in'; readonly parts: readonly ResidentMatrix[]; readonly place: RowMap };

/**
 * Slot of every planned tensor, by canonical name.
 *
 * @throws DomainError if the tensors leave a block of the weights empty, or fill one twice.
 */
export function weightSlots(
  planned: readonly PlannedTensor[],
  weights: ModelWeights,
  config: TransformerConfig,
): Map<string, WeightSlot> {
  const slots = new Map(planned.map(({ name, slot }) => [name, slot(weights)]));
  const filled = [...slots.values()].flatMap(placesOf);
  const distinct = new Set(filled).size;
  // Some tensors fill a part of a block only.
  const [wanted, given] = [storedPlaces(weights, config), filled].map(elements);
  if (filled.length === distinct && given === wanted) return slots;
  throw new DomainError(
    `weightSlots: the tensors of a family must fill each of the ${wanted} weights of the model once, but ${filled.length} of them fill ${given} weights in ${distinct} blocks.`,
  );
}

function elements(places: readonly WeightPlace[]): number {
  return places.reduce((sum, { length }) => sum + length, 0);
}

function placesOf(slot: WeightSlot): readonly WeightPlace[] {
  switch (slot.layout) {
    case 'vector':
      return slot.parts;
    case 'norm':
    case 'rows':
      return [slot.block];
    case 'in-out':
    case 'out-in':
      return slot.parts;
  }
}

/** The matrices that a slot fills. */
export function matricesIn(slot: WeightSlot): readonly ResidentMatrix[] {
  return slot.layout === 'in-out' || slot.layout === 'out-in' ? slot.parts : [];
}
