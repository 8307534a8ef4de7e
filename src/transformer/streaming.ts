import type { Allocator } from '../backend/memory.ts';
import { BackendError } from '../core/errors.ts';
import type { ResidentMatrix, WeightBlock } from './resident-matrix.ts';
import { type PackedBlock, SharedBlocks } from './shared-blocks.ts';

/** Packs a matrix from its file to a zeroed block, at once. */
export type PackFromFile = (matrix: ResidentMatrix, to: PackedBlock) => void;

/**
 * Matrices that stay in their files. One is read when a kernel asks for it, and stays until another of its kind is asked for; all of them share the
 * memory that the largest takes.
 */
export class Streaming {
  readonly #shared = new SharedBlocks<ResidentMatrix>();
  #pack: PackFromFile | null = null;
  #readers: readonly WeightBlock[] = [];

  /** Makes sure that a block of this length can be staged. */
  reserve(kind: PackedBlock['kind'], length: number): void {
    this.#shared.reserve(kind, length);
  }

  /** true where some matrix is read from its file. */
  get used(): boolean {
    return !this.#shared.empty;
  }

  /** Takes memory for the largest of the matrices of each kind. */
  open(memory: Allocator): void {
    this.#shared.open(memory);
  }

  /** From now on matrices are read by `pack`, which keeps `readers` for it. */
  connect(pack: PackFromFile, readers: readonly WeightBlock[]): void {
    this.#pack = pack;
    this.#readers = readers;
  }

  /** What it takes of the backend's memory. */
  get blocks(): readonly WeightBlock[] {
    return [...this.#shared.blocks, ...this.#readers];
  }

  /** A matrix in the backend's memory, to be used at once. @throws FormatError if its file changed. */
  stage(matrix: ResidentMatrix, kind: PackedBlock['kind'], length: number): PackedBlock {
    return this.#shared.of(matrix, kind, length, (block) => {
      if (this.#pack === null) throw new BackendError('Streaming: the file must be connected, but it is not.');
      block.view().fill(0);
      this.#pack(matrix, block);
    });
  }
}
