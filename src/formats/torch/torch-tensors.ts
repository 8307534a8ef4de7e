import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../json.ts';
import type { StoredTensor } from '../safetensors-header.ts';
import { MAX_PICKLE } from './pickle.ts';
import type { Storage, TorchTensor } from './pickle-values.ts';
import { readStateDictionary } from './state-dictionary.ts';
import {
  dataBegin,
  findDirectory,
  LOCAL_LENGTH,
  listFiles,
  type StoredFile,
  TAIL_LENGTH,
  type ZipDirectory,
  type ZipOrigin,
} from './zip-ranges.ts';

const PICKLE = '/data.pkl';
/** How a file of PyTorch before 1.6 begins: a pickle of its magic number. */
const OLD = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Whether a file is by torch.save, of now or from before version 1.6: its archive begins with a folder's data.pkl. */
export function isTorch(bytes: Uint8Array): boolean {
  if (OLD.every((byte, i) => bytes[i] === byte)) return true;
  if (bytes.length < LOCAL_LENGTH || !ZIP.every((byte, i) => bytes[i] === byte)) return false;
  const name = bytes.subarray(LOCAL_LENGTH, LOCAL_LENGTH + bytes[26]! + 256 * bytes[27]!);
  return new TextDecoder().decode(name).endsWith(PICKLE);
}

/** Bytes of a file that are needed to go on. */
export interface ByteRange {
  readonly begin: number;
  readonly length: number;
}

/** Asks for ranges of bytes, each of which lies in the file, and is given them. */
export type Asking<T> = Generator<ByteRange, T, Uint8Array>;

/** The archive that a state dictionary lies in. */
interface Archive {
  readonly origin: ZipOrigin;
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Folder of all its files. */
  readonly folder: string;
  /** Where the directory begins, which is behind all data. */
  readonly end: number;
}

/**
 * Which tensors a file of `torch.save` holds and where their numbers lie, in the order of their places. The numbers are not asked for, and the pickle is not run: see `readPickle`.
 *
 * @param alone name of a tensor that was saved without a dictionary; null refuses it
 * @throws FormatError with the offset, or naming the tensor, the name or the operation that is not read.
 * @cost asks for the directory and the pickle, and for 30 bytes of each storage.
 */
export function* torchTensors(origin: ZipOrigin, alone: string | null): Asking<readonly StoredTensor[]> {
  const archive = yield* openArchive(origin);
  const tensors = yield* readState(archive, alone);
  const begins = yield* locateStorages(archive, [...tensors.values()]);
  const stored = [...tensors].map(([name, { storage, offset, shape, count }]): StoredTensor => {
    const begin = begins.get(storage.key)! + offset * storage.elementBytes;
    return { name, dtype: storage.dtype, shape, begin, end: begin + count * storage.elementBytes };
  });
  return stored.sort((a, b) => a.begin - b.begin || a.end - b.end);
}

function* openArchive(origin: ZipOrigin): Asking<Archive> {
  const start = yield { begin: 0, length: Math.min(OLD.length, origin.size) };
  const begins = (sought: readonly number[]): boolean => sought.every((byte, i) => start[i] === byte);
  if (begins(OLD))
    throw fault(
      origin,
      'be a file of PyTorch 1.6 or later, but it has the format from before. Save it anew: torch.save(torch.load(old, weights_only=True), new)',
    );
  if (!begins(ZIP)) throw fault(origin, 'be a zip archive, as torch.save writes, but it begins otherwise');
  const tail = Math.min(TAIL_LENGTH, origin.size);
  const directory: ZipDirectory = findDirectory(origin, yield { begin: origin.size - tail, length: tail });
  const files = listFiles(origin, directory, yield directory);
  const pickles = [...files.keys()].filter(
    (name) => name.endsWith(PICKLE) && name.indexOf('/') === name.length - PICKLE.length,
  );
  if (pickles.length !== 1)
    throw fault(
      origin,
      `hold one file data.pkl in its folder, but it holds ${pickles.length}. It may not be by torch.save`,
    );
  return { origin, files, folder: pickles[0]!.slice(0, -PICKLE.length), end: directory.begin };
}

function* readState(archive: Archive, alone: string | null): Asking<ReadonlyMap<string, TorchTensor>> {
  const { origin, files, folder } = archive;
  const order = files.get(`${folder}/byteorder`);
  if (order !== undefined) {
    const text = new TextDecoder().decode((yield* contents(archive, order, 'little'.length)).bytes);
    if (text !== 'little')
      throw fault(origin, `have its numbers in little order, but it has them in ${quoteName(text)}`);
  }
  const { begin, bytes } = yield* contents(archive, files.get(`${folder}${PICKLE}`)!, MAX_PICKLE);
  return readStateDictionary({ ...origin, begin }, bytes, alone);
}

/** Where the numbers of each storage begin. */
function* locateStorages(archive: Archive, tensors: readonly TorchTensor[]): Asking<ReadonlyMap<string, number>> {
  const { origin, files, folder } = archive;
  const storages = new Map<string, Storage>();
  for (const { storage } of tensors) {
    const other = storages.get(storage.key);
    if (other !== undefined && (other.dtype !== storage.dtype || other.count !== storage.count))
      throw fault(origin, `give a storage one type and size, but ${quoteName(storage.key)} has two`);
    storages.set(storage.key, storage);
  }
  const begins = new Map<string, number>();
  for (const { key, count, elementBytes } of storages.values()) {
    const file = files.get(`${folder}/data/${key}`);
    if (file?.size !== count * elementBytes) {
      const found = file === undefined ? 'has none' : `has ${file.size}`;
      throw fault(origin, `hold ${count * elementBytes} bytes for storage ${quoteName(key)}, but it ${found}`);
    }
    begins.set(key, yield* beginOf(archive, file));
  }
  return begins;
}

function* beginOf({ origin, end }: Archive, file: StoredFile): Asking<number> {
  return dataBegin(origin, file, yield { begin: file.header, length: LOCAL_LENGTH }, end);
}

function* contents(archive: Archive, file: StoredFile, most: number) {
  if (file.size > most)
    throw fault(archive.origin, `hold at most ${most} bytes in ${quoteName(file.name)}, but it holds ${file.size}`);
  const begin: number = yield* beginOf(archive, file);
  const bytes: Uint8Array = yield { begin, length: file.size };
  return { begin, bytes };
}

function fault({ source, where }: ZipOrigin, must: string): FormatError {
  return new FormatError(`${where}: ${source} must ${must}.`, { source });
}
