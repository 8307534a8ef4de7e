import { describe, expect, test } from 'vitest';
import type { Folder, TensorRows } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { createSha256, portableSha256 } from '../../src/transformer/checkpoint/sha256.ts';
import { streamWeights } from '../../src/transformer/checkpoint/stream-weights.ts';
import { bf16Value, f16Value } from '../support/stored-floats.ts';
import {
  concatenate,
  jsonBytes,
  memoryFolder,
  type TinyOptions,
  tinyCheckpoint,
  tinyFiles,
  tinyTensors,
} from '../support/tiny-checkpoint.ts';

/** All weights of a checkpoint by name, put together from the pieces that `visit` saw. */
async function readAll(options: TinyOptions): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  const checkpoint = await openCheckpoint(tinyCheckpoint(options));
  await checkpoint.readWeights(({ tensor, firstRow, rows, bytes }) => {
    const soFar = values.get(tensor.name) ?? [];
    const rowLength = tensor.shape.slice(1).reduce((a, b) => a * b, 1);
    expect(soFar).toHaveLength(firstRow * rowLength);
    expect(bytes.byteOffset % 4).toBe(0);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < rows * rowLength; i++) {
      if (tensor.dtype === 'F32') soFar.push(view.getFloat32(4 * i, true));
      else soFar.push((tensor.dtype === 'F16' ? f16Value : bf16Value)(view.getUint16(2 * i, true)));
    }
    values.set(tensor.name, soFar);
  });
  return values;
}

describe('readWeights gives the stored numbers of', () => {
  const cases: [string, TinyOptions][] = [
    ['F32', {}],
    ['F16', { dtype: 'F16', family: 'llama' }],
    ['BF16', { dtype: 'BF16' }],
    ['data that begin at an odd offset', { headerPadding: 3 }],
    ['F16 data at an odd offset', { dtype: 'F16', headerPadding: 1 }],
    ['mask buffers in between', { maskBuffers: true, prefix: false }],
    ['shards', { shards: 4, family: 'llama', G: 1, attentionBias: true }],
  ];
  test.each(cases)('%s', async (_, options) => {
    const found = await readAll(options);
    const expected = tinyTensors(options);
    expect(found.size).toBe(expected.size);
    for (const [name, { values }] of expected) expect(found.get(name)).toEqual([...values]);
  });
});

/** The folder, and a record of what is read of it. */
function recorded(folder: Folder): { folder: Folder; reads: [name: string, offset: number, length: number][] } {
  const reads: [string, number, number][] = [];
  const open: Folder['open'] = async (name) => {
    const source = await folder.open(name);
    if (source === null) return null;
    return {
      size: source.size,
      read: async (offset, into) => {
        reads.push([name, offset, into.length]);
        await source.read(offset, into);
      },
    };
  };
  return { folder: { ...folder, open }, reads };
}

test('every byte of the weights is read once, in order, and counted', async () => {
  const options: TinyOptions = { shards: 2, maskBuffers: true };
  const { folder, reads } = recorded(tinyCheckpoint(options));
  const checkpoint = await openCheckpoint(folder);
  reads.length = 0;
  const progress: [number, number][] = [];
  await checkpoint.readWeights(() => {}, { onProgress: (done, total) => void progress.push([done, total]) });
  const sizes = [...tinyFiles(options)]
    .filter(([name]) => name.endsWith('.safetensors'))
    .map(([, bytes]) => bytes.length);
  const total = sizes.reduce((a, b) => a + b, 0);
  expect(progress[0]).toEqual([0, total]);
  expect(progress.at(-1)).toEqual([total, total]);
  let [file, at] = ['', 0];
  for (const [name, offset, length] of reads) {
    if (name !== file) [file, at] = [name, 0];
    expect(offset).toBe(at);
    at += length;
  }
  expect(reads.reduce((sum, [, , length]) => sum + length, 0)).toBe(total);
});

