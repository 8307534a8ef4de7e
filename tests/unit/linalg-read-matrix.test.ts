import { describe, expect, test } from 'vitest';
import { matrixMarketBytes } from '../../src/formats/matrix-market.ts';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';
import { arrayFrom, matrixFrom } from '../../src/linalg/matrix/array-matrix.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { readMatrix } from '../../src/linalg/matrix/read-matrix.ts';

const REAL = Matrix.fromRows([
  [1, 2, 3],
  [4, 5, 6],
]);
const COMPLEX = ComplexMatrix.fromRows([[[1, 2]], [[3, -4]]]);

describe('matrixFrom', () => {
  test('takes numbers of every type, copied', () => {
    const data = Float64Array.of(1, 2);
    const matrix = matrixFrom({ name: 'a', shape: [1, 2], data });
    data[0] = 9;
    expect(matrix).toEqual(Matrix.fromRows([[1, 2]]));
    expect(matrixFrom({ name: 'a', shape: [2], data: Uint8Array.of(1, 2) })).toEqual(Matrix.fromRows([[1], [2]]));
    expect(matrixFrom({ name: 'a', shape: [1, 1], data: BigInt64Array.of(-(2n ** 60n)) }).at(0, 0)).toBe(-(2 ** 60));
    expect(matrixFrom({ name: 'a', shape: [2, 1], data: Float32Array.of(1, 2, 3, -4), complex: true })).toEqual(
      COMPLEX,
    );
  });

  test('refuses other shapes, and integers that f64 does not hold', () => {
    const data = BigUint64Array.of(2n ** 53n + 1n);
    expect(() => matrixFrom({ name: 'a', shape: [1, 1, 1], data })).toThrow(
      'matrixFrom: a must have one or two axes, but its shape is [1, 1, 1].',
    );
    expect(() => matrixFrom({ name: 'a', shape: [], data })).toThrow(expect.objectContaining({ code: 'SHAPE' }));
    expect(() => matrixFrom({ name: 'a', shape: [1], data })).toThrow('but a[0] is 9007199254740993.');
    expect(() => matrixFrom({ name: 'a', shape: [2], data: Int8Array.of(1) })).toThrow('must have 2 elements');
  });
});

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('readMatrix', () => {
  test.each([
    ['npy', npyBytes],
    ['mtx', matrixMarketBytes],
    ['npz', (array: Parameters<typeof npyBytes>[0]) => npzBytes([array])],
  ])('reads .%s, whatever its name', (_ending, write) => {
    for (const matrix of [REAL, COMPLEX]) expect(readMatrix(write(arrayFrom('a', matrix)), 'file')).toEqual(matrix);
  });

  test('passes over a byte-order mark', () => {
    const text = '\xef\xbb\xbf%%MatrixMarket matrix array real general\n1 1\n';
    expect(readMatrix(bytesOf(`${text}2\n`), 'file')).toEqual(Matrix.fromRows([[2]]));
    expect(() => readMatrix(bytesOf(`${text}x\n`), 'file')).toThrow('(line 3)');
  });

  test('reads a safetensors file by name', () => {
    const bytes = safetensorsBytes([arrayFrom('w', REAL), { name: 'v', shape: [1], data: Int8Array.of(7) }]);
    expect(readMatrix(bytes, 'file', { tensor: 'w' })).toEqual(REAL);
    expect(readMatrix(bytes, 'file', { tensor: 'v' })).toEqual(Matrix.fromRows([[7]]));
    expect(() => readMatrix(bytes, 'file')).toThrow(
      'readMatrix: tensor must name an array of file, but it is absent. There are: w, v.',
    );
    expect(() => readMatrix(bytes, 'file', { tensor: 'x' })).toThrow('file must have an array x, but it has w, v.');
  });

  test.each([
    ['transformer.h.0.attn.c_attn.weight', 'h.0.attn.c_attn.weight'],
    ['h.0.attn.c_attn.weight', 'transformer.h.0.attn.c_attn.weight'],
    ['layers.0.attention.dense.weight', 'gpt_neox.layers.0.attention.dense.weight'],
    ['layers.0.self_attn.q_proj.weight', 'model.layers.0.self_attn.q_proj.weight'],
    ['_orig_mod.model.norm.weight', 'model.norm.weight'],
    ['module.bert.embeddings.weight', 'embeddings.weight'],
  ])('finds %s as %s, which differs by wrappers in front', (stored, asked) => {
    const bytes = safetensorsBytes([arrayFrom('other', Matrix.fromRows([[9]])), arrayFrom(stored, REAL)]);
    for (const tensor of [stored, asked]) expect(readMatrix(bytes, 'file', { tensor })).toEqual(REAL);
  });

  test('takes the exact name first, and no part of a name for the whole', () => {
    const one = Matrix.fromRows([[1]]);
    const both = safetensorsBytes([arrayFrom('model.w', REAL), arrayFrom('w', one), arrayFrom('h.0.v', one)]);
    expect(readMatrix(both, 'file', { tensor: 'w' })).toEqual(one);
    expect(readMatrix(both, 'file', { tensor: 'model.w' })).toEqual(REAL);
    // Which of the two is meant, nobody knows.
    expect(() => readMatrix(both, 'file', { tensor: 'module.w' })).toThrow('must have an array module.w');
    for (const tensor of ['v', '0.v', 'h.0', 'model', '']) {
      expect(() => readMatrix(both, 'file', { tensor })).toThrow('file must have an array');
    }
  });

  test('lists names that are near an unknown one where the list is long', () => {
    const many = safetensorsBytes(
      Array.from({ length: 60 }, (_, k) => arrayFrom(`h.${k}.mlp.c_fc.weight`, Matrix.fromRows([[k]]))),
    );
    expect(() => readMatrix(many, 'file', { tensor: 'h.57.mlp.c_fc.wieght' })).toThrow(
      /and 40 more\. Near it: h\.57\.mlp\.c_fc\.weight, /,
    );
  });

  test.each([
    ['npy', npyBytes],
    ['mtx', matrixMarketBytes],
  ])('does not look for an array by name in .%s', (_ending, write) => {
    expect(() => readMatrix(write(arrayFrom('a', REAL)), 'file', { tensor: 'a' })).toThrow(
      "readMatrix: tensor must be left out, because file holds a single array, but it is 'a'.",
    );
  });

  test('lists no more than twenty names', () => {
    const many = Array.from({ length: 30 }, (_, k) => ({ name: `t${k}`, shape: [1], data: Int8Array.of(k) }));
    expect(() => readMatrix(npzBytes(many), 'file')).toThrow(/There are: t0, .*, t19 and 10 more\.$/);
  });

  test('refuses other files, and passes the limit on', () => {
    expect(() => readMatrix(new Uint8Array(3), 'a.txt')).toThrow(
      'readMatrix: a.txt must be a .npy, .npz, safetensors, PyTorch or MatrixMarket file, but its first bytes are of none.',
    );
    for (const [start, what] of [
      ['\x1f\x8b\x08', 'a file packed by gzip. Unpack it.'],
      ['GGUF\x03', 'a GGUF file of llama.cpp'],
      ['', 'an empty file.'],
    ] as const) {
      expect(() => readMatrix(bytesOf(start), 'a')).toThrow(`MatrixMarket file, but it is ${what}`);
    }
    expect(() => readMatrix(new Uint8Array(3), 'a.safetensors')).toThrow('It is truncated');
    expect(() => readMatrix(npyBytes(arrayFrom('a', REAL)), 'a.npy', { maxBytes: 8 })).toThrow('at most 8 bytes');
  });
});
