import type { Allocator, Block } from '../backend/memory.ts';
import { BackendError } from '../core/errors.ts';
import type { PackedBlock } from './parking.ts';
import type { ResidentMatrix, WeightBlock } from './resident-matrix.ts';

/** Packs a matrix from its file to a zeroed block, at once. */
export type PackFromFile = (matrix: ResidentMatrix, to: PackedBlock) => void;

/**
 * Matrices that stay in their files. One is read when a kernel asks for it, and stays until another of its kind is asked for; all of them share the
 * memory that the largest takes.
 */
export class Streaming {
  readonly #lengths = new Map<PackedBlock['kind'], number>();
  readonly #stages = new Map<PackedBlock['kind'], PackedBlock>();
  readonly #staged = new Map<PackedBlock['kind'], ResidentMatrix>();
  #pack: PackFromFile | null = null;
  #readers: readonly Block[] = [];

  /** Makes sure that a block of this length can be staged. */
  reserve(kind: PackedBlock['kind'], length: number): void {
    this.#lengths.set(kind, Math.max(length, this.#lengths.get(kind) ?? 0));
  }

  /** true where some matrix is read from its file. */
  get used(): boolean {
    return this.#lengths.size > 0;
  }

  /** Takes memory for the largest of the matrices of each kind. */
  open(memory: Allocator): void {
    for (const [kind, length] of this.#lengths) this.#stages.set(kind, memory.allocate(kind, length) as PackedBlock);
  }

  /** From now on matrices are read by `pack`, which keeps `readers` for it. */
  connect(pack: PackFromFile, readers: readonly Block[]): void {
    this.#pack = pack;
    this.#readers = readers;
  }

  /** What it takes of the backend's memory. */
  get blocks(): readonly WeightBlock[] {
    return [...this.#stages.values(), ...(this.#readers as readonly WeightBlock[])];
  }

  /** A matrix in the backend's memory, to be used at once. @throws FormatError if its file changed. */
  stage(matrix: ResidentMatrix, kind: PackedBlock['kind'], length: number): PackedBlock {
    const stage = this.#stages.get(kind)!.part(0, length) as PackedBlock;
    if (this.#staged.get(kind) === matrix) return stage;
    if (this.#pack === null) throw new BackendError('Streaming: the file must be connected, but it is not.');
    this.#staged.delete(kind);
    stage.view().fill(0);
    this.#pack(matrix, stage);
    this.#staged.set(kind, matrix);
    return stage;
  }
}
