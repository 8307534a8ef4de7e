import type { Backend } from '../backend/backend.ts';
import type { PackedWeights } from '../backend/contract/weights.ts';
import type { Kernels } from '../backend/kernels.ts';
import type { Allocator } from '../backend/memory.ts';

/** Where a matrix is packed. */
export type PackedBlock = PackedWeights['block'];

/**
 * Matrices for which a backend's memory has no room. They lie packed in arrays of the host, which know no limit of 4 GiB, and are copied into the
 * backend's memory one at a time when a kernel asks for one; the last one stays there until another is asked for.
 */
export class Parking {
  readonly #host: Backend;
  readonly #lengths = new Map<PackedBlock['kind'], number>();
  readonly #stages = new Map<PackedBlock['kind'], PackedBlock>();
  readonly #staged = new Map<PackedBlock['kind'], PackedBlock>();

  /** @param host a backend whose blocks are arrays of the host */
  constructor(host: Backend) {
    this.#host = host;
  }

  /** A zeroed block of the host. */
  park(kind: PackedBlock['kind'], length: number): PackedBlock {
    this.#lengths.set(kind, Math.max(length, this.#lengths.get(kind) ?? 0));
    return this.#host.memory.allocate(kind, length) as PackedBlock;
  }

  /** Takes memory for the largest of the parked blocks of each kind. */
  open(memory: Allocator): void {
    for (const [kind, length] of this.#lengths) this.#stages.set(kind, memory.allocate(kind, length) as PackedBlock);
  }

  /** The blocks that {@link open} took. */
  get stages(): Iterable<PackedBlock> {
    return this.#stages.values();
  }

  /** The parked block in the backend's memory, to be used at once. */
  stage(parked: PackedBlock): PackedBlock {
    const stage = this.#stages.get(parked.kind)!.part(0, parked.length) as PackedBlock;
    if (this.#staged.get(parked.kind) === parked) return stage;
    stage.view().set(parked.view());
    this.#staged.set(parked.kind, parked);
    return stage;
  }

  /** Runs the host's kernels on a copy of a backend's block. What is parked may change by it. */
  fill(from: PackedBlock, work: (kernels: Kernels, src: PackedBlock) => void): void {
    const { memory, kernels } = this.#host;
    memory.scope(() => {
      const src = memory.allocate(from.kind, from.length) as PackedBlock;
      src.view().set(from.view());
      work(kernels, src);
    });
    this.#staged.clear();
  }
}
