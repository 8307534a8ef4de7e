import type { ArrayData } from './named-array.ts';

/** A number type of a file: letter and bytes of one number as NumPy writes them (`f8`), and bfloat16, which NumPy has not. */
export type NumberType = 'b1' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'f2' | 'bf2' | 'f4' | 'f8';

/** What an array's elements are in a file. */
export interface ElementType {
  readonly number: NumberType;
  /** Pairs of numbers, real part first. */
  readonly complex: boolean;
}

const WIDTHS: Readonly<Record<NumberType, number>> = {
  b1: 1,
  i1: 1,
  i2: 2,
  i4: 4,
  i8: 8,
  u1: 1,
  u2: 2,
  u4: 4,
  u8: 8,
  f2: 2,
  bf2: 2,
  f4: 4,
  f8: 8,
};

/** Bytes of one element. */
export function elementBytes({ number, complex }: ElementType): number {
  return WIDTHS[number] * (complex ? 2 : 1);
}

/** The type in which an array is written. */
export function numberTypeOf(data: ArrayData): NumberType {
  if (data instanceof Float32Array) return 'f4';
  if (data instanceof Float64Array) return 'f8';
  if (data instanceof Int8Array) return 'i1';
  if (data instanceof Int16Array) return 'i2';
  if (data instanceof Int32Array) return 'i4';
  if (data instanceof BigInt64Array) return 'i8';
  if (data instanceof Uint8Array) return 'u1';
  if (data instanceof Uint16Array) return 'u2';
  return data instanceof Uint32Array ? 'u4' : 'u8';
}

/**
 * A file's bytes as numbers, in memory of their own. Half precision and bfloat16 become f32, which holds every one of them;
 * booleans become bytes.
 */
export function decodeNumbers(bytes: Uint8Array, number: NumberType, littleEndian: boolean): ArrayData {
  const width = WIDTHS[number];
  // Not slice(): that of Node's Buffer copies nothing.
  const own = new Uint8Array(bytes);
  if (!littleEndian) {
    for (let at = 0; at < own.length; at += width) own.subarray(at, at + width).reverse();
  }
  const { buffer } = own;
  switch (number) {
    case 'b1':
    case 'u1':
      return own;
    case 'i1':
      return new Int8Array(buffer);
    case 'i2':
      return new Int16Array(buffer);
    case 'i4':
      return new Int32Array(buffer);
    case 'i8':
      return new BigInt64Array(buffer);
    case 'u2':
      return new Uint16Array(buffer);
    case 'u4':
      return new Uint32Array(buffer);
    case 'u8':
      return new BigUint64Array(buffer);
    case 'f4':
      return new Float32Array(buffer);
    case 'f8':
      return new Float64Array(buffer);
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case 'bf2':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
  }
}

/** The value of IEEE 754 binary16 bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
