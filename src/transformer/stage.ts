import type { Backend } from '../backend/backend.ts';
import { blockOf, formatCode, type WeightFormat } from '../backend/contract/weights.ts';
import type { Block, ElementKind, Holding } from '../backend/memory.ts';
import { NonFiniteError } from '../core/errors.ts';
import type { TensorRows } from './checkpoint/checkpoint.ts';
import type { StagedRows } from './resident-matrix.ts';

/** Blocks that hold one chunk of a checkpoint as it is stored and as f32, enlarged when a chunk needs more. */
export class Stage {
  readonly #backend: Backend;
  readonly #hold: Holding;
  readonly #blocks = new Map<ElementKind, Block>();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#hold = backend.memory.hold();
  }

  /** Takes a chunk in. It stays until the next. @throws NonFiniteError naming the first element that is NaN or infinite. */
  fill(chunk: TensorRows): StagedRows {
    const { bytes, tensor, firstRow, rows } = chunk;
    const format: WeightFormat = tensor.dtype;
    const stored = blockOf(format);
    const n = (bytes.byteLength / stored.bytes) * stored.elements;
    const wide = this.#block('f32', n);
    const raw = format === 'F32' ? null : this.#raw(format, bytes.byteLength);
    bytesOf(raw ?? wide).set(bytes);
    if (raw !== null) this.#widen(format, raw, wide, n);
    const fault = this.#backend.kernels.firstNonFinite({ src: wide, n });
    if (fault >= 0) {
      const index = firstRow * (n / rows) + fault;
      throw new NonFiniteError(
        `loadWeights: every weight must be finite, but element ${index} of ${tensor.name} in ${tensor.file} is ${wide.view()[fault]}. The checkpoint is damaged or its training diverged; get it again.`,
      );
    }
    return { format, wide, raw };
  }

  /** Takes a chunk in that was found finite before, as f32 only where the stored type is not `format`. */
  refill({ bytes, tensor }: TensorRows, format: WeightFormat): StagedRows {
    const stored = blockOf(tensor.dtype);
    const n = (bytes.byteLength / stored.bytes) * stored.elements;
    const wide = this.#block('f32', n);
    const raw = tensor.dtype === 'F32' ? null : this.#raw(tensor.dtype, bytes.byteLength);
    bytesOf(raw ?? wide).set(bytes);
    if (raw !== null && tensor.dtype !== format) this.#widen(tensor.dtype, raw, wide, n);
    return { format: tensor.dtype, wide, raw };
  }

  /** What it takes of the memory. */
  get blocks(): readonly Block[] {
    return [...this.#blocks.values()];
  }

  release(): void {
    this.#hold.release();
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

  #block<K extends ElementKind>(kind: K, length: number): Block<K> {
    const block = this.#blocks.get(kind) as Block<K> | undefined;
    if (block !== undefined && block.length >= length) return block.part(0, length);
    const larger = this.#hold.allocate(kind, length);
    if (block !== undefined) this.#backend.memory.release(block);
    this.#blocks.set(kind, larger);
    return larger;
  }
}

function bytesOf(block: Block<'f32'> | Block<'u16'> | Block<'u8'>): Uint8Array {
  const view = block.view();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
