import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MechanicsError } from '../../src/core/errors.ts';
import type { ByteSource } from '../../src/transformer/checkpoint/checkpoint.ts';
import { readSafetensorsHeader } from '../../src/transformer/checkpoint/safetensors-header.ts';
import { concatenate, memoryFolder, tinyFiles } from '../support/tiny-checkpoint.ts';

const NAME = 'x.safetensors';

function lengthPrefix(length: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

/** A file with this header text and so many zero bytes of data. */
function file(header: string, data: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  return concatenate([lengthPrefix(BigInt(json.length)), json, new Uint8Array(data)]);
}

async function source(bytes: Uint8Array): Promise<ByteSource> {
  const opened = await memoryFolder(new Map([[NAME, bytes]])).open(NAME);
  if (opened === null) throw new Error('unreachable');
  return opened;
}

const read = async (bytes: Uint8Array) => readSafetensorsHeader(NAME, await source(bytes));

const f32 = (begin: number, end: number, shape = `[${(end - begin) / 4}]`): string =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

describe('readSafetensorsHeader reads', () => {
  test('entries in the order of the file, metadata, scalars, empty tensors', async () => {
    const header = await read(
      file(
        `{"b":${f32(4, 12, '[2,1]')},"__metadata__":{"format":"pt"},"a":${f32(0, 4, '[]')},"e":${f32(0, 0, '[0,7]')}} `,
        12,
      ),
    );
    expect(header.tensors.map((tensor) => tensor.name)).toEqual(['e', 'a', 'b']);
    expect(header.metadata.get('format')).toBe('pt');
    expect(header.tensors[2]).toEqual({
      name: 'b',
      dtype: 'F32',
      shape: [2, 1],
      begin: header.dataStart + 4,
      end: header.dataStart + 12,
    });
  });

  test('types of less than a byte', async () => {
    const { tensors } = await read(
      file(
        '{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]},"b":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[2,5]}}',
        5,
      ),
    );
    expect(tensors.map((tensor) => tensor.end - tensor.begin)).toEqual([2, 3]);
  });

  test('hostile names are only names', async () => {
    const { tensors } = await read(file(`{"__proto__":${f32(0, 4)},"constructor":${f32(4, 8)}}`, 8));
    expect(tensors.map((tensor) => tensor.name)).toEqual(['__proto__', 'constructor']);
  });

  test('a file without tensors', async () => {
    expect((await read(file('{}', 0))).tensors).toEqual([]);
  });
});

describe('readSafetensorsHeader refuses', () => {
  const faults: [string, Uint8Array, string, object?][] = [
    [
      'an empty file',
      new Uint8Array(0),
      'x.safetensors must be a safetensors file, but it is an empty file. Download it again.',
      { offset: 0 },
    ],
    [
      'five bytes',
      new Uint8Array(5),
      'x.safetensors must begin with the 8-byte length of its header, but it has 5 bytes. It is truncated',
      { offset: 0 },
    ],
    ...(
      [
        ['<!DOCTYPE html><html>', 'a web page, perhaps an error of the server. Download it again.'],
        ['<html><body>404', 'a web page'],
        ['<?xml version="1.0"?><Error>', 'a web page'],
        ['GGUF\x03\0\0\0\0\0', 'a GGUF file of llama.cpp. Give the file itself as the model.'],
        [
          '\x80\x02}q\0X\x05\0\0\0',
          'a file of PyTorch. If it is the state dictionary of a model of transformers, call it pytorch_model.bin',
        ],
        ['PK\x03\x04\0\0\x08\x08\0\0', 'a zip archive. Unpack it; if PyTorch wrote it, call it pytorch_model.bin.'],
        ['\x89HDF\r\n\x1a\n\0', 'a file of TensorFlow'],
        ['\x1f\x8b\x08\x08abcdef', 'a file packed by gzip. Unpack it.'],
      ] as const
    ).map(([text, what]): [string, Uint8Array, string] => [
      JSON.stringify(text),
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      `must be a safetensors file, but it is ${what}`,
    ]),
    [
      'a header of 2^60 bytes',
      concatenate([lengthPrefix(2n ** 60n), new Uint8Array(9)]),
      'must have a header of at most 100000000 bytes, but its first 8 bytes say 1152921504606846976.',
    ],
    ['a header of 2^64 − 1 bytes', concatenate([lengthPrefix(2n ** 64n - 1n)]), 'say 18446744073709551615'],
    [
      'a header cut off',
      file('{}', 0).slice(0, 9),
      'must reach byte 10, where its header ends, but the file ends at 9. It is truncated: download it again.',
      { offset: 9 },
    ],
    [
      'an LFS pointer',
      new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00'),
      'but it is a Git LFS pointer. Fetch the weights with “git lfs pull”.',
    ],
    ['a header that is no object', file('[]', 0), 'must have a header that begins with “{”', { offset: 8 }],
    ['a header that begins with a space', file(' {}', 0), 'must have a header that begins with “{”'],
    ['broken JSON', file('{"a":}', 0), 'line 1, column 6', { offset: 13 }],
    ['bad UTF-8', concatenate([lengthPrefix(4n), Uint8Array.of(0x7b, 0x22, 0xff, 0x7d)]), 'UTF-8'],
    ['a repeated tensor', file(`{"a":${f32(0, 4)},"a":${f32(0, 4)}}`, 4), 'the key "a" a second time'],
    [
      'a repeated field',
      file('{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
      'the key "dtype" a second time',
    ],
    [
      'an entry that is no object',
      file('{"a":3}', 0),
      'tensor a of x.safetensors must have dtype, shape and data_offsets, but it is 3.',
      { field: 'a' },
    ],
    [
      'no dtype',
      file('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4),
      'must have a dtype of the format, but it is absent.',
    ],
    [
      'an unknown dtype',
      file('{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}', 4),
      'a dtype of the format, but it is "F31"',
    ],
    [
      'an inherited dtype',
      file('{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,4]}}', 4),
      'a dtype of the format',
    ],
    [
      'a negative size',
      file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4),
      'a shape of integers that are not negative, but it is [-1]',
    ],
    ['a fractional size', file('{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}', 6), 'a shape of integers'],
    ['a shape that is text', file('{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}', 4), 'a shape of integers'],
    [
      'a size beyond 2^53',
      file('{"a":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', 4),
      'a shape of integers',
    ],
    [
      'a product that overflows',
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', 4),
      'a size of whole bytes below 2^53, but its shape is [4294967296,4294967296]',
    ],
    [
      'elements that do not fill a byte',
      file('{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}', 2),
      'a size of whole bytes below 2^53, but its shape is [3]',
    ],
    [
      'an overflow hidden by a zero',
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}', 0),
      'a size of whole bytes below 2^53',
    ],
    ['one offset', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}', 4), 'data_offsets of two integers'],
    [
      'a negative offset',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}', 4),
      'data_offsets of two integers that are not negative, but they are [-4,0]',
    ],
    [
      'offsets in the wrong order',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4),
      'data_offsets in order, but they are 4 and 0',
    ],
    [
      'shape and offsets that disagree',
      file(`{"a":${f32(0, 4, '[2]')}}`, 4),
      'must have 8 bytes for F32 [2], but its data_offsets hold 4.',
    ],
    [
      'an overlap',
      file(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12),
      'begins at 120 and overlaps the tensor before it',
      { field: 'b' },
    ],
    [
      'an empty tensor within another',
      file(`{"a":${f32(0, 8, '[2]')},"b":${f32(4, 4, '[0]')}}`, 8),
      'overlaps the tensor before it',
      { field: 'b' },
    ],
    ['the same bytes twice', file(`{"a":${f32(0, 4)},"b":${f32(0, 4)}}`, 4), 'overlaps the tensor before it'],
    ['a hole', file(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), 'leaves a hole of 4 bytes', { field: 'b' }],
    ['a hole at the start', file(`{"a":${f32(4, 8)}}`, 8), 'leaves a hole of 4 bytes'],
    [
      'data cut off',
      file(`{"a":${f32(0, 8)}}`, 5),
      'x.safetensors must hold tensor a up to byte 70, but the file ends at 67. It is truncated',
      { offset: 67, field: 'a' },
    ],
    [
      'bytes after the end',
      file(`{"a":${f32(0, 8)}}`, 9),
      'must end at byte 70 with its last tensor, but it has 1 more bytes',
      { offset: 70 },
    ],
    [
      'metadata that is no text',
      file('{"__metadata__":{"a":1}}', 0),
      '__metadata__ of x.safetensors must map text to text, but it is {"a":1}.',
      { field: '__metadata__' },
    ],
    ['metadata that is a list', file('{"__metadata__":[]}', 0), 'must map text to text'],
  ];

  test.each(faults)('%s', async (_, bytes, message, fault = {}) => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FormatError', source: NAME, ...fault });
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('\n');
  });
});

test('a damaged header gives an error of this package or a header that covers the file', async () => {
  const good = tinyFiles({ L: 1 }).get('model.safetensors') ?? new Uint8Array();
  const headerEnd = 8 + Number(new DataView(good.buffer).getBigUint64(0, true));
  const change = fc.record({
    at: fc.nat(headerEnd - 1),
    to: fc.oneof(fc.nat(255), fc.constantFrom(0x22, 0x2c, 0x2d, 0x30, 0x39, 0x5b, 0x5d, 0x7b, 0x7d)),
  });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(good.length)),
      async (changes, cut) => {
        const bytes = good.slice(0, cut ?? good.length);
        for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
        try {
          const { tensors, dataStart } = await read(bytes);
          expect(tensors.reduce((at, tensor) => (tensor.begin === at ? tensor.end : Number.NaN), dataStart)).toBe(
            bytes.length,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(MechanicsError);
          refused++;
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(500);
});
