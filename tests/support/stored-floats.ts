import type { FloatType } from '../../src/transformer/checkpoint/checkpoint.ts';

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 nearest to x, ties to even, as its 16 bits. */
export function bf16Bits(x: number): number {
  word.setFloat32(0, x);
  const bits = word.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that 16 bits of bfloat16 stand for. */
export function bf16Value(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}

/** IEEE binary16 number nearest to x, ties to even, as its 16 bits; |x| must stay below 65520. */
export function f16Bits(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  // In units of the last place: 10 bits of fraction, no hidden bit below the normal numbers.
  const units = roundToEven(size / 2 ** (exponent - 10));
  return sign | (((exponent + 14) << 10) + units);
}

/** The number that 16 bits of IEEE binary16 stand for. */
export function f16Value(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  const size = exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

/** `values` as they are after being stored. */
export function roundedTo(dtype: FloatType, values: Float32Array): Float32Array {
  if (dtype === 'F32') return values;
  return values.map((x) => (dtype === 'F16' ? f16Value(f16Bits(x)) : bf16Value(bf16Bits(x))));
}

/** The bytes of `values` in a checkpoint. */
export function storedBytes(dtype: FloatType, values: Float32Array): Uint8Array {
  const stored = dtype === 'F32' ? values : Uint16Array.from(values, dtype === 'F16' ? f16Bits : bf16Bits);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
