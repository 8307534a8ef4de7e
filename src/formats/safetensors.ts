import { DomainError } from '../core/errors.ts';
import { numberTypeOf } from './element-types.ts';
import { bytesOf, checkNamedArrays, type NamedArray } from './named-array.ts';
import { TENSOR_TYPES } from './safetensors-types.ts';

/** A tensor as a safetensors header lists it. */
export interface TensorLayout {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/**
 * The beginning of a safetensors file whose data follow in the order given: the length, and the header padded with spaces so
 * that the data begin at a multiple of 8.
 *
 * @source https://github.com/huggingface/safetensors, README “Format”
 */
export function safetensorsHeader(
  tensors: Iterable<TensorLayout>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header = new Map<string, unknown>(metadata === undefined ? [] : [['__metadata__', metadata]]);
  let offset = 0;
  for (const { name, dtype, shape, byteLength } of tensors) {
    header.set(name, { dtype, shape, data_offsets: [offset, offset + byteLength] });
    offset += byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * Arrays as a safetensors file. Arrays of 8-byte elements come first, so that every array is aligned in the file.
 *
 * @throws ShapeError if a shape and its data disagree.
 * @throws DomainError if names collide, hold a path, or are `__metadata__`, or a complex array is of f64, which the format has not.
 */
export function safetensorsBytes(
  arrays: readonly NamedArray[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  checkNamedArrays('safetensorsBytes', arrays);
  if (arrays.some((array) => array.name === '__metadata__')) {
    throw new DomainError('safetensorsBytes: arrays must not be named __metadata__, but one is.');
  }
  const sorted = [...arrays].sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header = safetensorsHeader(
    sorted.map((array) => ({
      name: array.name,
      shape: array.shape,
      dtype: dtypeOf(array),
      byteLength: array.data.byteLength,
    })),
    metadata,
  );
  const bytes = new Uint8Array(sorted.reduce((total, array) => total + array.data.byteLength, header.length));
  bytes.set(header);
  let at = header.length;
  for (const { data } of sorted) {
    bytes.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return bytes;
}

function dtypeOf({ name, data, complex = false }: NamedArray): string {
  const number = numberTypeOf(data);
  for (const [dtype, type] of TENSOR_TYPES) if (type.number === number && type.complex === complex) return dtype;
  throw new DomainError(
    `safetensorsBytes: complex arrays must be of f32, but ${name} is of f64, which the format has not. Write .npz.`,
  );
}
