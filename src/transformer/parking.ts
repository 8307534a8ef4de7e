import type { Backend } from '../backend/backend.ts';
import type { Kernels } from '../backend/kernels.ts';
import type { Allocator } from '../backend/memory.ts';
import { type PackedBlock, SharedBlocks } from './shared-blocks.ts';

/**
 * Matrices for which a backend's memory has no room. They lie packed in arrays of the host, which know no limit of 4 GiB, and are copied into the
 * backend's memory one at a time when a kernel asks for one; the last one stays there until another is asked for.
 */
export class Parking {
  readonly #host: Backend;
  readonly #shared = new SharedBlocks<PackedBlock>();

  /** @param host a backend whose blocks are arrays of the host */
  constructor(host: Backend) {
    this.#host = host;
  }

  /** A zeroed block of the host. */
  park(kind: PackedBlock['kind'], length: number): PackedBlock {
    const block = this.#host.memory.allocate(kind, length) as PackedBlock;
    this.#shared.reserve(block, kind, length);
    return block;
  }

  /** Takes memory for the largest of the parked blocks of each kind. */
  open(memory: Allocator): void {
    this.#shared.open(memory);
  }

  /** What it takes of the backend's memory. */
  get blocks(): readonly PackedBlock[] {
    return this.#shared.blocks;
  }

  /** The parked block in the backend's memory, to be used at once. */
  stage(parked: PackedBlock): PackedBlock {
    const there = this.#shared.find(parked);
    if (there !== null) return there;
    this.#shared.fill([parked], (blockOf) => blockOf(parked).view().set(parked.view()));
    return this.#shared.find(parked)!;
  }

  /** Runs the host's kernels on a copy of a backend's block. What is parked may change by it. */
  fill(from: PackedBlock, work: (kernels: Kernels, src: PackedBlock) => void): void {
    const { memory, kernels } = this.#host;
    memory.scope(() => {
      const src = memory.allocate(from.kind, from.length) as PackedBlock;
      src.view().set(from.view());
      work(kernels, src);
    });
    this.#shared.forget();
  }
}
