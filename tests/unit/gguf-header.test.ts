import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/core/errors.ts';
import { shortestDecimal } from '../../src/formats/gguf/shortest-decimal.ts';
import type { ByteSource } from '../../src/transformer/checkpoint/checkpoint.ts';
import { readGgufHeader } from '../../src/transformer/checkpoint/gguf/read-header.ts';
import { type GgufEntry, ggufBytes, ggufHeader } from '../support/gguf-file.ts';
import { memoryFolder } from '../support/tiny-checkpoint.ts';

const NAME = 'x.gguf';

async function read(bytes: Uint8Array) {
  return readGgufHeader(NAME, (await memoryFolder(new Map([[NAME, bytes]])).open(NAME))!);
}

/** What a file is refused with: one line, with the function and the file in front. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await read(bytes).then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(FormatError);
  const { message } = error as FormatError;
  expect(message).toMatch(/^openCheckpoint: .*x\.gguf .*[.]$/s);
  expect(message).not.toContain('\n');
  return message;
}

const tensor = (
  name: string,
  shape: readonly number[],
  dtype = 'F32',
  bytes = 4 * shape.reduce((a, b) => a * b, 1),
) => ({
  name,
  dtype,
  shape,
  bytes: new Uint8Array(bytes),
});

/** A file with one value changed after it was written. */
function changed(bytes: Uint8Array, at: number, value: number | bigint): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (typeof value === 'bigint') view.setBigUint64(at, value, true);
  else view.setUint32(at, value, true);
  return copy;
}

/** Where a text stands in a file. */
function placeOf(bytes: Uint8Array, text: string): number {
  return new TextDecoder('latin1').decode(bytes).indexOf(text);
}

const ENTRIES: readonly GgufEntry[] = [
  ['a.text', '\ufeffwörd 𝔘'],
  ['a.yes', true],
  ['a.u8', 200, 'u8'],
  ['a.i16', -300, 'i16'],
  ['a.f32', 1e-5, 'f32'],
  ['a.f64', 1 / 3, 'f64'],
  ['a.u64', 2n ** 60n, 'u64'],
  ['a.i64', -5n, 'i64'],
  ['a.texts', ['', 'ab', '½']],
  ['a.numbers', [1, -2, 3], 'i32'],
  ['a.floats', [0.5, 2], 'f32'],
];

