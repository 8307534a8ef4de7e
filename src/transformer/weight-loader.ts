import type { Backend } from '../backend/backend.ts';
import type { Block, Holding } from '../backend/memory.ts';
import { FormatError, NonFiniteError } from '../core/errors.ts';
import { GGML_TYPES } from '../formats/gguf/types.ts';
import type { Checkpoint, Fingerprint, ReadOptions, TensorRows } from './checkpoint/checkpoint.ts';
import { plannedTensors } from './checkpoint/planned-tensors.ts';
import { isBlockType } from './checkpoint/tensor-table.ts';
import { rowRuns } from './stored-rows.ts';
import { type WeightSlot, weightSlots } from './weight-slots.ts';
import { allocateWeights, type ModelWeights, weightBlocks } from './weights.ts';

export interface LoadedWeights {
  readonly weights: ModelWeights;
  readonly fingerprint: Fingerprint;
}

/**
 * Streams a checkpoint's weights into a backend's memory, packed. Beyond the resident weights it needs two staging blocks of
 * one chunk (about 4 MiB of file each).
 *
 * @throws NonFiniteError naming the first weight that is NaN or infinite.
 * @throws CapacityError if the weights do not fit.
 */
export async function loadWeights(
  backend: Backend,
  checkpoint: Checkpoint,
  options: ReadOptions = {},
): Promise<LoadedWeights> {
  const { config } = checkpoint;
  const weights = allocateWeights(backend.memory, config);
  const stage = new Stage(backend);
  try {
    const slots = weightSlots(plannedTensors(checkpoint.family, config), weights, config);
    const fingerprint = await checkpoint.readWeights((rows) => place(backend, slots, stage.widen(rows), rows), options);
    return { weights, fingerprint };
  } catch (error) {
    for (const block of weightBlocks(weights)) backend.memory.release(block);
    throw error;
  } finally {
    stage.release();
  }
}

/** Staging blocks, enlarged when a chunk needs more. */
class Stage {
  readonly #backend: Backend;
  readonly #hold: Holding;
  #raw: Block<'u8'> | null = null;
  #halves: Block<'u16'> | null = null;
  #wide: Block<'f32'> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#hold = backend.memory.hold();
  }

  /** The chunk's elements as f32, checked to be finite. */
  widen({ bytes, tensor, firstRow, rows }: TensorRows): Block<'f32'> {
    const { kernels } = this.#backend;
    const { dtype } = tensor;
    const { code, elements, bytes: unit } = GGML_TYPES.get(dtype)!;
    const blocks = bytes.byteLength / unit;
    const n = blocks * elements;
    this.#wide = this.#enlarge('f32', this.#wide, n);
    const wide = this.#wide.part(0, n);
    if (dtype === 'F32') bytesOf(wide).set(bytes);
    else if (isBlockType(dtype)) {
      this.#raw = this.#enlarge('u8', this.#raw, bytes.length);
      this.#raw.part(0, bytes.length).view().set(bytes);
      kernels.dequantise({ src: this.#raw, dst: wide, blocks, type: code });
    } else {
      this.#halves = this.#enlarge('u16', this.#halves, n);
      const raw = this.#halves.part(0, n);
      bytesOf(raw).set(bytes);
      if (dtype === 'F16') kernels.convertF16({ src: raw, dst: wide, n });
      else kernels.convertBf16({ src: raw, dst: wide, n });
    }
    const fault = kernels.firstNonFinite({ src: wide, n });
    if (fault >= 0) {
      const index = firstRow * (n / rows) + fault;
      throw new NonFiniteError(
        `loadWeights: every weight must be finite, but element ${index} of ${tensor.name} in ${tensor.file} is ${wide.view()[fault]}. The checkpoint is damaged or its training diverged; get it again.`,
      );
    }
    return wide;
  }

  release(): void {
    this.#hold.release();
  }

  #enlarge<K extends 'u8' | 'u16' | 'f32'>(kind: K, block: Block<K> | null, length: number): Block<K> {
    if (block !== null && block.length >= length) return block;
    const larger = this.#hold.allocate(kind, length);
    if (block !== null) this.#backend.memory.release(block);
    return larger;
  }
}

function bytesOf(block: Block<'f32' | 'u16'>): Uint8Array {
  const view = block.view();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Copies or packs one chunk to where it belongs. */
function place(
  { kernels }: Backend,
  slots: ReadonlyMap<string, WeightSlot>,
  wide: Block<'f32'>,
  { tensor, firstRow, rows }: TensorRows,
): void {
  const slot = slots.get(tensor.name);
  if (slot === undefined) {
    throw new FormatError(`loadWeights: ${tensor.name} must belong to the model, but it has no place in it.`, {
      source: tensor.file,
      field: tensor.name,
    });
  }
  switch (slot.layout) {
    case 'vector':
      for (const { part, at, count, target } of rowRuns(slot.place, firstRow, rows))
        slot.parts[part]!.part(target, count).view().set(wide.part(at, count).view());
      break;
    case 'norm': {
      const [to, from] = [slot.block.view(), wide.view()];
      const first = firstRow * (from.length / rows);
      for (let i = 0; i < from.length; i++) to[slot.place?.(first + i).target ?? first + i] = from[i]! + slot.offset;
      break;
    }
    case 'rows': {
      const { block, width, skip } = slot;
      const from = Math.max(firstRow, skip);
      const to = Math.min(firstRow + rows, skip + block.length / width);
      if (from < to)
        block
          .part((from - skip) * width, (to - from) * width)
          .view()
          .set(wide.part((from - firstRow) * width, (to - from) * width).view());
      break;
    }
    case 'in-out': {
      const stride = wide.length / rows;
      let column = 0;
      for (const { weights, k, n } of slot.parts) {
        kernels.packInOut({ src: wide, dst: weights, firstRow, rows, stride, column, k, n });
        column += n;
      }
      break;
    }
    case 'out-in':
      for (const { part, at, count, target } of rowRuns(slot.place, firstRow, rows)) {
        const { weights, k } = slot.parts[part]!;
        kernels.packOutIn({ src: wide.part(at * k, count * k), dst: weights, firstColumn: target, columns: count, k });
      }
  }
}
