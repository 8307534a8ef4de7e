import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../json.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const [END_LENGTH, END64_LENGTH, LOCATOR64_LENGTH, CENTRAL_LENGTH] = [22, 56, 20, 46];
/** Bytes of the part of a local header that has a fixed length. */
export const LOCAL_LENGTH = 30;
/** Bytes at the end of a file in which a directory's end is sought: no comment is expected. */
export const TAIL_LENGTH = END_LENGTH + LOCATOR64_LENGTH + END64_LENGTH;
/** Longest directory that is read: PyTorch takes about 100 bytes for each tensor. */
const MAX_DIRECTORY = 1 << 26;
/** Marks a field whose value stands in the 64-bit extension. */
const [IN_EXTENSION, COUNT_IN_EXTENSION] = [0xffffffff, 0xffff];

/** The file that is read, for messages, and its size in bytes. */
export interface ZipOrigin {
  readonly where: string;
  readonly source: string;
  readonly size: number;
}

/** Where the directory of a zip file lies, and how many files it lists. */
export interface ZipDirectory {
  readonly begin: number;
  readonly length: number;
  readonly count: number;
}

/** A file that lies in a zip as it is. */
export interface StoredFile {
  readonly name: string;
  /** Where its local header begins, behind which its data lie. */
  readonly header: number;
  readonly size: number;
}

function zipFault({ source, where }: ZipOrigin, must: string, offset: number, field?: string): FormatError {
  return new FormatError(`${where}: ${source} must ${must}.`, {
    source,
    offset,
    ...(field === undefined ? {} : { field }),
  });
}

/**
 * Finds the directory from the last bytes of a file, 64-bit extensions included.
 *
 * @param tail the last {@link TAIL_LENGTH} bytes, or all of a shorter file
 * @throws FormatError if there is none, or it does not lie within the file.
 * @source PKWARE, APPNOTE.TXT – .ZIP File Format Specification 6.3, § 4.3
 */
export function findDirectory(origin: ZipOrigin, tail: Uint8Array): ZipDirectory {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const at = tail.length - END_LENGTH;
  const offset = origin.size - END_LENGTH;
  if (at < 0 || view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== 0)
    throw zipFault(origin, 'end with the directory of a zip file, but it does not. It may be truncated', origin.size);
  let directory = {
    count: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    begin: view.getUint32(at + 16, true),
  };
  const { count, length, begin } = directory;
  if (count === COUNT_IN_EXTENSION || length === IN_EXTENSION || begin === IN_EXTENSION) {
    const end64 = at - LOCATOR64_LENGTH - END64_LENGTH;
    if (end64 < 0 || view.getUint32(end64, true) !== END64 || view.getUint32(at - LOCATOR64_LENGTH, true) !== LOCATOR64)
      throw zipFault(origin, 'have its 64-bit directory in front of its end, but it has not', offset);
    directory = {
      count: size64(origin, view, end64 + 32, offset),
      length: size64(origin, view, end64 + 40, offset),
      begin: size64(origin, view, end64 + 48, offset),
    };
  }
  if (directory.begin + directory.length > offset)
    throw zipFault(origin, 'hold its directory in front of its end, but it does not', offset);
  if (directory.length > MAX_DIRECTORY || directory.count * CENTRAL_LENGTH > directory.length) {
    const must = `list its files in at most ${MAX_DIRECTORY} bytes, ${CENTRAL_LENGTH} for each at least`;
    throw zipFault(origin, `${must}, but it has ${directory.length} for ${directory.count}`, directory.begin);
  }
  return directory;
}

/**
 * The files that a directory lists, each stored as it is: none packed, none encrypted, none twice.
 *
 * @param bytes the bytes of the directory
 * @throws FormatError naming the file.
 */
export function listFiles(
  origin: ZipOrigin,
  { begin, count }: ZipDirectory,
  bytes: Uint8Array,
): ReadonlyMap<string, StoredFile> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, StoredFile>();
  const decoder = new TextDecoder();
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + CENTRAL_LENGTH > bytes.length || view.getUint32(at, true) !== CENTRAL)
      throw zipFault(origin, `list ${count} files in its directory, but it lists ${k}`, begin + at);
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const extra = at + CENTRAL_LENGTH + nameLength;
    const next = extra + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length)
      throw zipFault(origin, 'hold all of its directory, but the last file ends behind it', begin + at);
    const name = decoder.decode(bytes.subarray(at + CENTRAL_LENGTH, extra));
    const fault = (must: string, but: string) =>
      zipFault(origin, `${must}, but ${quoteName(name)} ${but}`, begin + at, name);
    if ((view.getUint16(at + 8, true) & 1) === 1) throw fault('not be encrypted', 'is');
    const method = view.getUint16(at + 10, true);
    const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true));
    const [size, packed, header] = extended(fields, view, extra, extra + extraLength);
    if (method !== 0 || size !== packed) throw fault('hold files as they are', `is packed by method ${method}`);
    if (size === undefined || header === undefined || header + LOCAL_LENGTH + size > begin)
      throw fault('hold its files in front of its directory', 'lies elsewhere');
    if (files.has(name)) throw fault('list every file once', 'comes twice');
    files.set(name, { name, header, size });
    at = next;
  }
  return files;
}

/** Sizes and the place of a file, taken from the 64-bit extension where the field says so; undefined where they are missing or beyond 2^53. */
function extended(
  fields: readonly number[],
  view: DataView,
  from: number,
  to: number,
): readonly (number | undefined)[] {
  if (fields.every((value) => value !== IN_EXTENSION)) return fields;
  let at = from;
  while (at + 4 <= to && view.getUint16(at, true) !== 1) at += 4 + view.getUint16(at + 2, true);
  const end = at + 4 <= to ? Math.min(to, at + 4 + view.getUint16(at + 2, true)) : to;
  at += 4;
  return fields.map((value) => {
    if (value !== IN_EXTENSION) return value;
    if (at + 8 > end) return undefined;
    const wide = Number(view.getBigUint64(at, true));
    at += 8;
    return Number.isSafeInteger(wide) ? wide : undefined;
  });
}

/**
 * Where the data of a file begin.
 *
 * @param local the first {@link LOCAL_LENGTH} bytes of its header
 * @throws FormatError if there is no header, or the data reach beyond `end`.
 */
export function dataBegin(origin: ZipOrigin, file: StoredFile, local: Uint8Array, end: number): number {
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  const { name, header, size } = file;
  const begin = header + LOCAL_LENGTH + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) === LOCAL && begin + size <= end) return begin;
  throw zipFault(origin, `hold all of ${quoteName(name)} at ${header}, but it does not`, header, name);
}

function size64(origin: ZipOrigin, view: DataView, at: number, offset: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (Number.isSafeInteger(value)) return value;
  throw zipFault(origin, 'have sizes below 2^53, but it has not', offset);
}
