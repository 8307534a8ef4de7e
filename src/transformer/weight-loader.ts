import type { Backend } from '../backend/backend.ts';
import { MAX_BYTES } from '../backend/memory.ts';
import { openBackend } from '../backend/open.ts';
import { FormatError } from '../core/errors.ts';
import type { Checkpoint, Fingerprint, ReadOptions, TensorRows } from './checkpoint/checkpoint.ts';
import type { StagedRows } from './resident-matrix.ts';
import { residentPlan } from './resident-plan.ts';
import { Stage } from './stage.ts';
import { rowRuns } from './stored-rows.ts';
import type { WeightSlot } from './weight-slots.ts';
import { allocateWeights, type ModelWeights, weightBlocks } from './weights.ts';

export interface LoadedWeights {
  readonly weights: ModelWeights;
  readonly fingerprint: Fingerprint;
}

/**
 * Streams a checkpoint's weights into a backend's memory, matrices packed in the type they are stored in, all else as f32 or f64. Beyond the
 * resident weights it needs two staging blocks of one chunk (about 4 MiB of file), and one panel that is widened. Matrices beyond `room` bytes are
 * parked in the host's memory.
 *
 * @throws NonFiniteError naming the first weight that is NaN or infinite.
 * @throws CapacityError if the weights do not fit.
 */
export async function loadWeights(
  backend: Backend,
  checkpoint: Checkpoint,
  options: ReadOptions = {},
  room: number = matrixRoom(backend),
): Promise<LoadedWeights> {
  const { config } = checkpoint;
  const host = await openBackend({ kind: 'ts' });
  let slots: ReadonlyMap<string, WeightSlot> = new Map();
  const planned = (empty: ModelWeights) => {
    const plan = residentPlan(checkpoint, empty);
    slots = plan.slots;
    return plan.formatOf;
  };
  const weights = allocateWeights(backend.memory, config, planned, { host, bytes: room });
  const stage = new Stage(backend);
  try {
    const fingerprint = await checkpoint.readWeights((rows) => place(backend, slots, stage.fill(rows), rows), options);
    return { weights, fingerprint };
  } catch (error) {
    for (const block of weightBlocks(weights)) backend.memory.release(block);
    throw error;
  } finally {
    stage.release();
  }
}

/** Bytes of matrices that a memory takes: three eighths of a WebAssembly memory stay for activations and what analyses copy. The twin's has no end. */
function matrixRoom({ kind, memory }: Backend): number {
  return kind === 'ts' ? Number.POSITIVE_INFINITY : Math.max(0, 0.625 * MAX_BYTES - memory.bytesInUse);
}

/** Copies or packs one chunk to where it belongs. */
function place(
  backend: Backend,
  slots: ReadonlyMap<string, WeightSlot>,
  staged: StagedRows,
  { tensor, firstRow, rows }: TensorRows,
): void {
  const slot = slots.get(tensor.name);
  if (slot === undefined) {
    throw new FormatError(`loadWeights: ${tensor.name} must belong to the model, but it has no place in it.`, {
      source: tensor.file,
      field: tensor.name,
    });
  }
  const { wide } = staged;
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
      let column = 0;
      for (const matrix of slot.parts) {
        matrix.packRows(backend, staged, firstRow, rows, column);
        column += matrix.n;
      }
      break;
    }
    case 'out-in':
      for (const { part, at, count, target } of rowRuns(slot.place, firstRow, rows))
        slot.parts[part]!.packColumns(backend, staged, at, count, target);
  }
}
