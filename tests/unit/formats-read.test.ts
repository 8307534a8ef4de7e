import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readAll } from '../../src/formats/array-file.ts';
import { matrixMarketBytes } from '../../src/formats/matrix-market.ts';
import type { NamedArray } from '../../src/formats/named-array.ts';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { readMatrixMarket } from '../../src/formats/read-matrix-market.ts';
import { readNpy } from '../../src/formats/read-npy.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';
import { extract, readZipDirectory } from '../../src/formats/zip.ts';
import { testNumbers } from '../support/numbers.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const ARRAYS: readonly NamedArray[] = [
  { name: 'f32', shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY) },
  { name: 'f64', shape: [1, 2], data: Float64Array.of(Math.PI, 5e-324) },
  { name: 'i8', shape: [2], data: Int8Array.of(-128, 127) },
  { name: 'i16', shape: [2], data: Int16Array.of(-32768, 1) },
  { name: 'i32', shape: [1], data: Int32Array.of(-7) },
  { name: 'i64', shape: [1], data: BigInt64Array.of(-(2n ** 62n)) },
  { name: 'u8', shape: [1], data: Uint8Array.of(255) },
  { name: 'u16', shape: [0, 3], data: new Uint16Array(0) },
  { name: 'u32', shape: [], data: Uint32Array.of(2 ** 32 - 1) },
  { name: 'u64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  { name: 'c64', shape: [1, 2], data: Float32Array.of(1, 2, 3, -0), complex: true },
];
const C128: NamedArray = { name: 'c128', shape: [1, 1], data: Float64Array.of(1 / 3, -2 / 3), complex: true };

describe('what is written is read back', () => {
  test.each([...ARRAYS, C128].map((array) => [array.name, array] as const))('npy, %s', (_name, array) => {
    expect(readNpy(npyBytes(array), `${array.name}.npy`)).toEqual(array);
  });

  test.each([false, true])('npz, compress: %s', (compress) => {
    expect(readAll(openNpz(npzBytes([...ARRAYS, C128], { compress })))).toEqual([...ARRAYS, C128]);
  });

  test('deflated arrays of many pieces', () => {
    const array = { name: 'a', shape: [20_000], data: testNumbers(20_000) };
    expect(openNpz(npzBytes([array], { compress: true })).read('a')).toEqual(array);
  });

  test('safetensors', () => {
    const file = openSafetensors(safetensorsBytes(ARRAYS));
    expect(ARRAYS.map(({ name }) => file.read(name))).toEqual(ARRAYS);
    expect(() => safetensorsBytes([C128])).toThrow(
      'safetensorsBytes: complex arrays must be of f32, but c128 is of f64, which the format has not. Write .npz.',
    );
  });

  test.each(['array', 'coordinate'] as const)('MatrixMarket, %s', (layout) => {
    const real = Float64Array.of(1 / 3, 0, -1e-300, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 60);
    const matrices: NamedArray[] = [
      { name: 'a', shape: [2, 3], data: real },
      { name: 'a', shape: [3, 1], data: real, complex: true },
      { name: 'a', shape: [0, 3], data: new Float64Array(0) },
      { name: 'a', shape: [1, 2], data: Float64Array.of(3, -(2 ** 52)) },
    ];
    for (const matrix of matrices) {
      expect(readMatrixMarket(matrixMarketBytes(matrix, { layout }), 'a.mtx')).toEqual(matrix);
    }
    const integers = { name: 'a', shape: [1, 2], data: BigInt64Array.of(3n, -7n) };
    expect([...readMatrixMarket(matrixMarketBytes(integers, { layout })).data]).toEqual([3, -7]);
  });

  test('a complex array must be of floats, with two numbers for each element', () => {
    expect(() => npyBytes({ name: 'a', shape: [1], data: Int32Array.of(1, 2), complex: true })).toThrow(
      'npyBytes: complex arrays must be of f32 or f64, but a is not.',
    );
    expect(() => npyBytes({ ...C128, shape: [2] })).toThrow(
      'npyBytes: c128 must have 4 numbers, two for each element, for shape [2], but it has 2.',
    );
    expect(() => matrixMarketBytes({ name: 'a', shape: [1], data: Int32Array.of(1) })).toThrow('must have two axes');
  });
});

