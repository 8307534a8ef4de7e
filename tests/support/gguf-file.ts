/** Files in GGUF, written plainly after its description, for the tests of the reader. */
import { GGML_TYPES } from '../../src/formats/gguf/types.ts';
import { concatenate } from './tiny-checkpoint.ts';

/** Values of the metadata: their type stands beside them, but for texts, truth values and lists of texts. */
export type GgufEntry =
  | readonly [key: string, value: string | boolean | readonly string[]]
  | readonly [key: string, value: number | bigint | readonly number[], type: NumberType];

type NumberType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'u64' | 'i64' | 'f64';

/** A tensor: axes with the contiguous one last. */
export interface GgufLayout {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface GgufParts {
  readonly version?: number;
  readonly entries: readonly GgufEntry[];
  readonly tensors: readonly (GgufLayout & { readonly bytes: Uint8Array })[];
}

const CODES = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
};

/** A whole file. */
export function ggufBytes({ version = 3, entries, tensors }: GgufParts): Uint8Array {
  const header = ggufHeader(version, entries, tensors);
  return concatenate([header, ...tensors.flatMap(({ bytes }) => [bytes, padding(bytes.length, alignmentOf(entries))])]);
}

/** Everything before the data, padding included. */
export function ggufHeader(version: number, entries: readonly GgufEntry[], tensors: readonly GgufLayout[]): Uint8Array {
  const alignment = alignmentOf(entries);
  let offset = 0;
  const rows = tensors.flatMap(({ name, dtype, shape }) => {
    const { code, elements, bytes } = GGML_TYPES.get(dtype)!;
    const row = [text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(code), u64(offset)];
    // Tables of damaged files may have rows that are no whole blocks.
    const length = Math.floor(shape.reduce((a, b) => a * b, 1) / elements) * bytes;
    offset += length + padding(length, alignment).length;
    return row;
  });
  const header = concatenate([
    new TextEncoder().encode('GGUF'),
    u32(version),
    u64(tensors.length),
    u64(entries.length),
    ...entries.flatMap(([key, value, type]) => [text(key), ...valueBytes(value, type)]),
    ...rows,
  ]);
  return concatenate([header, padding(header.length, alignment)]);
}

/** Zeros up to the next multiple. */
export function padding(length: number, alignment: number): Uint8Array {
  return new Uint8Array((alignment - (length % alignment)) % alignment);
}

function alignmentOf(entries: readonly GgufEntry[]): number {
  const alignment = Number(entries.find(([key]) => key === 'general.alignment')?.[1] ?? 32);
  return alignment >= 1 && alignment <= 4096 ? Math.floor(alignment) : 32;
}

function valueBytes(value: GgufEntry[1], type: NumberType | undefined): Uint8Array[] {
  if (typeof value === 'string') return [u32(CODES.string), text(value)];
  if (typeof value === 'boolean') return [u32(CODES.bool), Uint8Array.of(value ? 1 : 0)];
  if (typeof value === 'number' || typeof value === 'bigint') return [u32(CODES[type!]), numberBytes(value, type!)];
  const list = value as readonly (string | number)[];
  const items = list.map((item) => (typeof item === 'string' ? text(item) : numberBytes(item, type!)));
  return [u32(CODES.array), u32(CODES[type ?? 'string']), u64(list.length), ...items];
}

function numberBytes(value: number | bigint, type: NumberType): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const number = Number(value);
  switch (type) {
    case 'u8':
    case 'i8':
      view.setInt8(0, number);
      return bytesOf(view, 1);
    case 'u16':
    case 'i16':
      view.setInt16(0, number, true);
      return bytesOf(view, 2);
    case 'u32':
    case 'i32':
      view.setInt32(0, number, true);
      return bytesOf(view, 4);
    case 'f32':
      view.setFloat32(0, number, true);
      return bytesOf(view, 4);
    case 'f64':
      view.setFloat64(0, number, true);
      return bytesOf(view, 8);
    default:
      view.setBigInt64(0, BigInt(value), true);
      return bytesOf(view, 8);
  }
}

function bytesOf(view: DataView, length: number): Uint8Array {
  return new Uint8Array(view.buffer, 0, length);
}

function u32(value: number): Uint8Array {
  return numberBytes(value, 'u32');
}

function u64(value: number): Uint8Array {
  return numberBytes(value, 'u64');
}

function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return concatenate([u64(bytes.length), bytes]);
}
