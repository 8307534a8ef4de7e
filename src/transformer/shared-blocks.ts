import type { PackedWeights } from '../backend/contract/weights.ts';
import type { Allocator } from '../backend/memory.ts';

/** Where a matrix is packed. */
export type PackedBlock = PackedWeights['block'];

type Kind = PackedBlock['kind'];

/** Memory that matrices without memory of their own use one at a time: a block for each kind of element, as long as the longest of them. */
export class SharedBlocks<Owner> {
  readonly #lengths = new Map<Kind, number>();
  readonly #blocks = new Map<Kind, PackedBlock>();
  readonly #owners = new Map<Kind, Owner>();

  /** Makes sure that there will be room for a block of this length. */
  reserve(kind: Kind, length: number): void {
    this.#lengths.set(kind, Math.max(length, this.#lengths.get(kind) ?? 0));
  }

  /** true where nothing was reserved. */
  get empty(): boolean {
    return this.#lengths.size === 0;
  }

  /** Takes memory for what was reserved. */
  open(memory: Allocator): void {
    for (const [kind, length] of this.#lengths) this.#blocks.set(kind, memory.allocate(kind, length) as PackedBlock);
  }

  /** The blocks that {@link open} took. */
  get blocks(): readonly PackedBlock[] {
    return [...this.#blocks.values()];
  }

  /** The block of a kind with what its owner has there, filled by `fill` unless it was the last to use it. */
  of(owner: Owner, kind: Kind, length: number, fill: (block: PackedBlock) => void): PackedBlock {
    const block = this.#blocks.get(kind)!.part(0, length) as PackedBlock;
    if (this.#owners.get(kind) === owner) return block;
    this.#owners.delete(kind);
    fill(block);
    this.#owners.set(kind, owner);
    return block;
  }

  /** What lies in the blocks is out of date. */
  forget(): void {
    this.#owners.clear();
  }
}