/** A .npy file with this header. */
function npy(header: string, data = 0, version = 1): Uint8Array {
  const text = encode(header);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, ...encode('NUMPY'), version, 0, ...length, ...text, ...new Uint8Array(data));
}

const GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";

describe('readNpy', () => {
  test.each([
    ['{"shape":(2L,),"fortran_order":True,"descr":"<f8"}'],
    ["{ 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , ) } \n"],
  ])('reads the header %s', (header) => {
    expect([...readNpy(npy(header, 16)).data]).toEqual([0, 0]);
  });

  test.each([
    ['nothing', new Uint8Array(0), 'begin with \\x93NUMPY, but it does not', 0, undefined],
    ['the magic alone', npy('').subarray(0, 8), 'have a header, but it ends at 8', 6, undefined],
    ['version 4', npy(GOOD, 16, 4), 'have version 1.0, 2.0 or 3.0, but it has 4.0', 6, undefined],
    ['a short header', npy(GOOD).subarray(0, 30), 'where its header ends, but it ends at 30', 30, undefined],
    ['a list', npy('[1]'.padEnd(20)), 'have a dictionary in its header', 10, undefined],
    ['an unknown key', npy("{'shape': (2,), 'x': 1}"), 'only the keys descr, fortran_order and shape', 26, undefined],
    ['a key twice', npy("{'shape': (2,), 'shape': (2,)}"), 'have one shape in its header', 26, 'shape'],
    ['no shape', npy("{'descr': '<f8', 'fortran_order': True}"), 'have shape in its header', 10, 'shape'],
    ['more than a dictionary', npy(`${GOOD}; import os`, 16), 'nothing after its dictionary', 66, undefined],
    ['records', npy(GOOD.replace("'<f8'", "[('a', '<f8')]"), 16), 'have a descr of one number type', 20, 'descr'],
    ['Python objects', npy(GOOD.replace('<f8', '|O'), 16), 'but its descr is "|O"', 10, 'descr'],
    ['long double', npy(GOOD.replace('<f8', '<f16'), 32), 'but its descr is "<f16"', 10, 'descr'],
    ['no byte order', npy(GOOD.replace('<f8', '|f8'), 16), 'but its descr is "|f8"', 10, 'descr'],
    ['a negative size', npy(GOOD.replace('2,', '-2,'), 16), 'have a shape of integers', 60, 'shape'],
    ['a gap in the shape', npy(GOOD.replace('2,', '2,,3'), 16), 'have a shape of integers', 10, 'shape'],
    ['too few bytes', npy(GOOD, 15), 'have 16 bytes of data for its shape (2), but it has 15', 82, undefined],
    ['too many bytes', npy(GOOD, 17), 'but it has 17', 83, undefined],
    ['a shape beyond 2^53', npy(GOOD.replace('2,', '3000000000, 3000000000'), 16), 'below 2^50 bytes', 10, 'shape'],
    ['a size beyond 2^53', npy(GOOD.replace('2,', '0, 99999999999999999999'), 0), 'below 2^50 bytes', 10, 'shape'],
  ])('refuses %s', (_what, bytes, message, offset, field) => {
    const fault = { name: 'FormatError', message: expect.stringContaining(message), source: 'x.npy', offset };
    expect(() => readNpy(bytes, 'x.npy')).toThrow(expect.objectContaining({ ...fault, ...(field && { field }) }));
  });

  test('refuses a header of 4 GiB before it is read, and data above maxBytes', () => {
    const long = npy(GOOD, 16, 2);
    long.fill(0xff, 8, 12);
    expect(() => readNpy(long)).toThrow('have a header of at most 1048576 bytes, but it has 4294967295');
    expect(() => readNpy(npy(GOOD, 16), 'x.npy', { maxBytes: 15 })).toThrow(
      expect.objectContaining({ name: 'CapacityError', bytes: 16, message: expect.stringContaining('Raise maxBytes') }),
    );
  });
});

