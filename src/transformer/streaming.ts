import type { Allocator } from '../backend/memory.ts';
import { BackendError } from '../core/errors.ts';
import type { StreamedWeights } from './model.ts';
import type { ResidentMatrix, WeightBlock } from './resident-matrix.ts';
import { type PackedBlock, type PackedKind, SharedBlocks } from './shared-blocks.ts';
import type { StreamingPlan } from './streaming-plan.ts';

/** Packs the matrices of one tensor from its file to zeroed blocks, at once. */
export type PackFromFile = (
  tensor: readonly ResidentMatrix[],
  blockOf: (matrix: ResidentMatrix) => PackedBlock,
) => void;

/** Elements to which places are rounded: 16 bytes at least. */
const ALIGNMENT = 16;

/** Elements of a place for so many. */
export function placeLength(length: number): number {
  return ALIGNMENT * Math.ceil(length / ALIGNMENT);
}

/**
 * Matrices that stay in their files. One is read when a kernel asks for it, with all that its tensor holds, and stays until one of another layer
 * takes its place: those of one layer are in memory together.
 */
export class Streaming implements StreamedWeights {
  readonly #plan: StreamingPlan;
  readonly #shared = new SharedBlocks<ResidentMatrix>();
  /** Elements of each kind that the matrices of a layer take. */
  readonly #ends = new Map<string, number>();
  #pack: PackFromFile | null = null;
  #readers: readonly WeightBlock[] = [];
  #bytesRead = 0;

  constructor(plan: StreamingPlan) {
    this.#plan = plan;
  }

  get budget(): number {
    return this.#plan.budget;
  }

  get bytesPerSweep(): number {
    return this.#plan.bytesPerSweep;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** true for a matrix that is read from its file. */
  has(matrix: ResidentMatrix): boolean {
    return this.#plan.tensorOf.has(matrix);
  }

  /** Makes sure that a matrix can be staged beside those of its layer. */
  reserve(matrix: ResidentMatrix, kind: PackedKind, length: number): void {
    const end = `${kind} ${this.#plan.tensorOf.get(matrix)!.layer}`;
    const at = this.#ends.get(end) ?? 0;
    this.#shared.reserve(matrix, kind, length, at);
    this.#ends.set(end, at + placeLength(length));
  }

  /** Takes memory for the largest layer. */
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
  stage(matrix: ResidentMatrix): PackedBlock {
    const there = this.#shared.find(matrix);
    if (there !== null) return there;
    const { matrices, bytes } = this.#plan.tensorOf.get(matrix)!;
    this.#shared.fill(matrices, (blockOf) => {
      if (this.#pack === null) throw new BackendError('Streaming: the file must be connected, but it is not.');
      for (const each of matrices) blockOf(each).view().fill(0);
      this.#pack(matrices, blockOf);
    });
    this.#bytesRead += bytes;
    return this.#shared.find(matrix)!;
  }
}
