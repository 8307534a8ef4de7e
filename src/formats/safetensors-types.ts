import type { ElementType } from './element-types.ts';

/** Types of safetensors that are read, by the format's names; those that arrays in memory have are written. */
export const TENSOR_TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ['BOOL', { number: 'b1', complex: false }],
  ['I8', { number: 'i1', complex: false }],
  ['I16', { number: 'i2', complex: false }],
  ['I32', { number: 'i4', complex: false }],
  ['I64', { number: 'i8', complex: false }],
  ['U8', { number: 'u1', complex: false }],
  ['U16', { number: 'u2', complex: false }],
  ['U32', { number: 'u4', complex: false }],
  ['U64', { number: 'u8', complex: false }],
  ['F16', { number: 'f2', complex: false }],
  ['BF16', { number: 'bf2', complex: false }],
  ['F32', { number: 'f4', complex: false }],
  ['F64', { number: 'f8', complex: false }],
  ['C64', { number: 'f4', complex: true }],
]);