/** A zip with one array of zeros and a place where one of its little-endian numbers is changed. */
function brokenZip(change: (view: DataView, directory: number) => void, level: 0 | 9 = 0): Uint8Array {
  const bytes = npzBytes([{ name: 'a', shape: [1000], data: new Float64Array(1000) }], { compress: level > 0 });
  const view = new DataView(bytes.buffer);
  change(view, view.getUint32(bytes.length - 6, true));
  return bytes;
}

function extractFirst(bytes: Uint8Array): Uint8Array {
  return extract('test', 'x.zip', bytes, readZipDirectory('test', 'x.zip', bytes)[0]!);
}

describe('openNpz', () => {
  test('names the arrays there are and leaves other files out', () => {
    const file = openNpz(zipSync({ 'a.npy': npyBytes(C128), 'b/c.npy': npyBytes(C128), 'readme.txt': encode('x') }));
    expect(file.names).toEqual(['a', 'b/c']);
    expect(file.read('b/c').name).toBe('b/c');
    expect(() => file.read('d')).toThrow('openNpz: arrays.npz must have an array d, but it has a, "b/c".');
  });

  test.each([
    ['no directory', (view: DataView) => view.setUint32(view.byteLength - 22, 0), 'end with the directory'],
    ['a count too many', (view: DataView) => view.setUint16(view.byteLength - 12, 2, true), 'list 2 files'],
    ['64-bit extensions', (view: DataView) => view.setUint16(view.byteLength - 12, 0xffff, true), 'without 64-bit'],
    ['encryption', (view: DataView, at: number) => view.setUint16(at + 8, 1, true), 'not be encrypted'],
    ['another method', (view: DataView, at: number) => view.setUint16(at + 10, 12, true), 'has method 12'],
    ['sizes that differ', (view: DataView, at: number) => view.setUint32(at + 24, 9, true), 'inflate to their size'],
    ['a data range past the end', (view: DataView) => view.setUint16(28, 65535, true), 'hold all of'],
    ['no local header', (view: DataView, at: number) => view.setUint32(at + 42, 5, true), 'have a header of'],
  ])('refuses %s', (_what, change, message) => {
    expect(() => openNpz(brokenZip(change))).toThrow(
      expect.objectContaining({ name: 'FormatError', message: expect.stringContaining(message) }),
    );
  });

  test('refuses overlapping files, a repeated name, a wrong checksum', () => {
    const twice = npzBytes([
      { name: 'a', shape: [1], data: Int8Array.of(1) },
      { name: 'b', shape: [1], data: Int8Array.of(1) },
    ]);
    const view = new DataView(twice.buffer);
    const directory = view.getUint32(twice.length - 6, true);
    const second = directory + 46 + 5;
    const overlapping = twice.slice();
    new DataView(overlapping.buffer).setUint32(second + 42, 0, true);
    expect(() => openNpz(overlapping)).toThrow('overlaps another');
    const repeated = twice.slice();
    repeated[second + 46] = 'a'.charCodeAt(0);
    expect(() => openNpz(repeated)).toThrow('but it has two of a');
    const damaged = twice.slice();
    damaged[view.getUint16(26, true) + 30 + 128]! ^= 4;
    expect(() => openNpz(damaged).read('a')).toThrow(/must have the checksum [0-9a-f]+, but it has/);
  });

  test('refuses a bomb before it inflates, and a stream that goes on or ends early', () => {
    const large = brokenZip((view, at) => view.setUint32(at + 24, 1_000_000, true), 9);
    expect(() => openNpz(large)).toThrow('inflate to their size');
    const file = openNpz(
      brokenZip(() => {}, 9),
      'x.npz',
      { maxBytes: 7999 },
    );
    expect(() => file.read('a')).toThrow(expect.objectContaining({ name: 'CapacityError', bytes: 8000 }));
    const grows = brokenZip((view, at) => view.setUint32(at + 24, 100, true), 9);
    expect(() => extractFirst(grows)).toThrow('inflate to 100 bytes, but it goes on');
    expect(() => openNpz(grows).read('a')).toThrow('must reach byte 128, where its header ends, but it ends at 100');
    const ends = brokenZip((view, at) => view.setUint32(at + 24, 9000, true), 9);
    expect(() => extractFirst(ends)).toThrow('inflate to 9000 bytes, but it ends after 8128');
    expect(() => openNpz(ends).read('a')).toThrow('must have 8000 bytes of data for its shape (1000), but it has 8872');
    const stream = brokenZip((view) => view.setUint8(36, 0xff), 9);
    expect(() => openNpz(stream).read('a')).toThrow('be a deflate stream, but it is not');
  });
});

