import { CapacityError } from '../../core/errors.ts';
import type { Checkpoint, Fingerprint, ReadOptions, TensorEntry, TensorRows } from './checkpoint.ts';
import { createSha256 } from './sha256.ts';
import type { WeightFile } from './weight-files.ts';

/** Bytes read at once, unless one row is longer. */
const CHUNK = 4 << 20;
/** Numbers read at once, unless one row has more: blocks hold several in a byte. */
const CHUNK_NUMBERS = 2 << 20;
/** Longest row that is read. */
const MAX_ROW = 1 << 30;

/** A stretch of a file that is read in pieces of whole units: the rows of a tensor, or bytes that are only hashed. */
interface Stretch {
  readonly begin: number;
  readonly end: number;
  readonly unit: number;
  /** Units read at once. */
  readonly units: number;
  /** The tensors of these bytes: none, one, or several that share them. */
  readonly tensors: TensorEntry[];
}

/**
 * Reads each file once from its first byte to its last through one buffer, hashes all of it, and shows the rows of the wanted
 * tensors to `visit`. Pieces are read to the start of the buffer, so that they are aligned whatever their offset in the file.
 *
 * @returns SHA-256 of each file.
 * @throws CapacityError if a row is longer than 1 GiB.
 */
export async function streamWeights(
  files: readonly WeightFile[],
  tensors: ReadonlyMap<string, TensorEntry>,
  visit: (rows: TensorRows) => void,
  { signal, onProgress }: ReadOptions,
): Promise<Fingerprint> {
  const plans = files.map((file) => stretches(file, tensors));
  const buffer = new Uint8Array(bufferSize(plans.flat()));
  const total = files.reduce((sum, file) => sum + file.bytes.size, 0);
  const hashes = new Map<string, string>();
  let done = 0;
  onProgress?.(done, total);
  for (const [i, file] of files.entries()) {
    const hash = createSha256();
    for (const { begin, end, unit, units, tensors: shown } of plans[i] ?? []) {
      const step = units * unit;
      for (let at = begin; at < end; at += step) {
        signal?.throwIfAborted();
        const bytes = buffer.subarray(0, Math.min(step, end - at));
        await file.bytes.read(at, bytes);
        hash.update(bytes);
        for (const tensor of shown) visit({ tensor, firstRow: (at - begin) / unit, rows: bytes.length / unit, bytes });
        done += bytes.length;
        onProgress?.(done, total);
      }
    }
    hashes.set(file.name, hash.hex());
  }
  signal?.throwIfAborted();
  return Object.fromEntries(hashes);
}

/** The way to read a tensor of the files again, at once; nothing where a file can only be waited for. */
export function tensorReader(files: readonly WeightFile[]): Pick<Checkpoint, 'readTensor'> {
  if (files.some(({ bytes }) => bytes.readSync === undefined)) return {};
  const sources = new Map(files.map(({ name, bytes }) => [name, bytes]));
  let buffer = new Uint8Array(0);
  return {
    readTensor: (tensor, visit) => {
      const { begin, end, unit, units } = stretchOf(tensor);
      const step = units * unit;
      const size = Math.min(step, end - begin);
      if (buffer.length < size) buffer = new Uint8Array(size);
      for (let at = begin; at < end; at += step) {
        const bytes = buffer.subarray(0, Math.min(step, end - at));
        sources.get(tensor.file)!.readSync!(at, bytes);
        visit({ tensor, firstRow: (at - begin) / unit, rows: bytes.length / unit, bytes });
      }
    },
  };
}

/** The most bytes and numbers of a tensor that are read at once. */
export function chunkSize(tensor: TensorEntry): { readonly bytes: number; readonly numbers: number } {
  const { begin, end, unit, units } = stretchOf(tensor);
  const bytes = Math.min(units * unit, end - begin);
  return { bytes, numbers: (bytes / (end - begin)) * tensor.shape.reduce((product, size) => product * size, 1) };
}

/** The header, then the tensors, which cover the rest; neighbours that are only hashed become one stretch. */
function stretches(file: WeightFile, tensors: ReadonlyMap<string, TensorEntry>): Stretch[] {
  const wanted = [...tensors.values()].filter((tensor) => tensor.file === file.name).sort((a, b) => a.begin - b.begin);
  const found: Stretch[] = [];
  let at = 0;
  for (const tensor of wanted) {
    const { begin, end } = tensor;
    const last = found.at(-1);
    if (last?.begin === begin) {
      last.tensors.push(tensor);
      continue;
    }
    if (begin > at) found.push(between(at, begin));
    found.push(stretchOf(tensor));
    at = end;
  }
  if (file.bytes.size > at) found.push(between(at, file.bytes.size));
  return found;
}

/** The rows of a tensor. */
function stretchOf(tensor: TensorEntry): Stretch {
  const { begin, end, shape } = tensor;
  const unit = (end - begin) / (shape[0] ?? 1);
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const units = Math.max(1, Math.floor(Math.min(CHUNK / unit, CHUNK_NUMBERS / width)));
  return { begin, end, unit, units, tensors: [tensor] };
}

/** Bytes that are only hashed. */
function between(begin: number, end: number): Stretch {
  return { begin, end, unit: 1, units: CHUNK, tensors: [] };
}

function bufferSize(all: readonly Stretch[]): number {
  let size = 1;
  for (const { begin, end, unit, units, tensors } of all) {
    if (unit > MAX_ROW) {
      throw new CapacityError(
        `readWeights: a row of tensor ${tensors[0]?.name} must have at most ${MAX_ROW} bytes, but it has ${unit}.`,
        unit,
      );
    }
    size = Math.max(size, Math.min(units * unit, end - begin));
  }
  return size;
}
