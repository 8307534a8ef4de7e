import type { PackedWeights } from '../backend/contract/weights.ts';
import type { Allocator } from '../backend/memory.ts';

/** Where a matrix is packed. */
export type PackedBlock = PackedWeights['block'];

/** The kind of element that a packed matrix has. */
export type PackedKind = PackedBlock['kind'];

/** Where an owner's elements lie while they are there: `length` from `at` on in the block of their kind. */
interface Place {
  readonly kind: PackedKind;
  readonly at: number;
  readonly length: number;
}

/** Memory that matrices without memory of their own use in turn: a block for each kind of element, in which each has a place that others may share. */
export class SharedBlocks<Owner> {
  readonly #places = new Map<Owner, Place>();
  readonly #blocks = new Map<PackedKind, PackedBlock>();
  readonly #present = new Set<Owner>();

  /** Gives an owner a place. Those whose places overlap are not there together. */
  reserve(owner: Owner, kind: PackedKind, length: number, at = 0): void {
    this.#places.set(owner, { kind, at, length });
  }

  /** Takes memory for what was reserved. */
  open(memory: Allocator): void {
    const lengths = new Map<PackedKind, number>();
    for (const { kind, at, length } of this.#places.values())
      lengths.set(kind, Math.max(at + length, lengths.get(kind) ?? 0));
    for (const [kind, length] of lengths) this.#blocks.set(kind, memory.allocate(kind, length) as PackedBlock);
  }

  /** The blocks that {@link open} took. */
  get blocks(): readonly PackedBlock[] {
    return [...this.#blocks.values()];
  }

  /** Where an owner's elements lie, if they are there now. */
  find(owner: Owner): PackedBlock | null {
    return this.#present.has(owner) ? this.#blockOf(owner) : null;
  }

  /** Has `work` write to the places of some owners whose places do not overlap. What was there is lost. */
  fill(owners: readonly Owner[], work: (blockOf: (owner: Owner) => PackedBlock) => void): void {
    for (const owner of owners)
      for (const other of this.#present) if (this.#overlap(owner, other)) this.#present.delete(other);
    work((owner) => this.#blockOf(owner));
    for (const owner of owners) this.#present.add(owner);
  }

  /** What lies in the blocks is out of date. */
  forget(): void {
    this.#present.clear();
  }

  #blockOf(owner: Owner): PackedBlock {
    const { kind, at, length } = this.#places.get(owner)!;
    return this.#blocks.get(kind)!.part(at, length) as PackedBlock;
  }

  #overlap(one: Owner, other: Owner): boolean {
    const [a, b] = [this.#places.get(one)!, this.#places.get(other)!];
    return a.kind === b.kind && a.at < b.at + b.length && b.at < a.at + a.length;
  }
}
