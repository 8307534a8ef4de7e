import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { NamedArray } from '../../src/formats/named-array.ts';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';
import { readSafetensorsHeader } from '../../src/transformer/checkpoint/safetensors-header.ts';
import { memoryFolder } from '../support/tiny-checkpoint.ts';

const ARRAYS: readonly NamedArray[] = [
  { name: 'blocks.0.attn.q', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -0.5) },
  { name: 'scalar', shape: [], data: Float64Array.of(Math.PI) },
  { name: 'ids', shape: [3], data: Int32Array.of(1, -2, 3) },
  { name: 'counts', shape: [1, 2], data: BigInt64Array.of(-1n, 2n ** 60n) },
  { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
];

/** Header text and data of a .npy file. */
function parseNpy(bytes: Uint8Array): { header: string; data: ArrayBuffer } {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  const length = bytes[8]! + 256 * bytes[9]!;
  expect((10 + length) % 64).toBe(0);
  return { header: new TextDecoder().decode(bytes.subarray(10, 10 + length)), data: bytes.slice(10 + length).buffer };
}

describe('npyBytes', () => {
  test.each([
    [0, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"],
    [1, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }"],
    [2, "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }"],
    [3, "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }"],
    [4, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }"],
  ])('array %i has the header %s', (i, dictionary) => {
    const array = ARRAYS[i]!;
    const { header, data } = parseNpy(npyBytes(array));
    expect(header).toMatch(/ *\n$/);
    expect(header.trim()).toBe(dictionary);
    expect(new (array.data.constructor as new (buffer: ArrayBuffer) => typeof array.data)(data)).toEqual(array.data);
  });

  test('is little-endian', () => {
    const { data } = parseNpy(npyBytes({ name: 'a', shape: [2], data: Float64Array.of(1, -2) }));
    expect([new DataView(data).getFloat64(0, true), new DataView(data).getFloat64(8, true)]).toEqual([1, -2]);
  });

  test('takes a window of a larger buffer', () => {
    const whole = Float32Array.of(9, 1, 2, 9);
    const { data } = parseNpy(npyBytes({ name: 'a', shape: [2], data: whole.subarray(1, 3) }));
    expect(new Float32Array(data)).toEqual(Float32Array.of(1, 2));
  });

  test('pads a long header to the next multiple of 64', () => {
    for (let axes = 1; axes < 70; axes++) {
      const { header, data } = parseNpy(
        npyBytes({ name: 'a', shape: new Array<number>(axes).fill(1), data: Int32Array.of(7) }),
      );
      expect(header).toMatch(/, \} *\n$/);
      expect(new Int32Array(data)).toEqual(Int32Array.of(7));
    }
  });
});

describe('npzBytes', () => {
  test.each([false, true])('holds the npy files (compress: %s), the same bytes every time', (compress) => {
    const zipped = npzBytes(ARRAYS, { compress });
    const files = unzipSync(zipped);
    expect(Object.keys(files)).toEqual(ARRAYS.map((array) => `${array.name}.npy`));
    for (const array of ARRAYS) expect(files[`${array.name}.npy`]).toEqual(npyBytes(array));
    expect(npzBytes(ARRAYS, { compress })).toEqual(zipped);
  });

  test('compresses only when asked', () => {
    const zeros = [{ name: 'a', shape: [10_000], data: new Float64Array(10_000) }];
    expect(npzBytes(zeros).length).toBeGreaterThan(80_000);
    expect(npzBytes(zeros, { compress: true }).length).toBeLessThan(1000);
  });

  test('refuses more than 4 GiB', () => {
    const data = { length: 0, byteLength: 2 ** 32 } as unknown as Float32Array;
    expect(() => npzBytes([{ name: 'a', shape: [0], data }])).toThrow(
      expect.objectContaining({ name: 'CapacityError', message: expect.stringContaining('Write safetensors.') }),
    );
  });
});

describe('safetensorsBytes', () => {
  test('is read back by the reader of checkpoints, aligned', async () => {
    const bytes = safetensorsBytes(ARRAYS, { prompt: 'hé\n"x"' });
    const source = await memoryFolder(new Map([['a', bytes]])).open('a');
    const { tensors, metadata, dataStart } = await readSafetensorsHeader('a', source!);
    expect(dataStart % 8).toBe(0);
    expect(metadata.get('prompt')).toBe('hé\n"x"');
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['scalar', 'F64', []],
      ['counts', 'I64', [1, 2]],
      ['blocks.0.attn.q', 'F32', [2, 3]],
      ['ids', 'I32', [3]],
      ['empty', 'F32', [0, 4]],
    ]);
    for (const { name, begin, end } of tensors) {
      const { data } = ARRAYS.find((array) => array.name === name)!;
      expect(begin % data.BYTES_PER_ELEMENT).toBe(0);
      expect(bytes.slice(begin, end)).toEqual(new Uint8Array(data.buffer));
    }
  });

  test('the smallest file, byte for byte', () => {
    const bytes = safetensorsBytes([{ name: 'a', shape: [1], data: Int32Array.of(258) }]);
    const json = '{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}';
    const padded = json.padEnd(56);
    expect([...bytes]).toEqual([56, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(padded), 2, 1, 0, 0]);
  });

  test('refuses the name of the metadata', () => {
    expect(() => safetensorsBytes([{ name: '__metadata__', shape: [0], data: new Float32Array(0) }])).toThrow(
      'must not be named __metadata__',
    );
  });
});

describe.each([npzBytes, safetensorsBytes])('%o refuses', (write) => {
  const data = Float32Array.of(1, 2);
  test.each(['', 'a/b', '..\\x', 'a\nb', 'a\0'])('the name %j', (name) => {
    expect(() => write([{ name, shape: [2], data }])).toThrow(
      `${write.name}: arrays must have different names without a path, but one is ${JSON.stringify(name)}.`,
    );
  });

  test('two arrays of one name, and a shape that does not fit', () => {
    const a = { name: 'a', shape: [2], data };
    expect(() => write([a, a])).toThrow('but one is "a"');
    expect(() => write([{ ...a, shape: [3] }])).toThrow(
      `${write.name}: a must have 3 elements for shape [3], but it has 2.`,
    );
    expect(() => write([{ ...a, shape: [-1, -2] }])).toThrow(expect.objectContaining({ name: 'ShapeError' }));
  });
});
