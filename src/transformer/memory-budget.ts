import { CapacityError } from '../core/errors.ts';
import type { PackedKind } from './shared-blocks.ts';

/** Share of a budget that stays free for activations. */
const ACTIVATIONS = 1 / 8;

/** Matrices that are read together, because they are of one tensor. */
export interface TensorSize {
  /** What is in memory together while it is used: an index of a layer, or a number of its own for what stands outside. */
  readonly layer: number;
  readonly kind: PackedKind;
  /** Bytes of memory that the packed matrices take. */
  readonly bytes: number;
}

/** Bytes that are taken whatever stays. */
export interface FixedSizes {
  readonly always: number;
  /** Besides, where anything is read. */
  readonly reading: number;
}

/** A budget, given by the user or taken from what the machine has free. */
export interface MemoryBudget {
  readonly bytes: number;
  /** Whether it is refused where it is too small; raised to the least otherwise. */
  readonly strict: boolean;
}

/** What stays in memory under a budget. */
export interface Staying {
  /** Of each tensor. */
  readonly stays: readonly boolean[];
  /** The budget in force. */
  readonly budget: number;
}

/**
 * Which tensors stay in memory under a budget, the others being read from their files: each in turn for which there is still room, counting what the
 * largest layer of the others takes while it is used. Seven eighths of the budget are given away.
 *
 * @param tensors those first that are needed most
 * @throws CapacityError if not even one layer at a time fits a budget that is strict.
 */
export function tensorsWithin(budget: MemoryBudget, tensors: readonly TensorSize[], fixed: FixedSizes): Staying {
  const all = tensors.reduce((sum, { bytes }) => sum + bytes, fixed.always);
  if (all <= roomIn(budget.bytes)) return { stays: tensors.map(() => true), budget: budget.bytes };
  const least = leastBudget(tensors, fixed);
  if (budget.strict && least > budget.bytes)
    throw new CapacityError(
      `openModel: memory must be at least ${least} bytes for this model, but it is ${budget.bytes}. Its largest layer has to fit, and an eighth stays free for activations.`,
      least,
    );
  const bytes = Math.max(budget.bytes, least);
  const staged = new Staged(tensors);
  let taken = fixed.always + fixed.reading;
  const stays = tensors.map((tensor) => {
    staged.remove(tensor);
    const fits = taken + tensor.bytes + staged.bytes <= roomIn(bytes);
    if (fits) taken += tensor.bytes;
    else staged.add(tensor);
    return fits;
  });
  return { stays, budget: bytes };
}

/** The least budget under which a model opens. */
export function leastBudget(tensors: readonly TensorSize[], { always, reading }: FixedSizes): number {
  const all = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  return Math.ceil((always + Math.min(all, reading + new Staged(tensors).bytes)) / (1 - ACTIVATIONS));
}

function roomIn(budget: number): number {
  return budget * (1 - ACTIVATIONS);
}

/** What tensors that are read take while they are used: for each kind as much as in the largest layer. */
class Staged {
  readonly #layers = new Map<PackedKind, Map<number, number>>();

  constructor(tensors: readonly TensorSize[]) {
    for (const tensor of tensors) this.add(tensor);
  }

  get bytes(): number {
    let sum = 0;
    for (const layers of this.#layers.values()) sum += Math.max(0, ...layers.values());
    return sum;
  }

  add({ layer, kind, bytes }: TensorSize): void {
    const layers = this.#layers.get(kind) ?? new Map<number, number>();
    this.#layers.set(kind, layers.set(layer, (layers.get(layer) ?? 0) + bytes));
  }

  remove({ bytes, ...tensor }: TensorSize): void {
    this.add({ ...tensor, bytes: -bytes });
  }
}
