import type { Backend } from '../backend/backend.ts';
import { blockOf, formatCode, type WeightFormat } from '../backend/contract/weights.ts';
import type { Block, Holding } from '../backend/memory.ts';
import { NonFiniteError } from '../core/errors.ts';
import type { TensorRows } from './checkpoint/checkpoint.ts';
import type { StagedRows } from './resident-matrix.ts';
import type { PackedBlock } from './shared-blocks.ts';

/** Blocks that hold one chunk of a checkpoint as it is stored and as f32, enlarged when a chunk needs more. */
export class Stage {
  readonly #backend: Backend;
  readonly #hold: Holding;
  readonly #blocks = new Map<PackedBlock['kind'], PackedBlock>();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#hold = backend.memory.hold();
  }

  /** Takes a chunk in. It stays until the next. @throws NonFiniteError naming the first element that is NaN or infinite. */
  fill(chunk: TensorRows): StagedRows {
    const staged = this.#take(chunk, true);
    const { wide } = staged;
    const { tensor, firstRow, rows } = chunk;
    const n = wide.length;
    const fault = this.#backend.kernels.firstNonFinite({ src: wide, n });
    if (fault >= 0) {
      const index = firstRow * (n / rows) + fault;
      throw new NonFiniteError(
        `loadWeights: every weight must be finite, but element ${index} of ${tensor.name} in ${tensor.file} is ${wide.view()[fault]}. The checkpoint is damaged or its training diverged; get it again.`,
      );
    }
    return staged;
  }

  /** Takes a chunk in that was found finite before, as f32 only where the stored type is not `format`. */
  refill(chunk: TensorRows, format: WeightFormat): StagedRows {
    return this.#take(chunk, chunk.tensor.dtype !== format);
  }

  /** What it takes of the memory. */
  get blocks(): readonly PackedBlock[] {
    return [...this.#blocks.values()];
  }

  release(): void {
    this.#hold.release();
  }

  /** Copies a chunk, and has its numbers as f32 where `widened`; what is stored as f32 has them anyway. */
  #take({ bytes, tensor: { dtype: format } }: TensorRows, widened: boolean): StagedRows {
    const stored = blockOf(format);
    const n = (bytes.byteLength / stored.bytes) * stored.elements;
    const wide = this.#block('f32', n);
    const raw = format === 'F32' ? null : this.#raw(format, bytes.byteLength);
    bytesOf(raw ?? wide).set(bytes);
    if (raw !== null && widened) this.#widen(format, raw, wide, n);
    return { format, wide, raw };
  }

  #widen(format: WeightFormat, raw: Block<'u16'> | Block<'u8'>, dst: Block<'f32'>, n: number): void {
    const { kernels } = this.#backend;
    if (raw.kind === 'u8')
      kernels.dequantise({ src: raw, dst, blocks: n / blockOf(format).elements, type: formatCode(format) });
    else if (format === 'F16') kernels.convertF16({ src: raw, dst, n });
    else kernels.convertBf16({ src: raw, dst, n });
  }

  #raw(format: WeightFormat, bytes: number): Block<'u16'> | Block<'u8'> {
    return blockOf(format).elements === 1 ? this.#block('u16', bytes / 2) : this.#block('u8', bytes);
  }

  #block<K extends PackedBlock['kind']>(kind: K, length: number): Block<K> {
    const block = this.#blocks.get(kind) as Block<K> | undefined;
    if (block !== undefined && block.length >= length) return block.part(0, length);
    const larger = this.#hold.allocate(kind, length);
    if (block !== undefined) this.#backend.memory.release(block);
    this.#blocks.set(kind, larger as PackedBlock);
    return larger;
  }
}

function bytesOf(block: PackedBlock): Uint8Array {
  const view = block.view();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