describe('a GGUF header', () => {
  test.each([2, 3])('of version %i has values with their types and tensors with their places', async (version) => {
    const bytes = ggufBytes({
      version,
      entries: ENTRIES,
      tensors: [tensor('w', [3, 256], 'Q4_K', 432), tensor('x', [])],
    });
    const { metadata, tensors, dataStart, excess } = await read(bytes);
    expect(metadata.keys()).toEqual(ENTRIES.map(([key]) => key));
    expect(metadata.text('a.text')).toBe('\ufeffwörd 𝔘');
    expect(metadata.flag('a.yes')).toBe(true);
    expect(metadata.integer('a.u8')).toBe(200);
    expect(metadata.number('a.i16')).toBe(-300);
    expect(metadata.number('a.f32')).toBe(1e-5);
    expect(metadata.number('a.f64')).toBe(1 / 3);
    expect(metadata.value('a.u64')).toEqual({ type: 'u64', value: 2n ** 60n });
    expect(metadata.number('a.i64')).toBe(-5);
    expect(metadata.texts('a.texts')).toEqual(['', 'ab', '½']);
    expect(metadata.numbers('a.numbers')).toEqual(Int32Array.of(1, -2, 3));
    expect(metadata.numbers('a.floats')).toEqual(Float32Array.of(0.5, 2));
    expect(metadata.text('a.absent')).toBeUndefined();
    expect(dataStart % 32).toBe(0);
    expect(tensors).toEqual([
      { name: 'w', dtype: 'Q4_K', shape: [3, 256], begin: dataStart, end: dataStart + 432 },
      { name: 'x', dtype: 'F32', shape: [], begin: dataStart + 448, end: dataStart + 452 },
    ]);
    expect(excess).toBe(0);
  });

  test('says so where a value has another type', async () => {
    const { metadata } = await read(ggufBytes({ entries: ENTRIES, tensors: [] }));
    expect(() => metadata.text('a.u8')).toThrow('openCheckpoint: a.u8 in x.gguf must be a text, but it is 200.');
    expect(() => metadata.texts('a.numbers')).toThrow('must be a list of texts, but it is a list of 3 of type i32.');
    expect(() => metadata.number('a.u64')).toThrow('must be a number below 2^53, but it is 1152921504606846976.');
    expect(() => metadata.integer('a.i64')).toThrow('must be an integer from 0 on, but it is -5.');
    expect(() => metadata.flag('a.text')).toThrow('must be true or false, but it is "\ufeffwörd 𝔘".');
    expect(() => metadata.numbers('a.texts')).toThrow(
      'must be a list of numbers, but it is a list of 3 of type string.',
    );
  });

  test('aligns the data as it says, and tells of what lies behind them', async () => {
    const entries: GgufEntry[] = [['general.alignment', 256, 'u32']];
    const bytes = ggufBytes({ entries, tensors: [tensor('a', [2]), tensor('b', [5])] });
    const { tensors, dataStart, excess } = await read(bytes);
    expect([dataStart % 256, tensors[1]!.begin - dataStart, excess]).toEqual([0, 256, 0]);
    expect((await read(bytes.subarray(0, tensors[1]!.end))).excess).toBe(0);
    expect((await read(Uint8Array.from([...bytes, 1, 2, 3]))).excess).toBe(3);
  });

  test('of any length is read in a few pieces', async () => {
    const words = Array.from({ length: 150_000 }, (_, i) => `wörd${i}`);
    const bytes = ggufBytes({ entries: [['t', words]], tensors: [tensor('a', [2])] });
    let reads = 0;
    const file: ByteSource = {
      size: bytes.length,
      read: async (offset, into) => {
        reads++;
        into.set(bytes.subarray(offset, offset + into.length));
      },
    };
    const { metadata } = await readGgufHeader(NAME, file);
    expect(metadata.texts('t')).toEqual(words);
    expect(reads).toBeLessThan(4);
  });
});

