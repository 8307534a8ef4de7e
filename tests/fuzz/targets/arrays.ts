import { zipSync } from 'fflate';
import { readAll } from '../../../src/formats/array-file.ts';
import { matrixMarketBytes } from '../../../src/formats/matrix-market.ts';
import type { NamedArray } from '../../../src/formats/named-array.ts';
import { npyBytes } from '../../../src/formats/npy.ts';
import { npzBytes } from '../../../src/formats/npz.ts';
import { readMatrixMarket } from '../../../src/formats/read-matrix-market.ts';
import { readNpy } from '../../../src/formats/read-npy.ts';
import { openNpz } from '../../../src/formats/read-npz.ts';
import { openSafetensors } from '../../../src/formats/read-safetensors.ts';
import { safetensorsBytes } from '../../../src/formats/safetensors.ts';
import { readMatrix } from '../../../src/linalg/matrix/read-matrix.ts';
import { sparseFile } from '../../support/sparse-file.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';

const LIMIT = { maxBytes: 2 ** 20 };
const REAL: NamedArray = { name: 'ab', shape: [3, 2], data: Float64Array.of(1, 2.5, -3, 0, 5, 6e-9) };
const COMPLEX: NamedArray = { ...REAL, name: 'c', shape: [3, 1], complex: true };
const WHOLE: NamedArray = { name: 'i', shape: [2, 2, 1], data: BigInt64Array.of(1n, -2n, 3n, 2n ** 60n) };
const SMALL: NamedArray = { name: 'u', shape: [4], data: Uint8Array.of(0, 1, 2, 255) };
const ALL = [REAL, COMPLEX, WHOLE, SMALL];

const NPY_WORDS = [
  "'descr'",
  "'<f8'",
  "'>c16'",
  "'|S3'",
  "'<U2'",
  "'|O'",
  '(2,)',
  '()',
  '(0, 3)',
  '(99999999, 99999999)',
  'True',
  '{',
  '}',
  ', ',
  '\n',
];
const MARKET_WORDS = [
  '%%MatrixMarket ',
  'matrix ',
  'array',
  'coordinate ',
  'unsigned-integer',
  'pattern',
  'hermitian',
  'skew-symmetric',
  '\n',
  ' ',
  '-',
  '1e',
  '1e999',
  'nan',
  'inf',
  '99999',
  '99999999',
  '0 ',
  '%',
];
const HEADER_WORDS = [
  '"dtype"',
  '"F64"',
  '"C64"',
  '"F4"',
  '"BOOL"',
  '[]',
  '[0]',
  '[2,2]',
  '[9007199254740992]',
  '"data_offsets"',
  '__metadata__',
  '{',
  '}',
  ',',
  '-1',
  '1e3',
];

/** Every array has as many numbers as its shape says. */
function checked(arrays: readonly NamedArray[]): void {
  for (const { name, shape, data, complex = false } of arrays) {
    const length = shape.reduce((product, size) => product * size, complex ? 2 : 1);
    if (data.length !== length) throw new WrongAnswer(`${name} has ${data.length} numbers for [${shape.join(', ')}]`);
  }
}

/** A reader of files with what it is given. */
function reader(
  name: string,
  weight: number,
  words: readonly string[],
  files: readonly Uint8Array[],
  read: (bytes: Uint8Array) => readonly NamedArray[],
) {
  return target<Uint8Array>({
    name,
    weight,
    make: (random) => mutateBytes(random, random.pick(files), { words, others: files }),
    read: (bytes) => checked(read(bytes)),
  });
}

const NPY = ALL.map(npyBytes);
const NPZ = [
  npzBytes([REAL]),
  npzBytes(ALL, { compress: true }),
  zipSync({ 'a.npy': npyBytes(SMALL), 'b.txt': new Uint8Array(3) }),
];
const MARKET = [
  ...[REAL, COMPLEX].flatMap((array) => [matrixMarketBytes(array), matrixMarketBytes(array, { layout: 'coordinate' })]),
  ...[
    '%%MatrixMarket matrix coordinate unsigned-integer general\n%\n2 2 4\n1 1 1\n1 2 2\n2 1 3\n2 2 5\n',
    '%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n',
    '%%MatrixMarket matrix array complex hermitian\n2 2\n1 0\n2 3\n4 0\n',
    '%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n',
  ].map((text) => new TextEncoder().encode(text)),
];

/** Sparse matrices whose arrays disagree; the zip is whole. */
function sparseCase(random: CaseRandom): Uint8Array {
  const index = () => random.pick([0, 0, 1, 1, 2, 3, -1, 4, 2 ** 31 - 1]);
  const list = (name: string, usual: readonly number[]): NamedArray => {
    const values = random.chance(0.25)
      ? Array.from({ length: random.below(6) }, index)
      : usual.map((value) => (random.chance(0.05) ? index() : value));
    const data = random.chance(0.1)
      ? Float64Array.from(values)
      : random.chance(0.3)
        ? BigInt64Array.from(values, BigInt)
        : Int32Array.from(values);
    return { name, shape: random.chance(0.05) ? [1, values.length] : [values.length], data };
  };
  const format = random.pick(['csr', 'csc', 'coo', 'bsr', 'dia', 'dia', 'lil', '', 'CSR']);
  const blocks = format === 'bsr' ? [4, 1, 1] : format === 'dia' ? [2, 2] : [4];
  const arrays: NamedArray[] = [
    list('shape', [2, 2]),
    { name: 'data', shape: random.chance(0.1) ? [2, 2] : blocks, data: Float64Array.of(1, 2, 3, 5) },
    list('indices', [0, 1, 0, 1]),
    list('indptr', [0, 2, 4]),
    list('row', [0, 0, 1, 1]),
    list('col', [0, 1, 0, 1]),
    list('offsets', [0, 1]),
  ];
  if (random.chance(0.2))
    arrays.push({ name: 'coords', shape: [2, 4], data: Int32Array.of(0, 0, 1, 1, 0, 1, 0, index()) });
  const kept = arrays.filter(() => !random.chance(0.03));
  return sparseFile(format, kept);
}

export const ARRAY_TARGETS = [
  reader('npy', 12, NPY_WORDS, NPY, (bytes) => [readNpy(bytes, 'f', LIMIT)]),
  reader('npz', 6, NPY_WORDS, NPZ, (bytes) => readAll(openNpz(bytes, 'f', LIMIT))),
  reader('safetensors', 12, HEADER_WORDS, [safetensorsBytes([REAL, WHOLE, SMALL], { a: 'b' })], (bytes) =>
    readAll(openSafetensors(bytes, 'f', LIMIT)),
  ),
  reader('matrix-market', 12, MARKET_WORDS, MARKET, (bytes) => [readMatrixMarket(bytes, 'f', LIMIT)]),
  target<Uint8Array>({
    name: 'any-matrix',
    weight: 2,
    make: (random) =>
      mutateBytes(random, random.pick([...NPY, ...NPZ, ...MARKET]), { others: [...NPY, ...NPZ, ...MARKET] }),
    read: (bytes) => readMatrix(bytes, 'f', LIMIT),
  }),
  target<Uint8Array>({
    name: 'sparse',
    weight: 3,
    make: sparseCase,
    read: (bytes) => checked(readAll(openNpz(bytes, 'f.npz', LIMIT))),
  }),
];
