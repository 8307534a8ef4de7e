import { countOf, structOf, ThriftReader } from './parquet-thrift.ts';
import { unpackSnappy } from './snappy.ts';

/** Physical types by their numbers in Parquet. */
export const TYPE = { INT32: 1, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
type TypeName = keyof typeof TYPE;

/** What a column chunk must hold: values of one type, `length` in each of `rows` rows; null for one value that is no list. */
export interface ChunkShape {
  readonly type: TypeName;
  readonly rows: number;
  readonly length: number | null;
}

const PAGE = { dictionary: 2, dataV2: 3 };
const ENCODING = { plain: 0, dictionary: 8 };
const SNAPPY = 1;
/** Bytes that one byte of Snappy makes at most: 64 from a copy of 3. */
const LARGEST_RATIO = 64 / 3;

/**
 * The values of a column chunk as hyparquet-writer lays it out for such columns: an optional dictionary page and data pages of version 2,
 * plain or by dictionary, compressed by Snappy. What its headers claim is held against the chunk's bytes and its shape before it is allocated.
 *
 * @throws Error for anything else.
 * @source Apache Parquet, README.md and Encodings.md.
 */
export function chunkValues(chunk: Uint8Array, codec: number, { type, rows, length }: ChunkShape): (number | string)[] {
  if (codec !== SNAPPY) throw new Error(`its compression is of the unknown kind ${codec}`);
  const values: (number | string)[] = [];
  // An empty list has a level, and no value.
  const slots = rows * Math.max(1, length ?? 1);
  const inSlots = length === 0 ? 0 : 1;
  let dictionary: readonly (number | string)[] | null = null;
  let seen = 0;
  const reader = new ThriftReader(chunk);
  while (seen < slots) {
    const header = reader.struct();
    const stored = countOf(header, 3, 'page size', chunk.length - reader.offset);
    const size = countOf(header, 2, 'page size before compression', Math.ceil(stored * LARGEST_RATIO));
    const bytes = chunk.subarray(reader.offset, reader.offset + stored);
    reader.offset += stored;
    if (header.get(1) === PAGE.dictionary) {
      if (dictionary !== null) throw new Error('it has two dictionaries for one column');
      const about = structOf(header, 7, 'dictionary header');
      dictionary = plainValues(unpackSnappy(bytes, size), type, countOf(about, 1, 'dictionary', slots));
      continue;
    }
    if (header.get(1) !== PAGE.dataV2) throw new Error('it has a page of an unknown kind');
    const about = structOf(header, 8, 'page header');
    const count = countOf(about, 1, 'count of values', slots - seen);
    if (count === 0) throw new Error('it has an empty page');
    const levelBytes = [6, 5].map((id) => countOf(about, id, 'size of levels', Math.min(stored, size)));
    if (levelBytes[0]! + levelBytes[1]! > Math.min(stored, size))
      throw new Error('its levels are longer than the page');
    if (length !== null) {
      const inRow = Math.max(1, length);
      const [repetition, definition] = levelsOf(bytes, levelBytes as [number, number], count);
      for (let i = 0; i < count; i++) {
        if (repetition![i] !== ((seen + i) % inRow === 0 ? 0 : 1) || definition![i] !== inSlots)
          throw new Error(`its lists are not of ${length} elements`);
      }
    }
    const after = levelBytes[0]! + levelBytes[1]!;
    const page = unpackSnappy(bytes.subarray(after), size - after);
    for (const value of pageValues(page, countOf(about, 4, 'encoding', 9), type, count * inSlots, dictionary))
      values.push(value);
    seen += count;
  }
  if (reader.offset !== chunk.length) throw new Error('it has bytes behind the last page of a column');
  return values;
}

function levelsOf(page: Uint8Array, [repetition, definition]: [number, number], count: number): Int32Array[] {
  return [page.subarray(0, repetition), page.subarray(repetition, repetition + definition)].map((bytes) =>
    hybridValues(bytes, 1, count),
  );
}

function pageValues(
  page: Uint8Array,
  encoding: number,
  type: TypeName,
  count: number,
  dictionary: readonly (number | string)[] | null,
): readonly (number | string)[] {
  if (encoding === ENCODING.plain) return plainValues(page, type, count);
  if (encoding !== ENCODING.dictionary || dictionary === null) throw new Error(`it has values in encoding ${encoding}`);
  if (count === 0) return [];
  const width = page[0] ?? 33;
  if (width > 32) throw new Error(`its indices have ${width} bits`);
  return Array.from(hybridValues(page.subarray(1), width, count), (index) => {
    const value = dictionary[index];
    if (value === undefined) throw new Error(`it points at entry ${index} of a dictionary of ${dictionary.length}`);
    return value;
  });
}

/** `count` numbers of some bits each: runs of one number, and groups of eight. */
function hybridValues(bytes: Uint8Array, width: number, count: number): Int32Array {
  const values = new Int32Array(count);
  const reader = new ThriftReader(bytes);
  const inBytes = Math.ceil(width / 8);
  for (let seen = 0; seen < count; ) {
    const head = reader.varint();
    const packed = head % 2 === 1;
    const claimed = packed ? 8 * Math.floor(head / 2) : head / 2;
    const taken = packed ? (claimed / 8) * width : inBytes;
    if (claimed === 0 || reader.offset + taken > bytes.length)
      throw new Error('it has a run that does not fit its page');
    const most = Math.min(claimed, count - seen);
    if (packed) {
      for (let i = 0; i < most; i++) values[seen + i] = bitsAt(bytes, 8 * reader.offset + i * width, width);
    } else {
      if (claimed > count - seen) throw new Error('it has a run that is longer than its page');
      values.fill(bitsAt(bytes, 8 * reader.offset, width), seen, seen + most);
    }
    seen += most;
    reader.offset += taken;
  }
  return values;
}

/** An unsigned number of `width` bits, the lowest first. */
function bitsAt(bytes: Uint8Array, from: number, width: number): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) {
    const at = from + bit;
    value += ((bytes[at >> 3]! >> (at & 7)) & 1) * 2 ** bit;
  }
  return value;
}

function plainValues(page: Uint8Array, type: TypeName, count: number): (number | string)[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const values: (number | string)[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (type === 'INT32') values.push(view.getInt32(offset, true));
    else if (type === 'INT64') values.push(Number(view.getBigInt64(offset, true)));
    else if (type === 'DOUBLE') values.push(view.getFloat64(offset, true));
    else {
      const length = view.getUint32(offset, true);
      if (length > page.length - offset - 4) throw new Error(`it claims a text of ${length} bytes`);
      values.push(decoder.decode(page.subarray(offset + 4, offset + 4 + length)));
      offset += length;
    }
    offset += type === 'INT64' || type === 'DOUBLE' ? 8 : 4;
  }
  return values;
}
