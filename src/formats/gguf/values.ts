import type { GgufCursor } from './cursor.ts';

/** Types of single values in the metadata of a GGUF file. */
export type GgufScalarType =
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'u32'
  | 'i32'
  | 'f32'
  | 'bool'
  | 'string'
  | 'u64'
  | 'i64'
  | 'f64';

/** A value of the metadata, with its type. Lists are of one type and do not nest. */
export type GgufValue =
  | { readonly type: 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'f64'; readonly value: number }
  | { readonly type: 'u64' | 'i64'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'array'; readonly of: 'string'; readonly value: readonly string[] }
  | { readonly type: 'array'; readonly of: 'bool'; readonly value: readonly boolean[] }
  | { readonly type: 'array'; readonly of: 'u64' | 'i64'; readonly value: BigUint64Array | BigInt64Array }
  | { readonly type: 'array'; readonly of: Exclude<NumericType, 'u64' | 'i64'>; readonly value: GgufNumbers };

/** A list of numbers of the metadata, in its own type. */
export type GgufNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

type NumericType = Exclude<GgufScalarType, 'bool' | 'string'>;

/** By the numbers that the format gives the types. 9 is a list. */
const SCALARS: readonly (GgufScalarType | null)[] = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'bool',
  'string',
  null,
  'u64',
  'i64',
  'f64',
];
const ARRAY = 9;

/** Arrays of each numeric type. Hosts are little-endian, as the files are. */
const ARRAYS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f64: Float64Array,
} as const satisfies Record<NumericType, unknown>;

/** Reads one value: the number of its type, then what belongs to it. @throws FormatError for types that do not exist, and lists of lists. */
export function readValue(cursor: GgufCursor, key: string): GgufValue {
  const code = cursor.u32();
  if (code === ARRAY) return readArray(cursor, key);
  const type = scalarType(cursor, code, key);
  if (type === 'string') return { type, value: cursor.text(`the value of ${key}`) };
  if (type === 'bool') return { type, value: readFlags(cursor, 1, key)[0]! };
  return { type, value: readNumbers(cursor, type, 1)[0]! } as GgufValue;
}

function readArray(cursor: GgufCursor, key: string): GgufValue {
  const code = cursor.u32();
  if (code === ARRAY) throw cursor.fault(`must hold no lists of lists, but ${key} is one.`, cursor.at - 4, key);
  const of = scalarType(cursor, code, key);
  if (of === 'string') {
    const count = cursor.count(`texts in ${key}`, 8);
    const what = `the texts of ${key}`;
    return { type: 'array', of, value: Array.from({ length: count }, () => cursor.text(what)) };
  }
  if (of === 'bool') return { type: 'array', of, value: readFlags(cursor, cursor.count(`values in ${key}`, 1), key) };
  const count = cursor.count(`numbers in ${key}`, ARRAYS[of].BYTES_PER_ELEMENT);
  return { type: 'array', of, value: readNumbers(cursor, of, count) } as GgufValue;
}

function scalarType(cursor: GgufCursor, code: number, key: string): GgufScalarType {
  const type = SCALARS[code];
  if (type !== undefined && type !== null) return type;
  throw cursor.fault(`must give values a type from 0 to 12, but ${key} has type ${code}.`, cursor.at - 4, key);
}

function readNumbers(cursor: GgufCursor, type: NumericType, count: number) {
  const store = ARRAYS[type];
  // A copy: the bytes in the file are not aligned.
  const bytes = new Uint8Array(cursor.bytes(count * store.BYTES_PER_ELEMENT));
  return new store(bytes.buffer);
}

function readFlags(cursor: GgufCursor, count: number, key: string): boolean[] {
  return Array.from(cursor.bytes(count), (byte, i) => {
    if (byte <= 1) return byte === 1;
    throw cursor.fault(`must hold 0 or 1 for truth values, but ${key} has ${byte}.`, cursor.at - count + i, key);
  });
}
