import { Inflate } from 'fflate';
import { FormatError } from '../core/errors.ts';
import { crc32 } from './crc32.ts';
import { quoteName } from './json.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
/** No deflate stream grows by more: 258 bytes for two bits of input. */
const MAX_GROWTH = 1032;
/** Bytes inflated at once, so that a stream that goes on after its declared end is stopped early. */
const PIECE = 1 << 14;
/** The same where only the start is wanted. */
const START_PIECE = 1 << 7;

/** One file of a zip, as its directory lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** Where its data begin. */
  readonly begin: number;
  readonly storedBytes: number;
  /** Size after inflation, as declared. */
  readonly size: number;
  readonly crc: number;
}

/**
 * The directory of a zip file: stored and deflated files without encryption. Sizes are checked against the file: files do not
 * overlap, lie within it, and none declares more than deflate can hold.
 *
 * @throws FormatError with the offset.
 * @source PKWARE, APPNOTE.TXT – .ZIP File Format Specification 6.3, § 4.3
 */
export function readZipDirectory(where: string, source: string, bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fault = (message: string, offset: number, field?: string): FormatError =>
    new FormatError(`${where}: ${source} must ${message}.`, {
      source,
      offset,
      ...(field === undefined ? {} : { field }),
    });
  const end = findEnd(view);
  if (end < 0) throw fault('end with the directory of a zip file, but it does not', bytes.length);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw fault('be a zip file without 64-bit extensions, but it is not', end);
  const entries: ZipEntry[] = [];
  for (let k = 0; k < count; k++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) {
      throw fault(`list ${count} files in its directory, but it lists ${k}`, Math.min(at, bytes.length));
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, Math.min(end, at + 46 + nameLength)));
    const method = view.getUint16(at + 10, true);
    const storedBytes = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const what = `file ${quoteName(name)}`;
    if ((view.getUint16(at + 8, true) & 1) === 1) throw fault(`not be encrypted, but ${what} is`, at, name);
    if (method !== 0 && method !== 8) {
      throw fault(`hold stored or deflated files, but ${what} has method ${method}`, at, name);
    }
    if (method === 0 ? size !== storedBytes : size > MAX_GROWTH * storedBytes) {
      throw fault(`hold files that inflate to their size, but ${what} has ${storedBytes} bytes for ${size}`, at, name);
    }
    const local = view.getUint32(at + 42, true);
    if (local + 30 > end || view.getUint32(local, true) !== LOCAL) {
      throw fault(`have a header of ${what} at ${local}, but it has not`, at, name);
    }
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (begin + storedBytes > end) {
      throw fault(`hold all of ${what}, but it would end at ${begin + storedBytes}`, at, name);
    }
    entries.push({ name, deflated: method === 8, begin, storedBytes, size, crc: view.getUint32(at + 16, true) });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  checkApart(entries, fault);
  return entries;
}

/** The bytes of one file of a zip. @throws FormatError if they are not what the directory says. */
export function extract(where: string, source: string, bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const stored = bytes.subarray(entry.begin, entry.begin + entry.storedBytes);
  const fault = (message: string, cause?: unknown): FormatError =>
    new FormatError(
      `${where}: file ${quoteName(entry.name)} of ${source} must ${message}.`,
      { source, offset: entry.begin, field: entry.name },
      cause === undefined ? undefined : { cause },
    );
  const data = entry.deflated ? inflate(stored, entry.size, fault) : stored;
  const crc = crc32(data);
  if (crc !== entry.crc) {
    throw fault(`have the checksum ${entry.crc.toString(16)}, but it has ${crc.toString(16)}`);
  }
  return data;
}

/** The first `length` bytes of one file of a zip, or all where it is shorter; nothing beyond is inflated. */
export function extractStart(
  where: string,
  source: string,
  bytes: Uint8Array,
  { name, begin, storedBytes, size, deflated }: ZipEntry,
  length: number,
): Uint8Array {
  const stored = bytes.subarray(begin, begin + storedBytes);
  if (!deflated) return stored.subarray(0, length);
  const pieces: Uint8Array[] = [];
  let found = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    found += piece.length;
  });
  try {
    for (let at = 0; at < stored.length && found < length; at += START_PIECE) {
      stream.push(stored.subarray(at, at + START_PIECE), at + START_PIECE >= stored.length);
    }
  } catch (cause) {
    throw new FormatError(
      `${where}: file ${quoteName(name)} of ${source} must be a deflate stream, but it is not.`,
      { source, offset: begin, field: name },
      { cause },
    );
  }
  const start = new Uint8Array(Math.min(length, found, size));
  let at = 0;
  for (const piece of pieces) {
    start.set(piece.subarray(0, start.length - at), at);
    at = Math.min(start.length, at + piece.length);
  }
  return start;
}

function inflate(
  stored: Uint8Array,
  size: number,
  fault: (message: string, cause?: unknown) => FormatError,
): Uint8Array {
  const data = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((piece) => {
    if (length + piece.length > size) throw fault(`inflate to ${size} bytes, but it goes on`);
    data.set(piece, length);
    length += piece.length;
  });
  try {
    for (let at = 0; at < stored.length; at += PIECE) {
      stream.push(stored.subarray(at, at + PIECE), at + PIECE >= stored.length);
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw fault('be a deflate stream, but it is not', cause);
  }
  if (length !== size) throw fault(`inflate to ${size} bytes, but it ends after ${length}`);
  return data;
}

/** Offset of the record that ends the file, −1 if there is none. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END && at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength) {
      return at;
    }
  }
  return -1;
}

function checkApart(
  entries: readonly ZipEntry[],
  fault: (message: string, offset: number, field?: string) => FormatError,
): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin);
  sorted.forEach(({ name, begin }, k) => {
    const before = sorted[k - 1];
    if (before === undefined || before.begin + before.storedBytes <= begin) return;
    throw fault(`hold files one after another, but file ${quoteName(name)} overlaps another`, begin, name);
  });
}
