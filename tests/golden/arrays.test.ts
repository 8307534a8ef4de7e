import { describe, expect, test } from 'vitest';
import { readAll } from '../../src/formats/array-file.ts';
import type { NamedArray } from '../../src/formats/named-array.ts';
import { readMatrixMarket } from '../../src/formats/read-matrix-market.ts';
import { readNpy } from '../../src/formats/read-npy.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { fromBase64 } from '../support/base64.ts';
import golden from './arrays.json' with { type: 'json' };

interface Expected {
  readonly shape: readonly number[];
  readonly complex: boolean;
  readonly values: readonly string[];
}

function expectArray({ shape, data, complex = false }: NamedArray, expected: Expected): void {
  expect({ shape, complex }).toEqual({ shape: expected.shape, complex: expected.complex });
  const numbers = expected.values.map((text) =>
    typeof data[0] === 'bigint' ? BigInt(text) : Number(text.replace('inf', 'Infinity')),
  );
  expect([...data]).toEqual(numbers);
}

describe(`files of ${golden.source}`, () => {
  test.each(golden.npy.map((entry) => [entry.name, entry] as const))('npy of %s', (name, entry) => {
    const array = readNpy(fromBase64(entry.bytes), 'a.npy');
    expectArray(array, entry);
    expect(array.name).toBe('a');
    expect(array.data.constructor.name).toBe(arrayType(name));
  });

  test.each(golden.npz.map((entry) => [entry.name, entry] as const))('npz, %s', (_name, { bytes, arrays }) => {
    const read = readAll(openNpz(fromBase64(bytes)));
    expect(read.map(({ name }) => name)).toEqual(arrays.map(({ name }) => name));
    read.forEach((array, k) => {
      expectArray(array, arrays[k]!);
    });
  });

  test.each(golden.matrixMarket.map((entry) => [entry.name, entry] as const))('MatrixMarket, %s', (_name, entry) => {
    expectArray(readMatrixMarket(fromBase64(entry.bytes)), entry);
  });

  test('safetensors, every type', () => {
    const file = openSafetensors(fromBase64(golden.safetensors.bytes));
    for (const entry of golden.safetensors.arrays) expectArray(file.read(entry.name), entry);
  });
});

/** The array that a NumPy type becomes. */
function arrayType(dtype: string): string {
  const types: Record<string, string> = {
    '?': 'Uint8Array',
    i1: 'Int8Array',
    i2: 'Int16Array',
    i4: 'Int32Array',
    i8: 'BigInt64Array',
    u1: 'Uint8Array',
    u2: 'Uint16Array',
    u4: 'Uint32Array',
    u8: 'BigUint64Array',
    f2: 'Float32Array',
    f4: 'Float32Array',
    c8: 'Float32Array',
  };
  return types[/^[<>]?(\w+|\?)/.exec(dtype)?.[1] ?? ''] ?? 'Float64Array';
}
