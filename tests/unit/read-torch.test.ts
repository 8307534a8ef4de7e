import { expect, test } from 'vitest';
import { CapacityError, DomainError, FormatError } from '../../src/core/errors.ts';
import { readAll } from '../../src/formats/array-file.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { openTorch } from '../../src/formats/read-torch.ts';
import { readMatrix } from '../../src/linalg/matrix/read-matrix.ts';
import golden from '../golden/torch-files.json' with { type: 'json' };
import { fromBase64 } from '../support/base64.ts';
import { safetensorsFile } from '../support/tiny-checkpoint.ts';

const fileOf = (name: string): Uint8Array =>
  fromBase64([...golden.read, ...golden.refused].find((found) => found.name === name)!.file);

test.each(golden.read)('$name: the arrays are those of the same tensors in safetensors', ({ file, tensors }) => {
  const stored = Object.entries(tensors).map(([name, [dtype, shape, hex]]) => ({
    name,
    dtype: dtype as string,
    shape: shape as number[],
    bytes: Uint8Array.from((hex as string).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  }));
  const byName = (bytes: ReturnType<typeof openTorch>) => new Map(readAll(bytes).map((array) => [array.name, array]));
  expect(byName(openTorch(fromBase64(file)))).toEqual(byName(openSafetensors(safetensorsFile(stored))));
});

test('a tensor that was saved by itself', () => {
  expect(readAll(openTorch(fileOf('a tensor')))).toEqual([
    { name: 'tensor', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
  ]);
});

test('views of one another are arrays of their own', () => {
  const [a, b] = readAll(openTorch(fileOf('parts of one another')));
  expect([a!.shape, b!.shape]).toEqual([
    [3, 3],
    [3, 3],
  ]);
  expect(a!.data.subarray(3)).toEqual(b!.data.subarray(0, 6));
});

test('a matrix', () => {
  expect(readMatrix(fileOf('a tensor'), 'a.pt')).toMatchObject({ rows: 2, columns: 3 });
  expect(() => readMatrix(fileOf('shared'), 'a.pt')).toThrow(DomainError);
  expect(readMatrix(fileOf('shared'), 'a.pt', { tensor: 'head' })).toMatchObject({ rows: 4, columns: 3 });
  expect(() => readMatrix(fileOf('the old format'), 'a.pt')).toThrow(/a\.pt must be a file of PyTorch 1\.6 or later/);
});

test('what needs too much memory, and what is damaged', () => {
  expect(() => openTorch(fileOf('a tensor'), 'a.pt', { maxBytes: 8 }).read('tensor')).toThrow(CapacityError);
  expect(() => openTorch(fileOf('a function'), 'a.pt')).toThrow(FormatError);
  expect(() => openTorch(fileOf('a tensor').slice(0, 700), 'a.pt')).toThrow(FormatError);
});
