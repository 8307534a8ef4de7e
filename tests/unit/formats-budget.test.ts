import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readAll } from '../../src/formats/array-file.ts';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { readNpy } from '../../src/formats/read-npy.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';
import { readMatrix } from '../../src/linalg/matrix/read-matrix.ts';
import { sparseFile } from '../support/sparse-file.ts';

const MIB = 2 ** 20;
const small = (name: string, n = 4) => ({ name, shape: [n], data: new Uint8Array(n) });
const tooLarge = (bytes: number) => expect.objectContaining({ name: 'CapacityError', bytes });

/** A .npz of arrays of zeros with headers of their own making. */
function npzOf(arrays: readonly (readonly [name: string, header: string, zeros: number])[]): Uint8Array {
  const files = arrays.map(([name, header, zeros]) => {
    const text = new TextEncoder().encode(header.padEnd(117));
    const bytes = new Uint8Array(10 + text.length + zeros);
    bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...text]);
    return [`${name}.npy`, bytes] as const;
  });
  return zipSync(Object.fromEntries(files), { level: 1 });
}

describe('arrays that are read together share one budget', () => {
  test('of 8 bytes a number, whatever their type', () => {
    expect(readNpy(npyBytes(small('a')), 'a.npy', { maxBytes: 32 }).data).toHaveLength(4);
    expect(() => readNpy(npyBytes(small('a')), 'a.npy', { maxBytes: 31 })).toThrow(tooLarge(32));
  });

  test.each([
    [
      'npz',
      (names: string[], maxBytes: number) => openNpz(npzBytes(names.map((name) => small(name))), 'f', { maxBytes }),
    ],
    [
      'safetensors',
      (names: string[], maxBytes: number) =>
        openSafetensors(safetensorsBytes(names.map((name) => small(name))), 'f', { maxBytes }),
    ],
  ])('%s: in sum', (_name, open) => {
    expect(readAll(open(['a', 'b'], 64))).toHaveLength(2);
    expect(() => readAll(open(['a', 'b', 'c'], 64))).toThrow(tooLarge(96));
    expect(() => readAll(open(['a', 'b', 'c'], 64))).toThrow('readAll: the 3 arrays of f must need at most 64 bytes');
    expect(readAll(open(['a', 'b', 'c'], 64), ['a', 'c'])).toHaveLength(2);
    expect(open(['a', 'b', 'c'], 64).read('c').data).toHaveLength(4);
  });

  test('four deflated arrays of 9 MiB each in a small file are refused by their headers alone', () => {
    const header = "{'descr': '|i1', 'fortran_order': False, 'shape': (9437184,)}";
    const bomb = npzOf(['a', 'b', 'c', 'd'].map((name) => [name, header, 9 * MIB]));
    expect(bomb.length).toBeLessThan(300_000);
    expect(() => readAll(openNpz(bomb, 'bomb.npz'))).toThrow(tooLarge(8 * 36 * MIB));
    expect(openNpz(bomb, 'bomb.npz').memory('a')).toBe(8 * 9 * MIB);
  });

  test('a header that lies about its size, inside a deflated file, is refused before the rest is inflated', () => {
    const lies = npzOf([['a', "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", MIB]]);
    expect(() => openNpz(lies).read('a')).toThrow('must have 24 bytes of data for its shape (3), but it has 1048576');
  });
});

describe('a sparse matrix', () => {
  const numbers = (name: string, values: number[]) => ({ name, shape: [values.length], data: Int32Array.from(values) });
  const csr = {
    shape: numbers('shape', [2, 2]),
    data: { name: 'data', shape: [4], data: Float64Array.of(1, 2, 3, 5) },
    indices: numbers('indices', [0, 1, 0, 1]),
    indptr: numbers('indptr', [0, 2, 4]),
  };
  const csrWith = (change: Partial<Record<keyof typeof csr, ReturnType<typeof numbers>>>) =>
    readMatrix(sparseFile('csr', Object.values({ ...csr, ...change })), 'a.npz');

  test('is one matrix', () => {
    expect([...csrWith({}).data]).toEqual([1, 2, 3, 5]);
    const named = sparseFile('csr', Object.values(csr));
    expect([...readMatrix(named, 'a.npz', { tensor: 'a' }).data]).toEqual([1, 2, 3, 5]);
    expect(() => readMatrix(named, 'a.npz', { tensor: 'data' })).toThrow('must have an array data, but it has a.');
  });

  test('whose format is of UTF-32, as Python 2 wrote it', () => {
    expect([...readMatrix(sparseFile('csr', Object.values(csr), 'U'), 'a.npz').data]).toEqual([1, 2, 3, 5]);
  });

  test.each([
    [
      'indices',
      numbers('indices', [0, 1, 0, 2]),
      'indices of the sparse matrix a.npz must hold indices from 0 to 1, but it holds 2',
    ],
    ['indices', numbers('indices', [0, 1, 0, -1]), 'hold indices from 0 to 1, but it holds -1'],
    ['indices', numbers('indices', [0, 1]), 'hold 4 indices, but it holds 2'],
    ['indptr', numbers('indptr', [0, 3, 2]), 'rise from 0 to at most 4 in 3 numbers'],
    ['indptr', numbers('indptr', [1, 2, 4]), 'rise from 0 to at most 4 in 3 numbers'],
    ['indptr', numbers('indptr', [0, 2, 5]), 'rise from 0 to at most 4 in 3 numbers'],
    ['indptr', numbers('indptr', [0, 4]), 'rise from 0 to at most 4 in 3 numbers'],
    ['shape', numbers('shape', [2, -2]), 'shape of the sparse matrix a.npz must hold sizes whose product'],
    ['shape', numbers('shape', [2, 2, 2]), 'hold elements or blocks of a matrix [2, 2, 2], but it is [4]'],
    ['shape', numbers('shape', []), 'must hold sizes'],
  ] as const)('with wrong %s is refused', (field, array, message) => {
    expect(() => csrWith({ [field]: array })).toThrow(
      expect.objectContaining({ name: 'FormatError', field: expect.any(String) }),
    );
    expect(() => csrWith({ [field]: array })).toThrow(message);
  });

  test('of another format, or far larger than its file, is refused', () => {
    expect(() => readMatrix(sparseFile('lil', Object.values(csr)), 'a.npz')).toThrow(
      'format of the sparse matrix a.npz must be csr, csc, bsr, coo, dia, but it is "lil"',
    );
    const wide = { shape: numbers('shape', [1, 2 ** 30]), indptr: numbers('indptr', [0, 4]) };
    expect(() => csrWith(wide)).toThrow(expect.objectContaining({ name: 'CapacityError' }));
    expect(() => csrWith({ shape: numbers('shape', [2 ** 30, 2 ** 30]) })).toThrow('must hold sizes whose product');
  });

  test('an archive with an array of numbers named format is none', () => {
    const arrays = ['format', 'shape', 'data'].map((name) => numbers(name, [1]));
    expect(openNpz(npzBytes(arrays)).names).toEqual(['format', 'shape', 'data']);
  });
});
