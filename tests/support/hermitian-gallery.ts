/** Hermitian matrices by structure, with their eigenvalues where a closed form or a published constant gives them. */
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { adjoint, product, randomHermitian, randomMatrix, scaled, timesDiagonal } from './dense-algebra.ts';

export interface HermitianSpecimen {
  readonly name: string;
  readonly a: AnyMatrix;
  /** Ascending. */
  readonly values?: readonly number[];
}

function diagonal(values: readonly number[]): Matrix {
  const n = values.length;
  const a = new Matrix(n, n);
  for (const [i, value] of values.entries()) a.data[i * n + i] = value;
  return a;
}

function tridiagonal(main: readonly number[], off: number): Matrix {
  const a = diagonal(main);
  const n = main.length;
  for (let i = 0; i + 1 < n; i++) a.data[i * n + i + 1] = a.data[(i + 1) * n + i] = off;
  return a;
}

/** The Hermitian part of the cyclic shift: eigenvalues cos(2πk/n). */
function cyclicShift(n: number): Matrix {
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    a.data[i * n + ((i + 1) % n)]! += 0.5;
    a.data[((i + 1) % n) * n + i]! += 0.5;
  }
  return a;
}

/** H diag(values) H with the reflector H = 1 − 2vv†/v†v of a random complex v. */
function reflected(values: readonly number[], seed: number): ComplexMatrix {
  const n = values.length;
  const v = randomMatrix('complex', n, 1, seed);
  const norm = product(adjoint(v), v).data[0]!;
  const h = scaled(product(v, adjoint(v)), -2 / norm);
  for (let i = 0; i < n; i++) h.data[2 * (i * n + i)]! += 1;
  const a = product(timesDiagonal(h, values), adjoint(h));
  for (let i = 0; i < n; i++) {
    a.data[2 * (i * n + i) + 1] = 0;
    for (let j = 0; j < i; j++) {
      a.data[2 * (i * n + j)] = a.data[2 * (j * n + i)]!;
      a.data[2 * (i * n + j) + 1] = -a.data[2 * (j * n + i) + 1]!;
    }
  }
  return a;
}

function grade(a: AnyMatrix, exponents: (i: number) => number): AnyMatrix {
  const n = a.rows;
  const width = a.field === 'real' ? 1 : 2;
  const factor = (at: number) => {
    const element = Math.floor(at / width);
    return 10 ** exponents(Math.floor(element / n)) * 10 ** exponents(element % n);
  };
  const data = a.data.map((value, at) => value * factor(at));
  return width === 1 ? new Matrix(n, n, data) : new ComplexMatrix(n, n, data);
}

const toeplitz = (n: number) => Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
const wilkinson = Array.from({ length: 21 }, (_, i) => Math.abs(i - 10));
const clustered = Array.from({ length: 12 }, (_, k) => 1 + k * 1e-14);
const repeated = [-1, -1, -1, 0, 0, 2, 2, 2, 2, 5];

export const hermitianGallery: readonly HermitianSpecimen[] = [
  { name: 'empty', a: new Matrix(0, 0), values: [] },
  { name: '1×1', a: Matrix.fromRows([[-3]]), values: [-3] },
  { name: '1×1 complex', a: ComplexMatrix.fromRows([[[2, 0]]]), values: [2] },
  { name: 'zero', a: new Matrix(6, 6), values: [0, 0, 0, 0, 0, 0] },
  { name: 'zero complex', a: new ComplexMatrix(5, 5), values: [0, 0, 0, 0, 0] },
  { name: 'identity', a: identity(7), values: [1, 1, 1, 1, 1, 1, 1] },
  { name: 'diagonal', a: diagonal([3, -1, 0, 7, 2]), values: [-1, 0, 2, 3, 7] },
  {
    name: 'Pauli y',
    a: ComplexMatrix.fromRows([
      [0, [0, -1]],
      [[0, 1], 0],
    ]),
    values: [-1, 1],
  },
  { name: 'Toeplitz 2, −1 of order 50', a: tridiagonal(new Array(50).fill(2), -1), values: toeplitz(50) },
  { name: 'Wilkinson W21+', a: tridiagonal(wilkinson, 1) },
  {
    name: 'cyclic shift of order 16',
    a: cyclicShift(16),
    values: Array.from({ length: 16 }, (_, k) => Math.cos((2 * Math.PI * k) / 16)).sort((x, y) => x - y),
  },
  { name: 'clustered', a: reflected(clustered, 3), values: clustered },
  { name: 'repeated', a: reflected(repeated, 4), values: repeated },
  { name: 'all ones', a: new Matrix(9, 9, new Float64Array(81).fill(1)), values: [0, 0, 0, 0, 0, 0, 0, 0, 9] },
  { name: 'graded up 1e±150', a: grade(randomHermitian('real', 11, 5), (i) => 15 * i - 75) },
  { name: 'graded down 1e±150', a: grade(randomHermitian('complex', 11, 6), (i) => 75 - 15 * i) },
  { name: 'graded 1e±8', a: grade(randomHermitian('complex', 9, 7), (i) => 2 * i - 8) },
  { name: 'subnormal', a: scaled(randomHermitian('complex', 8, 8), 2 ** -1040) },
  { name: 'tiny', a: scaled(randomHermitian('real', 8, 9), 2 ** -1000) },
  { name: 'near overflow', a: scaled(randomHermitian('complex', 8, 10), 2 ** 1020) },
  { name: 'rank 2', a: reflected([0, 0, 0, 0, 0, 1, 3], 11), values: [0, 0, 0, 0, 0, 1, 3] },
  { name: 'tridiagonal with zero diagonal', a: tridiagonal(new Array(15).fill(0), 1) },
];
