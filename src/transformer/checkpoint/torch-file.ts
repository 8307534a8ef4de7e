import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../../formats/json.ts';
import type { SafetensorsHeader, StoredTensor } from '../../formats/safetensors-header.ts';
import { MAX_PICKLE } from '../../formats/torch/pickle.ts';
import type { Storage, TorchTensor } from '../../formats/torch/pickle-values.ts';
import { readStateDictionary } from '../../formats/torch/state-dictionary.ts';
import {
  dataBegin,
  findDirectory,
  LOCAL_LENGTH,
  listFiles,
  type StoredFile,
  TAIL_LENGTH,
  type ZipOrigin,
} from '../../formats/torch/zip-ranges.ts';
import type { ByteSource } from './checkpoint.ts';

const WHERE = 'openCheckpoint';
const PICKLE = '/data.pkl';
/** How a file of PyTorch before 1.6 begins: a pickle of its magic number. */
const OLD = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** The archive that a state dictionary lies in. */
interface Archive {
  readonly origin: ZipOrigin;
  readonly bytes: ByteSource;
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Folder of all its files. */
  readonly folder: string;
  /** Where the directory begins, which is behind all data. */
  readonly end: number;
}

/**
 * Reads which tensors a file of `torch.save` holds and where their numbers lie, without reading these. The pickle in it is not run: see `readPickle`.
 *
 * @throws FormatError with the offset, or naming the tensor, the name or the operation that is not read.
 * @cost the directory and the pickle, and 30 bytes for each storage.
 */
export async function readTorchHeader(source: string, bytes: ByteSource): Promise<SafetensorsHeader> {
  const archive = await openArchive({ where: WHERE, source, size: bytes.size }, bytes);
  const tensors = await readState(archive);
  const begins = await locateStorages(archive, [...tensors.values()]);
  const stored = [...tensors].map(([name, { storage, offset, shape, count }]): StoredTensor => {
    const begin = begins.get(storage.key)! + offset * storage.elementBytes;
    return { name, dtype: storage.dtype, shape, begin, end: begin + count * storage.elementBytes };
  });
  stored.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkApart(source, stored);
  return { dataStart: 0, metadata: new Map(), tensors: stored };
}

async function openArchive(origin: ZipOrigin, bytes: ByteSource): Promise<Archive> {
  const start = await part(bytes, 0, Math.min(OLD.length, bytes.size));
  const begins = (sought: readonly number[]): boolean => sought.every((byte, i) => start[i] === byte);
  if (begins(OLD))
    throw fault(
      origin,
      'be a file of PyTorch 1.6 or later, but it has the format from before. Save it anew: torch.save(torch.load(old, weights_only=True), new)',
    );
  if (!begins(ZIP)) throw fault(origin, 'be a zip archive, as torch.save writes, but it begins otherwise');
  const tail = Math.min(TAIL_LENGTH, bytes.size);
  const directory = findDirectory(origin, await part(bytes, bytes.size - tail, tail));
  const files = listFiles(origin, directory, await part(bytes, directory.begin, directory.length));
  const pickles = [...files.keys()].filter(
    (name) => name.endsWith(PICKLE) && name.indexOf('/') === name.length - PICKLE.length,
  );
  if (pickles.length !== 1)
    throw fault(
      origin,
      `hold one file data.pkl in its folder, but it holds ${pickles.length}. It may not be by torch.save`,
    );
  return { origin, bytes, files, folder: pickles[0]!.slice(0, -PICKLE.length), end: directory.begin };
}

async function readState(archive: Archive): Promise<ReadonlyMap<string, TorchTensor>> {
  const { origin, files, folder } = archive;
  const order = files.get(`${folder}/byteorder`);
  if (order !== undefined) {
    const text = new TextDecoder().decode((await contents(archive, order, 'little'.length)).bytes);
    if (text !== 'little')
      throw fault(origin, `have its numbers in little order, but it has them in ${quoteName(text)}`);
  }
  const { begin, bytes } = await contents(archive, files.get(`${folder}${PICKLE}`)!, MAX_PICKLE);
  return readStateDictionary({ ...origin, begin }, bytes);
}

/** Where the numbers of each storage begin. */
async function locateStorages(archive: Archive, tensors: readonly TorchTensor[]): Promise<ReadonlyMap<string, number>> {
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
    begins.set(key, await beginOf(archive, file));
  }
  return begins;
}

async function beginOf({ origin, bytes, end }: Archive, file: StoredFile): Promise<number> {
  return dataBegin(origin, file, await part(bytes, file.header, LOCAL_LENGTH), end);
}

async function contents(archive: Archive, file: StoredFile, most: number) {
  if (file.size > most)
    throw fault(archive.origin, `hold at most ${most} bytes in ${quoteName(file.name)}, but it holds ${file.size}`);
  const begin = await beginOf(archive, file);
  return { begin, bytes: await part(archive.bytes, begin, file.size) };
}

/** Tensors may share their numbers, all of them and in the same shape; parts of one another they may not be. */
function checkApart(source: string, sorted: readonly StoredTensor[]): void {
  let last: StoredTensor | null = null;
  for (const tensor of sorted) {
    if (last !== null && tensor.begin < last.end) {
      const same = tensor.begin === last.begin && tensor.dtype === last.dtype && `${tensor.shape}` === `${last.shape}`;
      if (!same)
        throw new FormatError(
          `${WHERE}: ${source} must hold tensors apart, or the same under two names, but ${quoteName(tensor.name)} is part of ${quoteName(last.name)}. Save it as .clone().`,
          { source, offset: tensor.begin, field: tensor.name },
        );
    }
    if (last === null || tensor.end > last.end) last = tensor;
  }
}

async function part(bytes: ByteSource, begin: number, length: number): Promise<Uint8Array> {
  const found = new Uint8Array(length);
  await bytes.read(begin, found);
  return found;
}

function fault({ source }: ZipOrigin, must: string): FormatError {
  return new FormatError(`${WHERE}: ${source} must ${must}.`, { source });
}
