/** Matrices by structure for singular values, with the values where a closed form gives them. */
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { randomMatrix, scaled } from './dense-algebra.ts';
import { hermitianGallery } from './hermitian-gallery.ts';

export interface SingularSpecimen {
  readonly name: string;
  readonly a: AnyMatrix;
  /** Descending. */
  readonly values?: readonly number[];
}

function fromFormula(rows: number, columns: number, element: (i: number, j: number) => number): Matrix {
  const a = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) a.data[i * columns + j] = element(i, j);
  return a;
}

/** Element (j, k) = e^(−2πi jk/n): every singular value is √n. */
function fourier(n: number): ComplexMatrix {
  const a = new ComplexMatrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      a.data.set([Math.cos(angle), Math.sin(angle)], 2 * (j * n + k));
    }
  }
  return a;
}

const outer = (m: number, n: number) => fromFormula(m, n, (i, j) => (i + 1) * (j + 1));
const norm = (n: number) => Math.sqrt((n * (n + 1) * (2 * n + 1)) / 6);

/** Upper bidiagonal, ones on both diagonals: σ_k = 2 cos(kπ/(2n+1)), k = 1…n. */
const onesBidiagonal = (n: number) => fromFormula(n, n, (i, j) => (j === i || j === i + 1 ? 1 : 0));

export const singularGallery: readonly SingularSpecimen[] = [
  { name: 'empty', a: new Matrix(0, 0), values: [] },
  { name: 'no rows', a: new Matrix(0, 3), values: [] },
  { name: 'no columns', a: new ComplexMatrix(2, 0), values: [] },
  { name: '1×1', a: Matrix.fromRows([[-3]]), values: [3] },
  { name: '1×1 complex', a: ComplexMatrix.fromRows([[[3, -4]]]), values: [5] },
  { name: 'one row', a: Matrix.fromRows([[2, -3, 6]]), values: [7] },
  { name: 'one column', a: ComplexMatrix.fromRows([[[0, 2]], [-3], [[0, 6]]]), values: [7] },
  { name: 'zero', a: new Matrix(4, 6), values: [0, 0, 0, 0] },
  { name: 'zero complex', a: new ComplexMatrix(5, 3), values: [0, 0, 0] },
  { name: 'identity', a: identity(6), values: [1, 1, 1, 1, 1, 1] },
  { name: 'Fourier 16', a: fourier(16), values: new Array(16).fill(4) },
  { name: 'rank 1 tall', a: outer(9, 4), values: [norm(9) * norm(4), 0, 0, 0] },
  { name: 'rank 1 wide', a: outer(3, 8), values: [norm(3) * norm(8), 0, 0] },
  { name: 'Jordan block', a: fromFormula(8, 8, (i, j) => (j === i + 1 ? 1 : 0)), values: [1, 1, 1, 1, 1, 1, 1, 0] },
  {
    name: 'bidiagonal of ones',
    a: onesBidiagonal(20),
    values: Array.from({ length: 20 }, (_, k) => 2 * Math.cos(((k + 1) * Math.PI) / 41)),
  },
  {
    name: 'a zero inside the diagonal',
    a: fromFormula(6, 6, (i, j) => (j === i + 1 ? 1 : i === j && i !== 2 ? 2 : 0)),
  },
  { name: 'tall', a: randomMatrix('complex', 40, 7, 1) },
  { name: 'wide', a: randomMatrix('real', 6, 33, 2) },
  { name: 'subnormal', a: scaled(randomMatrix('complex', 7, 5, 3), 2 ** -1040) },
  { name: 'near overflow', a: scaled(randomMatrix('real', 8, 8, 4), 2 ** 1020) },
  { name: 'rows graded 1e±150', a: fromFormula(11, 11, (i, j) => 10 ** (15 * i - 75) * Math.cos(i * i + 3 * j)) },
  { name: 'columns graded 1e±150', a: fromFormula(11, 11, (i, j) => 10 ** (75 - 15 * j) * Math.cos(i * i + 3 * j)) },
  ...hermitianGallery.map(({ name, a, values }) => ({
    name: `Hermitian: ${name}`,
    a,
    ...(values === undefined ? {} : { values: values.map(Math.abs).sort((x, y) => y - x) }),
  })),
];
