import type { Backend } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import { CapacityError } from '../core/errors.ts';
import { freeMemory } from '../core/free-memory.ts';
import type { Checkpoint, Fingerprint, ReadOptions } from './checkpoint/checkpoint.ts';
import { placeRows } from './place-rows.ts';
import type { ResidentMatrix } from './resident-matrix.ts';
import { residentPlan } from './resident-plan.ts';
import { Stage } from './stage.ts';
import { type PackFromFile, Streaming } from './streaming.ts';
import { budgetOf, planStreaming, WASM_ROOM } from './streaming-plan.ts';
import { matricesIn, type WeightSlot } from './weight-slots.ts';
import { allocateWeights, type ModelWeights, weightBlocks } from './weights.ts';

export interface LoadedWeights {
  readonly weights: ModelWeights;
  readonly fingerprint: Fingerprint;
  /** What stays in files; null where nothing does. */
  readonly streaming: Streaming | null;
}

/** Options of {@link loadWeights}. */
export interface LoadOptions extends ReadOptions {
  /** Most bytes that the weights take, an eighth of it left free; by default what the machine has free, where files can be read at once. */
  readonly memory?: number | undefined;
}

/** What there is to put weights in. */
export interface MachineMemory {
  /** Bytes of matrices that the backend's memory takes. */
  readonly room?: number | undefined;
  /** Bytes that the machine has free; null where nobody knows. */
  readonly free?: number | null;
}

/**
 * Streams a checkpoint's weights into a backend's memory, matrices packed in the type they are stored in, all else as f32 or f64. Beyond the
 * resident weights it needs two staging blocks of one chunk (about 4 MiB of file), and one panel that is widened. Matrices beyond `room` bytes are
 * parked in the host's memory. Of what is beyond `memory` bytes in all, matrices stay in their files: each is read again, to the same bits, when a
 * kernel asks for it. Without `memory` that is so of what is beyond what the machine has free; such a budget is never too small.
 *
 * @throws NonFiniteError naming the first weight that is NaN or infinite.
 * @throws CapacityError if the weights do not fit, or would have to stay in files that can only be waited for.
 */
export async function loadWeights(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LoadOptions = {},
  { room = matrixRoom(backend), free = freeMemory() }: MachineMemory = {},
): Promise<LoadedWeights> {
  const { config } = checkpoint;
  const host = await openBackend({ kind: 'ts' });
  const budget = budgetOf(checkpoint, options.memory, free);
  let slots: ReadonlyMap<string, WeightSlot> = new Map();
  let streaming: Streaming | null = null;
  const planned = (empty: ModelWeights) => {
    const plan = residentPlan(checkpoint, empty);
    const { formatOf } = plan;
    slots = plan.slots;
    const streamed = budget === null ? null : planStreaming(checkpoint, empty, plan, budget, room);
    streaming = streamed === null || streamed.tensorOf.size === 0 ? null : new Streaming(streamed);
    return { formatOf, streaming };
  };
  const weights = allocateWeights(backend.memory, config, planned, { host, bytes: room });
  const streams = streaming as Streaming | null;
  const stage = new Stage(backend);
  let reads = false;
  try {
    if (streams !== null && checkpoint.readTensor === undefined) throw cannotStream(options.memory);
    const fingerprint = await checkpoint.readWeights(
      (rows) => placeRows(backend, slots, stage.fill(rows), rows),
      options,
    );
    streams?.connect(packFromFile(backend, checkpoint, slots, stage), stage.blocks);
    reads = streams !== null;
    return { weights, fingerprint, streaming: streams };
  } catch (error) {
    for (const block of weightBlocks(weights)) backend.memory.release(block);
    throw error;
  } finally {
    if (!reads) stage.release();
  }
}

function cannotStream(memory: number | undefined): CapacityError {
  return new CapacityError(
    `openModel: memory must hold the whole model where files cannot be read at once, but it is ${memory}. Leave it out, or open the model in Node.`,
  );
}

/** Packs again what the first reading packed or found finite. */
function packFromFile(
  backend: Backend,
  { tensors, readTensor }: Checkpoint,
  slots: ReadonlyMap<string, WeightSlot>,
  stage: Stage,
): PackFromFile {
  const names = new Map<ResidentMatrix, string>();
  for (const [name, slot] of slots) for (const matrix of matricesIn(slot)) names.set(matrix, name);
  return ([first], blockOf) => {
    const name = names.get(first!)!;
    readTensor!(tensors.get(name)!, (rows) =>
      placeRows(backend, slots, stage.refill(rows, first!.format), rows, blockOf),
    );
  };
}

/** Bytes of matrices that a memory takes. The twin's has no end. */
function matrixRoom({ kind, memory }: Backend): number {
  return kind === 'ts' ? Number.POSITIVE_INFINITY : Math.max(0, WASM_ROOM - memory.bytesInUse);
}
