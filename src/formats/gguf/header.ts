import { FormatError } from '../../core/errors.ts';
import { foreignFile } from '../foreign-file.ts';
import { quoteName } from '../json.ts';
import { GgufCursor, type GgufOrigin, NeedsBytes } from './cursor.ts';
import { GgufMetadata } from './metadata.ts';
import { type GgufTensor, readTensorTable } from './tensor-table.ts';
import { type GgufValue, readValue } from './values.ts';

/** A checked header: the tensors follow each other in the data without overlap, each at a multiple of the alignment. */
export interface GgufHeader {
  /** 2 or 3; they differ in nothing that is read here. */
  readonly version: number;
  readonly metadata: GgufMetadata;
  readonly tensors: readonly GgufTensor[];
  /** Where the data begin in the file. */
  readonly dataStart: number;
  /** Bytes behind the last tensor and its padding, which belong to nothing. */
  readonly excess: number;
}

const MAGIC = 'GGUF';
/** How a file begins that was written on a machine with the most significant byte first. */
const SWAPPED = 'FUGG';
/** Longest header that is read; those of the largest vocabularies known have about 30 MB. */
const MAX_HEADER = 1 << 28;
const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 1 << 20;

/** true if a file begins as GGUF files do, in either order of bytes. */
export function isGguf(start: Uint8Array): boolean {
  const magic = String.fromCharCode(...start.subarray(0, 4));
  return magic === MAGIC || magic === SWAPPED;
}

/**
 * Reads and checks the header of a GGUF file: metadata and table of tensors.
 *
 * @param bytes the file from its beginning, as much as is at hand
 * @returns the header, or how many bytes are needed at least to get further.
 * @throws FormatError with the file name and the offset; for versions that are not read, by name.
 * @source https://github.com/ggml-org/ggml, docs/gguf.md
 */
export function parseGgufHeader(origin: GgufOrigin, bytes: Uint8Array): GgufHeader | { readonly needed: number } {
  try {
    return parse(origin, new GgufCursor(origin, bytes.subarray(0, MAX_HEADER)));
  } catch (error) {
    if (!(error instanceof NeedsBytes)) throw error;
    if (error.needed <= MAX_HEADER) return { needed: error.needed };
    throw new FormatError(
      `${origin.where}: ${origin.source} must have a header of at most ${MAX_HEADER} bytes, but it is longer. The file may be damaged.`,
      { source: origin.source, offset: MAX_HEADER },
    );
  }
}

function parse(origin: GgufOrigin, cursor: GgufCursor): GgufHeader {
  const version = readVersion(cursor);
  // The least that a tensor and an entry take: a name of one letter, no axes, a value of one byte.
  const tensorCount = cursor.count('tensors', 8 + 1 + 4 + 4 + 8);
  const entryCount = cursor.count('entries of metadata', 8 + 1 + 4 + 1);
  const values = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) {
    const begin = cursor.at;
    const key = cursor.text('a key');
    if (key === '' || values.has(key)) {
      throw cursor.fault(
        `must name every key once, but ${key === '' ? 'one has no name' : `${quoteName(key)} comes twice`}.`,
        begin,
        key,
      );
    }
    values.set(key, readValue(cursor, quoteName(key)));
  }
  const metadata = new GgufMetadata(values, origin);
  const alignment = metadata.integer('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (alignment < 1 || alignment > MAX_ALIGNMENT || (alignment & (alignment - 1)) !== 0)
    throw metadata.fault('general.alignment', `be a power of two up to ${MAX_ALIGNMENT}`);
  return { version, metadata, ...readTensorTable(cursor, tensorCount, alignment, origin.size) };
}

function readVersion(cursor: GgufCursor): number {
  const start = cursor.bytes(4);
  const magic = String.fromCharCode(...start);
  if (magic === SWAPPED)
    throw cursor.fault(
      `must begin with ${MAGIC}, but it begins with ${SWAPPED}: it was written with the bytes of numbers in the other order. ${CONVERT}`,
      0,
    );
  if (magic !== MAGIC) {
    const foreign = foreignFile(start);
    throw cursor.fault(`must begin with ${MAGIC}, but it ${foreign === null ? 'does not' : `is ${foreign.what}`}.`, 0);
  }
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  const what =
    version === 1
      ? 'it has version 1, of which only few files were written'
      : (version & 0xffff) === 0
        ? 'its numbers have their bytes in the other order'
        : `it has version ${version}`;
  throw cursor.fault(`must have version 2 or 3 of the format, but ${what}. ${CONVERT}`, 4);
}

const CONVERT = 'Get the file anew, or convert the model again with llama.cpp.';