/** The file with a spare tensor of 5 bytes after the others. */
function withLastTensor(bytes: Uint8Array): Uint8Array {
  const dataStart = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart))) as Record<string, unknown>;
  const length = bytes.length - dataStart;
  const json = jsonBytes({ ...header, spare: { dtype: 'U8', shape: [5], data_offsets: [length, length + 5] } });
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true);
  return concatenate([prefix, json, bytes.subarray(dataStart), Uint8Array.of(1, 2, 3, 4, 5)]);
}

test('the fingerprint is the SHA-256 of every file that was used', async () => {
  const files = tinyFiles({ shards: 2, maskBuffers: true });
  // A tensor nobody uses at the very end is part of the file too.
  const last = 'model-00002-of-00002.safetensors';
  files.set(last, withLastTensor(files.get(last)!));
  const checkpoint = await openCheckpoint(memoryFolder(files));
  const expected: [string, string][] = [];
  for (const [name, bytes] of files) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice().buffer));
    expected.push([name, Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')]);
  }
  expect(await checkpoint.readWeights(() => {})).toEqual(Object.fromEntries(expected));
});

test.each([createSha256, portableSha256])('SHA-256 of FIPS 180-4, in pieces (%o)', (create) => {
  const hash = create();
  const text = new TextEncoder().encode('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq');
  hash.update(text.subarray(0, 3));
  hash.update(text.subarray(3));
  expect(hash.hex()).toBe('248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
});

describe('pieces', () => {
  /** Streams one tensor of zeros that begins after an 8-byte header. */
  async function piecesOf(shape: readonly number[]): Promise<[firstRow: number, rows: number, bytes: number][]> {
    const length = 4 * shape.reduce((a, b) => a * b, 1);
    const tensor = { name: 'a', file: 'f', dtype: 'F32', shape, begin: 8, end: 8 + length } as const;
    const header = { dataStart: 8, metadata: new Map<string, string>(), tensors: [tensor] };
    const pieces: [number, number, number][] = [];
    const visit = ({ firstRow, rows, bytes }: TensorRows): void => void pieces.push([firstRow, rows, bytes.length]);
    await streamWeights(
      [{ name: 'f', bytes: { size: 8 + length, read: async () => {} }, header }],
      new Map([['a', tensor]]),
      visit,
      {},
    );
    return pieces;
  }

  test('are whole rows of about 4 MiB', async () => {
    // A row has 3 MB, so only one fits.
    expect(await piecesOf([3, 750_000])).toEqual([
      [0, 1, 3e6],
      [1, 1, 3e6],
      [2, 1, 3e6],
    ]);
    // Rows of 400,000 bytes: ten fit in 4,194,304.
    expect(await piecesOf([25, 100_000])).toEqual([
      [0, 10, 4e6],
      [10, 10, 4e6],
      [20, 5, 2e6],
    ]);
  });

  test('are one row where a row is longer', async () => {
    expect(await piecesOf([2, 1_500_000])).toEqual([
      [0, 1, 6e6],
      [1, 1, 6e6],
    ]);
  });

  test('of one axis have one element per row', async () => {
    expect(await piecesOf([1_500_000])).toEqual([
      [0, 1_048_576, 4_194_304],
      [1_048_576, 451_424, 1_805_696],
    ]);
  });

  test('above 1 GiB per row are refused before anything is allocated', async () => {
    await expect(piecesOf([1, 2 ** 29])).rejects.toMatchObject({ name: 'CapacityError', bytes: 2 ** 31 });
  });
});

describe('readWeights stops', () => {
  test('when it is aborted before or in between', async () => {
    const checkpoint = await openCheckpoint(tinyCheckpoint());
    await expect(checkpoint.readWeights(() => {}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    const controller = new AbortController();
    let visits = 0;
    const visit = (): void => {
      visits++;
      if (visits === 3) controller.abort();
    };
    await expect(checkpoint.readWeights(visit, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(visits).toBe(3);
  });

  test('with what visit throws, and can run again', async () => {
    const checkpoint = await openCheckpoint(tinyCheckpoint());
    const failing = (): void => {
      throw new RangeError('full');
    };
    await expect(checkpoint.readWeights(failing)).rejects.toThrow('full');
    expect(Object.keys(await checkpoint.readWeights(() => {}))).toContain('model.safetensors');
  });
});
