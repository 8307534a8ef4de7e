import { FormatError } from '../core/errors.ts';
import { foreignFile } from './foreign-file.ts';
import { describeJson, isJsonObject, parseJsonObject, quoteName } from './json.ts';

/** Longest header the reference implementation reads. */
const MAX_HEADER = 100_000_000;
const AGAIN = 'It is truncated: download it again.';

/** Bits per element of every type the format knows. */
const ELEMENT_BITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BOOL: 8,
    U8: 8,
    I8: 8,
    I16: 16,
    U16: 16,
    I32: 32,
    U32: 32,
    I64: 64,
    U64: 64,
    F16: 16,
    BF16: 16,
    F32: 32,
    F64: 64,
    C64: 64,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    F8_E5M2FNUZ: 8,
    F8_E4M3FNUZ: 8,
    F6_E2M3: 6,
    F6_E3M2: 6,
    F4: 4,
  }),
);

/** One tensor as the header describes it; `begin` and `end` count from the start of the file. */
export interface StoredTensor {
  readonly name: string;
  /** Any type of the format, not only those a model may use. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A checked header: the tensors cover the file from `dataStart` to its end, in order, without gap or overlap. */
export interface SafetensorsHeader {
  readonly dataStart: number;
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly StoredTensor[];
}

/** The file that is read, for messages, and its size in bytes. */
export interface SafetensorsOrigin {
  /** Function named in messages. */
  readonly where: string;
  readonly source: string;
  readonly size: number;
}

/**
 * Length of the JSON text that follows a file's first 8 bytes.
 *
 * @throws FormatError if the file is shorter, or the length is more than the format allows.
 * @source https://github.com/huggingface/safetensors, README “Format”
 */
export function readPrefix({ where, source, size }: SafetensorsOrigin, prefix: Uint8Array): number {
  const fault = (message: string, offset = 0): FormatError =>
    new FormatError(`${where}: ${source} ${message}`, { source, offset });
  const length = prefix.length < 8 ? 0n : new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  const foreign = prefix.length < 8 || length > BigInt(MAX_HEADER) ? foreignFile(prefix) : null;
  if (foreign !== null) throw fault(`must be a safetensors file, but it is ${foreign.what}. ${foreign.advice}`);
  if (prefix.length < 8) {
    throw fault(`must begin with the 8-byte length of its header, but it has ${prefix.length} bytes. ${AGAIN}`);
  }
  if (length > BigInt(MAX_HEADER)) {
    throw fault(
      `must have a header of at most ${MAX_HEADER} bytes, but its first 8 bytes say ${length}. It may not be a safetensors file.`,
    );
  }
  const dataStart = 8 + Number(length);
  if (dataStart > size) {
    throw fault(`must reach byte ${dataStart}, where its header ends, but the file ends at ${size}. ${AGAIN}`, size);
  }
  return Number(length);
}

/**
 * Reads and checks a header's JSON text. As strict as the reference implementation: at most 100 MB of header, no holes, no
 * overlap, no bytes after the last tensor; stricter in that a repeated key is refused (the format forbids it, parsers hide it).
 *
 * @throws FormatError with the file name, and the offset and tensor where there is one.
 * @source https://github.com/huggingface/safetensors, README “Format”
 */
export function readTensorTable(origin: SafetensorsOrigin, json: Uint8Array): SafetensorsHeader {
  const { where, source, size } = origin;
  if (json[0] !== 0x7b) {
    throw new FormatError(`${where}: ${source} must have a header that begins with “{”, but it does not.`, {
      source,
      offset: 8,
    });
  }
  const dataStart = 8 + json.length;
  const tensors: StoredTensor[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of parseJsonObject(json, { where, source, offset: 8, uniqueKeys: true })) {
    if (name === '__metadata__') metadata = readMetadata(origin, value);
    else tensors.push(readEntry(origin, dataStart, name, value));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = dataStart;
  for (const { name, begin, end } of tensors) {
    if (begin !== expected) {
      const what = begin < expected ? 'overlaps the tensor before it' : `leaves a hole of ${begin - expected} bytes`;
      throw new FormatError(
        `${where}: tensor ${quoteName(name)} of ${source} must begin at byte ${expected}, but it begins at ${begin} and ${what}.`,
        { source, offset: begin, field: name },
      );
    }
    if (end > size) {
      throw new FormatError(
        `${where}: ${source} must hold tensor ${quoteName(name)} up to byte ${end}, but the file ends at ${size}. ${AGAIN}`,
        { source, offset: size, field: name },
      );
    }
    expected = end;
  }
  if (expected !== size) {
    throw new FormatError(
      `${where}: ${source} must end at byte ${expected} with its last tensor, but it has ${size - expected} more bytes.`,
      { source, offset: expected },
    );
  }
  return { dataStart, metadata, tensors };
}

function readMetadata({ where, source }: SafetensorsOrigin, value: unknown): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value !== null && isJsonObject(value) ? value : {})) {
    if (typeof text === 'string') metadata.set(key, text);
  }
  if (value !== null && (!isJsonObject(value) || metadata.size !== Object.keys(value).length)) {
    throw new FormatError(
      `${where}: __metadata__ of ${source} must map text to text, but it is ${describeJson(value)}.`,
      { source, field: '__metadata__' },
    );
  }
  return metadata;
}

function readEntry(
  { where, source }: SafetensorsOrigin,
  dataStart: number,
  name: string,
  value: unknown,
): StoredTensor {
  const fault = (message: string): FormatError =>
    new FormatError(`${where}: tensor ${quoteName(name)} of ${source} must have ${message}`, { source, field: name });
  if (!isJsonObject(value)) throw fault(`dtype, shape and data_offsets, but it is ${describeJson(value)}.`);
  const { dtype, shape, data_offsets: offsets } = value;
  const bits = typeof dtype === 'string' ? ELEMENT_BITS.get(dtype) : undefined;
  if (typeof dtype !== 'string' || bits === undefined)
    throw fault(`a dtype of the format, but it is ${describeJson(dtype)}.`);
  if (!isSizeList(shape)) throw fault(`a shape of integers that are not negative, but it is ${describeJson(shape)}.`);
  if (!isSizeList(offsets) || offsets.length !== 2) {
    throw fault(`data_offsets of two integers that are not negative, but they are ${describeJson(offsets)}.`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > Number.MAX_SAFE_INTEGER - dataStart)
    throw fault(`data_offsets in order, but they are ${begin} and ${end}.`);
  const bytes = byteLength(shape, bits);
  if (bytes === null) throw fault(`a size of whole bytes below 2^53, but its shape is ${describeJson(shape)}.`);
  if (bytes !== end - begin) {
    throw fault(`${bytes} bytes for ${dtype} ${describeJson(shape)}, but its data_offsets hold ${end - begin}.`);
  }
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function isSizeList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Bytes of a tensor, whole ones; null on overflow or where the elements do not fill the last byte. */
function byteLength(shape: readonly number[], bits: number): number | null {
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (!Number.isSafeInteger(elements * 8)) return null;
  }
  const total = elements * bits;
  return Number.isSafeInteger(total) && total % 8 === 0 ? total / 8 : null;
}