describe('a GGUF header is refused', () => {
  const plain = ggufBytes({
    entries: [
      ['k', 'v'],
      ['n', [1, 2], 'u8'],
    ],
    tensors: [tensor('a', [8]), tensor('b', [8])],
  });

  test('for its beginning and version, by name', async () => {
    expect(await refusal(new TextEncoder().encode('GGML and more'))).toContain('must begin with GGUF, but it does not');
    expect(await refusal(new TextEncoder().encode('FUGG and more'))).toContain('bytes of numbers in the other order');
    expect(await refusal(changed(plain, 4, 1))).toContain('version 2 or 3 of the format, but it has version 1, ');
    expect(await refusal(changed(plain, 4, 4))).toContain('but it has version 4.');
    expect(await refusal(changed(plain, 4, 3 << 24))).toContain('but its numbers have their bytes in the other order.');
  });

  test('where it ends too soon, wherever that is', async () => {
    const { dataStart } = await read(plain);
    for (let length = 0; length < dataStart + 64; length += length < dataStart ? 1 : 7)
      await refusal(plain.subarray(0, length));
  });

  test('at once for counts and lengths that the file has no room for', async () => {
    const huge = 2n ** 60n;
    expect(await refusal(changed(plain, 8, huge))).toContain('must count at most');
    expect(await refusal(changed(plain, 16, huge))).toContain('entries of metadata');
    expect(await refusal(changed(plain, 24, huge))).toContain('bytes in a key');
    const value = placeOf(plain, 'k') + 5;
    expect(await refusal(changed(plain, value, huge))).toContain('bytes in the value of k');
    const count = placeOf(plain, 'n') + 9;
    expect(await refusal(changed(plain, count, huge))).toContain(
      'numbers in n, which is what the file has room for, but it counts 1152921504606846976',
    );
    expect(await refusal(changed(plain, count, 2n ** 64n - 1n))).toContain('numbers in n');
  });

  test('for values of no type, lists of lists, odd truth values and texts that are not UTF-8', async () => {
    expect(await refusal(changed(plain, placeOf(plain, 'k') + 1, 13))).toContain(
      'a type from 0 to 12, but k has type 13',
    );
    expect(await refusal(changed(plain, placeOf(plain, 'n') + 5, 9))).toContain('no lists of lists, but n is one');
    const flag = ggufBytes({ entries: [['f', true]], tensors: [] });
    flag[placeOf(flag, 'f') + 5] = 2;
    expect(await refusal(flag)).toContain('0 or 1 for truth values, but f has 2');
    const odd = plain.slice();
    odd[placeOf(plain, 'v')] = 0xff;
    expect(await refusal(odd)).toContain('the value of k in UTF-8');
  });

  test('for keys and tensors that come twice or have no name', async () => {
    expect(
      await refusal(
        ggufBytes({
          entries: [
            ['k', 'v'],
            ['k', 'w'],
          ],
          tensors: [],
        }),
      ),
    ).toContain('k comes twice');
    expect(await refusal(ggufBytes({ entries: [['', 'v']], tensors: [] }))).toContain('one has no name');
    const twice = [tensor('a', [8]), tensor('a', [8])];
    expect(await refusal(ggufBytes({ entries: [], tensors: twice }))).toContain('a comes twice');
    expect(await refusal(ggufBytes({ entries: [], tensors: [tensor('', [8])] }))).toContain('one has no name');
  });

  test('for an alignment that is no power of two', async () => {
    for (const alignment of [0, 24, 2 ** 31]) {
      const bytes = ggufBytes({ entries: [['general.alignment', 32, 'u32']], tensors: [tensor('a', [8])] });
      expect(await refusal(changed(bytes, placeOf(bytes, 'alignment') + 13, alignment))).toContain('be a power of two');
    }
  });

  test('for tensors that overlap, leave holes, reach beyond the end or have impossible shapes', async () => {
    const table = (name: string) => placeOf(plain, `\x01\0\0\0\0\0\0\0${name}`) + 9;
    expect(await refusal(changed(plain, table('b') + 16, 0n))).toContain(
      'tensor b at offset 32 of its data, behind the one before it, but the table says 0',
    );
    expect(await refusal(changed(plain, table('b') + 16, 64n))).toContain('but the table says 64');
    expect(await refusal(changed(plain, table('b') + 16, 2n ** 63n))).toContain(
      'but the table says 9223372036854775808',
    );
    expect(await refusal(changed(plain, table('b') + 4, 80n))).toContain('tensor b up to byte');
    expect(await refusal(changed(plain, table('a') + 4, 0n))).toContain('from 1 to 2^53 bytes, but a has shape [0]');
    expect(await refusal(changed(plain, table('a') + 4, 2n ** 63n))).toContain('but a has shape [9223372036854775808]');
    expect(await refusal(changed(plain, table('a'), 5))).toContain('at most 4 axes, but a has 5');
    expect(await refusal(changed(plain, table('a') + 12, 33))).toContain('but a has type 33');
    expect(await refusal(changed(plain, table('a') + 12, 2))).toContain(
      'whole blocks of 32 numbers of type Q4_0, but those of a have 8',
    );
    const wide = ggufHeader(3, [], [{ name: 'w', dtype: 'F32', shape: [2 ** 31, 2 ** 31, 2 ** 31, 2] }]);
    expect(await refusal(wide)).toContain('from 1 to 2^53 bytes');
  });
});

test('the shortest decimal of an f32 is the number that was meant', () => {
  for (const value of [
    1e-5, 1e-6, 0.1, 3, 500_000, 1e4, 0.7, 1e-12, 0, -2.5, 3.4028234663852886e38, 1e-45, 0.08838834764,
  ])
    expect([value, Math.fround(shortestDecimal(Math.fround(value)))]).toEqual([value, Math.fround(value)]);
  expect([1e-5, 1e-6, 0.1, 1e-12].map((value) => shortestDecimal(Math.fround(value)))).toEqual([
    1e-5, 1e-6, 0.1, 1e-12,
  ]);
  expect(shortestDecimal(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(shortestDecimal(Number.NaN)).toBeNaN();
});