describe('openSafetensors', () => {
  test('refuses an absent tensor, a type it does not read, too large a tensor', () => {
    const header =
      '{"w":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"v":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}';
    const bytes = Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0, ...encode(header), 1, 2, 3, 4);
    const file = openSafetensors(bytes, 'm.safetensors', { maxBytes: 16 });
    expect([...file.read('v').data]).toEqual([3, 4]);
    expect(() => file.read('x')).toThrow('m.safetensors must have an array x, but it has w, v.');
    expect(() => file.read('w')).toThrow('tensor w of m.safetensors must have one of the types BOOL, I8,');
    expect(() => openSafetensors(bytes, 'm', { maxBytes: 15 }).read('v')).toThrow('must need at most 15 bytes');
  });
});

describe('readMatrixMarket', () => {
  const read = (text: string, maxBytes?: number) =>
    readMatrixMarket(encode(text), 'x.mtx', maxBytes === undefined ? {} : { maxBytes });

  test('takes comments, empty lines, Fortran exponents, any case, \\r\\n', () => {
    const text =
      '%%matrixmarket MATRIX Coordinate REAL General\r\n% é\r\n\r\n2 2 2\r\n 1 1 1.5D+01 \r\n%\r\n2 2 .5\r\n\r\n';
    expect([...read(text).data]).toEqual([15, 0, 0, 0.5]);
  });

  const real = '%%MatrixMarket matrix coordinate real general\n';
  const unsigned = real.replace('real', 'unsigned-integer');
  const lower = '%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n';
  test.each([
    ['nothing', '', 'begin with “%%MatrixMarket”, but it does not', 0],
    ['one % for two', real.slice(1), 'but it begins with 1 % instead of two, so that other readers take', 0],
    ['no %', real.slice(2), 'but it begins with no % instead of two', 0],
    ['three %', `%${real}`, 'but it begins with 3 % instead of two', 0],
    ['another object', '%%MatrixMarket vector array real general\n', 'hold a matrix, but its header says "vector"', 0],
    ['no object', '%%MatrixMarket\n', 'hold a matrix, but its header says absent', 0],
    ['another layout', '%%MatrixMarket matrix dense real general\n', 'have the layout coordinate, array in its', 0],
    ['another field', '%%MatrixMarket matrix array double general\n', 'but it has "double"', 0],
    ['no symmetry', '%%MatrixMarket matrix array real\n', 'have the symmetry general, symmetric, skew-', 0],
    ['a word too many', '%%MatrixMarket matrix array real general x\n', 'but "x" follows', 0],
    ['a negative unsigned integer', `${unsigned}1 1 1\n1 1 -1\n`, 'hold unsigned integers below 2^53', 64],
    ['a fraction as unsigned integer', `${unsigned}1 1 1\n1 1 0.5\n`, 'hold unsigned integers below 2^53', 64],
    ['a skew matrix without signs', unsigned.replace('general', 'skew-symmetric'), 'of both signs', 0],
    ['a pattern of an array', '%%MatrixMarket matrix array pattern general\n1 1\n', 'coordinate for a pattern', 0],
    ['a real hermitian matrix', '%%MatrixMarket matrix array real hermitian\n1 1\n1\n', 'be complex to be', 0],
    [
      'a skew pattern',
      '%%MatrixMarket matrix coordinate pattern skew-symmetric\n',
      'have values of both signs to be',
      0,
    ],
    ['no sizes', real, 'give 3 sizes, but it gives absent', 46],
    ['two sizes for three', `${real}2 2\n`, 'give 3 sizes, but it gives "2 2"', 46],
    [
      'sizes beyond 2^53',
      `${real}99999999 99999999 1\n1 1 1`,
      'be of a size that memory could hold, but it is 99999999×99999999',
      46,
    ],
    ['a symmetric matrix that is not square', lower.replace('2 2', '2 3'), 'be square to be symmetric', 48],
    ['more entries than bytes', `${real}9 9 99999999\n1 1 1\n`, 'hold 99999999 entries, but it ends before', 46],
    ['an entry less', `${real}2 2 2\n1 1 1.0000\n`, 'hold 2 entries, but it holds 1 (line 3)', 63],
    [
      'an entry more',
      `${real}2 2 1\n1 1 1\n2 2 2\n`,
      'end after its last entry, but it goes on with "2 2 2" (line 4)',
      58,
    ],
    ['an index of zero', `${real}2 2 1\n0 1 1\n`, 'have entries within its 2×2, but one is at "0 1" (line 3)', 52],
    ['a row past the end', `${real}2 2 1\n3 1 1\n`, 'but one is at "3 1"', 52],
    ['a word for a number', `${real}2 2 1\n1 1 0x10\n`, 'hold numbers, but it holds "0x10"', 52],
    ['a number beyond f64', `${real}2 2 1\n1 1 1e999\n`, 'hold numbers below 2^1024', 52],
    ['two numbers for one', `${real}2 2 1\n1 1 1 2\n`, 'have 1 numbers in each value, but one has 2', 52],
    ['a large integer', `${real.replace('real', 'integer')}1 1 1\n1 1 9007199254740993\n`, 'integers below 2^53', 55],
    ['a fraction as integer', `${real.replace('real', 'integer')}1 1 1\n1 1 0.5\n`, 'integers below 2^53', 55],
    ['an entry above the diagonal', `${lower}1 2 1\n`, 'hold the lower triangle of a symmetric matrix', 54],
    ['a skew diagonal', `${lower.replace('symm', 'skew-symm')}2 2 1\n`, 'have a diagonal of zeros', 59],
    [
      'a complex diagonal',
      '%%MatrixMarket matrix array complex hermitian\n1 1\n1 1\n',
      'have a real diagonal to be hermitian, but entry (1, 1) is complex',
      50,
    ],
    ['a line of 2000 characters', `${real}1 1 1\n${' '.repeat(2000)}1 1 1\n`, 'hold 1 entries, but it holds 0', 52],
    ['a long line at the end', `${real}1 1 0\n${' '.repeat(2000)}`, 'have lines of at most 1024', 52],
  ])('refuses %s', (_what, text, message, offset) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        name: 'FormatError',
        message: expect.stringContaining(message),
        source: 'x.mtx',
        offset,
      }),
    );
  });

  test('takes the unsigned integers of SciPy', () => {
    expect([...read(`${unsigned}%\n2 2 4\n1 1 1\n1 2 2\n2 1 3\n2 2 5\n`).data]).toEqual([1, 2, 3, 5]);
    expect([...read('%%MatrixMarket matrix array Unsigned-Integer symmetric\n2 2\n1\n2\n3\n').data]).toEqual([
      1, 2, 2, 3,
    ]);
  });

  test('refuses a dense matrix much larger than the file unless it may be so large', () => {
    const zeros = '%%MatrixMarket matrix coordinate real general\n11585 11585 0\n';
    expect(() => read(zeros)).toThrow(expect.objectContaining({ name: 'CapacityError', bytes: 8 * 11585 ** 2 }));
    expect(() => read(zeros.replaceAll('11585', '5793'))).toThrow('must need at most 268435456 bytes');
    expect(read(zeros.replaceAll('11585', '300')).data.length).toBe(90_000);
  });

  test('refuses a matrix above maxBytes', () => {
    expect(() => read(`${real}10000000 10000000 1\n1 1 1\n`)).toThrow(
      expect.objectContaining({ name: 'CapacityError', bytes: 8e14 }),
    );
    expect([...read(`${real}1 2 1\n1 1 1\n`, 16).data]).toEqual([1, 0]);
    expect(() => read(`${real}1 2 1\n1 1 1\n`, 15)).toThrow('must need at most 15 bytes');
  });
});
