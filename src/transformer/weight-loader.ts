import type { Backend } from '../backend/backend.ts';
import { MAX_BYTES } from '../backend/memory.ts';
import { openBackend } from '../backend/open.ts';
import { CapacityError } from '../core/errors.ts';
import type { Checkpoint, Fingerprint, ReadOptions } from './checkpoint/checkpoint.ts';
import { chunkSize } from './checkpoint/stream-weights.ts';
import { placeRows } from './place-rows.ts';
import type { ResidentMatrix } from './resident-matrix.ts';
import { residentPlan } from './resident-plan.ts';
import { Stage } from './stage.ts';
import { type PackFromFile, Streaming } from './streaming.ts';
import { matricesIn, type WeightSlot } from './weight-slots.ts';
import { allocateWeights, type Budget, type ModelWeights, matricesOf, weightBlocks } from './weights.ts';

export interface LoadedWeights {
  readonly weights: ModelWeights;
  readonly fingerprint: Fingerprint;
  /** Bytes of the tensors that stay in their files and are read again whenever they are needed. */
  readonly streamedBytes: number;
}

/** Options of {@link loadWeights}. */
export interface LoadOptions extends ReadOptions {
  /** Most bytes that the weights take, an eighth of it left free; without an end by default. */
  readonly memory?: number | undefined;
}

/**
 * Streams a checkpoint's weights into a backend's memory, matrices packed in the type they are stored in, all else as f32 or f64. Beyond the
 * resident weights it needs two staging blocks of one chunk (about 4 MiB of file), and one panel that is widened. Matrices beyond `room` bytes are
 * parked in the host's memory. Of what is beyond `memory` bytes in all, matrices stay in their files: each is read again, to the same bits, when a
 * kernel asks for it.
 *
 * @throws NonFiniteError naming the first weight that is NaN or infinite.
 * @throws CapacityError if the weights do not fit, or would have to stay in files that can only be waited for.
 */
export async function loadWeights(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LoadOptions = {},
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
  const streaming = new Streaming();
  const budget = budgetOf(checkpoint, streaming, options.memory);
  const weights = allocateWeights(backend.memory, config, planned, { host, bytes: room, budget });
  const stage = new Stage(backend);
  let streams = false;
  try {
    if (streaming.used && checkpoint.readTensor === undefined) throw cannotStream(options.memory);
    const fingerprint = await checkpoint.readWeights(
      (rows) => placeRows(backend, slots, stage.fill(rows), rows),
      options,
    );
    if (streaming.used) streaming.connect(packFromFile(backend, checkpoint, slots, stage), stage.blocks);
    streams = streaming.used;
    return { weights, fingerprint, streamedBytes: streamedBytes(checkpoint, weights, slots) };
  } catch (error) {
    for (const block of weightBlocks(weights)) backend.memory.release(block);
    throw error;
  } finally {
    if (!streams) stage.release();
  }
}

function budgetOf({ tensors }: Checkpoint, streaming: Streaming, bytes: number | undefined): Budget | null {
  if (bytes === undefined) return null;
  let reading = 0;
  for (const tensor of tensors.values()) {
    const chunk = chunkSize(tensor);
    // The chunk, its copies of two kinds, and its numbers.
    reading = Math.max(reading, 3 * chunk.bytes + 4 * chunk.numbers);
  }
  return { bytes, reading, streaming };
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
  return (matrix, to) => {
    const name = names.get(matrix)!;
    readTensor!(tensors.get(name)!, (rows) =>
      placeRows(backend, slots, stage.refill(rows, matrix.format), rows, { matrix, to }),
    );
  };
}

function streamedBytes({ tensors }: Checkpoint, weights: ModelWeights, slots: ReadonlyMap<string, WeightSlot>): number {
  const streamed = new Set(matricesOf(weights).filter((matrix) => matrix.streamed));
  let bytes = 0;
  for (const [name, slot] of slots) {
    const { begin, end } = tensors.get(name) ?? { begin: 0, end: 0 };
    // A tensor of several matrices is read for each.
    bytes += (end - begin) * matricesIn(slot).filter((matrix) => streamed.has(matrix)).length;
  }
  return bytes;
}

/** Bytes of matrices that a memory takes: three eighths of a WebAssembly memory stay for activations and what analyses copy. The twin's has no end. */
function matrixRoom({ kind, memory }: Backend): number {
  return kind === 'ts' ? Number.POSITIVE_INFINITY : Math.max(0, 0.625 * MAX_BYTES - memory.bytesInUse);
}
