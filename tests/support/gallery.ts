/**
 * Matrices by structure, written down from their definitions, with closed-form eigenvalues where there are any.
 */
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { testNumbers } from './numbers.ts';

export interface GalleryEntry {
  readonly name: string;
  readonly matrix: Matrix;
  /** Eigenvalues in any order, [Re, Im] each. */
  readonly values?: readonly (readonly [number, number])[];
  /** How far a computed eigenvalue may lie from these, absolutely: from their conditioning. */
  readonly tolerance?: number;
}

const filled = (n: number, element: (i: number, j: number) => number): Matrix =>
  Matrix.fromRows(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => element(i, j))));

const real = (values: readonly number[]): [number, number][] => values.map((value) => [value, 0]);
const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);

/** −1 below the diagonal, 1 on it and on three diagonals above (Grcar 1989). */
export const grcar = (n: number): Matrix => filled(n, (i, j) => (j === i - 1 ? -1 : j >= i && j <= i + 3 ? 1 : 0));

/** One Jordan block with `corner` in its lower left: (λ−x)ⁿ = corner, up to sign. */
export const jordan = (n: number, x: number, corner = 0): Matrix =>
  filled(n, (i, j) => (i === j ? x : j === i + 1 ? 1 : i === n - 1 && j === 0 ? corner : 0));

/** Frank: n+1−max(i,j) for 1-based j ≥ i−1; its eigenvalues come in pairs λ, 1/λ, the small ones ill-conditioned. */
export const frank = (n: number): Matrix => filled(n, (i, j) => (j >= i - 1 ? n - Math.max(i, j) : 0));

/** Companion matrix of Π (x − root). */
export function companion(roots: readonly number[]): Matrix {
  let coefficients = [1];
  for (const root of roots) {
    coefficients = [...coefficients, 0].map((c, k) => c - root * (k === 0 ? 0 : coefficients[k - 1]!));
  }
  const n = roots.length;
  return filled(n, (i, j) => (i === 0 ? -coefficients[j + 1]! : i === j + 1 ? 1 : 0));
}

/** Kahan: triangular, row i is sin(θ)^i·(1, −cos θ, −cos θ, …). */
export const kahan = (n: number, theta: number): Matrix =>
  filled(n, (i, j) => (j < i ? 0 : Math.sin(theta) ** i * (i === j ? 1 : -Math.cos(theta))));

/** Demmel: −b^(j−i) on and above the diagonal; near a matrix with a larger Jordan block. */
export const demmel = (n: number, b: number): Matrix => filled(n, (i, j) => (j < i ? 0 : -(b ** (j - i))));

export const tridiagonal = (n: number, below: number, on: number, above: number): Matrix =>
  filled(n, (i, j) => (j === i ? on : j === i + 1 ? above : j === i - 1 ? below : 0));

/** Godunov's 7×7: eigenvalues −4, −2, −1, 0, 1, 2, 4 with condition numbers above 10¹³. */
export const godunov = (): Matrix =>
  Matrix.fromRows([
    [289, 2064, 336, 128, 80, 32, 16],
    [1152, 30, 1312, 512, 288, 128, 32],
    [-29, -2000, 756, 384, 1008, 224, 48],
    [512, 128, 640, 0, 640, 512, 128],
    [1053, 2256, -504, -384, -756, 800, 208],
    [-287, -16, 1712, -128, 1968, -30, 2032],
    [-2176, -287, -1565, -512, -541, -1152, -289],
  ]);

export const random = (n: number, seed: number): Matrix => new Matrix(n, n, testNumbers(n * n, seed));

export const randomComplex = (n: number, seed: number): ComplexMatrix =>
  new ComplexMatrix(n, n, testNumbers(2 * n * n, seed));

const times = (a: Matrix, factor: number): Matrix =>
  new Matrix(
    a.rows,
    a.columns,
    a.data.map((x) => x * factor),
  );

/** Elements (i, j) of a random matrix times 10^(range·(i−j)/(n−1)): a similarity that balancing can undo. */
const graded = (n: number, decades: number): Matrix => {
  const a = random(n, 5);
  return filled(n, (i, j) => a.data[i * n + j]! * 10 ** ((decades * (i - j)) / (n - 1)));
};

const circulantRow = [3, -1, 0.5, 0, 2, 1.25];

/** Every structure once, of small order. */
export const gallery: readonly GalleryEntry[] = [
  { name: '1×1', matrix: Matrix.fromRows([[-2.5]]), values: [[-2.5, 0]], tolerance: 0 },
  { name: 'zero', matrix: new Matrix(5, 5), values: real([0, 0, 0, 0, 0]), tolerance: 0 },
  {
    name: 'identity',
    matrix: filled(6, (i, j) => (i === j ? 1 : 0)),
    values: real(range(6).map(() => 1)),
    tolerance: 0,
  },
  {
    name: 'rotation',
    matrix: Matrix.fromRows([
      [0, 1],
      [-1, 0],
    ]),
    values: [
      [0, 1],
      [0, -1],
    ],
    tolerance: 1e-15,
  },
  {
    name: 'nilpotent',
    matrix: filled(7, (i, j) => (j > i ? 1 + i + j : 0)),
    values: real(range(7).map(() => 0)),
    tolerance: 0,
  },
  // Eigenvalues of a nilpotent matrix that is not triangular: the seventh root of the rounding errors.
  {
    name: 'cyclic nilpotent',
    matrix: filled(4, (i, j) => [1, 2, -3, 0][j]! * [1, 1, 1, 5][i]!),
    values: real([0, 0, 0, 0]),
    tolerance: 1e-7,
  },
  { name: 'Grcar', matrix: grcar(20) },
  { name: 'Jordan', matrix: jordan(8, 2), values: real(range(8).map(() => 2)), tolerance: 0 },
  {
    name: 'nearly defective',
    matrix: jordan(4, 1, 1e-8),
    values: range(4).map((k) => [1 + 1e-2 * Math.cos((k * Math.PI) / 2), 1e-2 * Math.sin((k * Math.PI) / 2)]),
    tolerance: 1e-9,
  },
  { name: 'Godunov', matrix: godunov() },
  { name: 'Kahan', matrix: kahan(12, 1.2), values: real(range(12).map((i) => Math.sin(1.2) ** i)), tolerance: 0 },
  { name: 'Demmel', matrix: demmel(6, 10), values: real(range(6).map(() => -1)), tolerance: 0 },
  { name: 'Frank', matrix: frank(10) },
  {
    name: 'Wilkinson companion',
    matrix: companion(range(10).map((k) => k + 1)),
    values: real(range(10).map((k) => k + 1)),
    tolerance: 1e-6,
  },
  {
    name: 'Toeplitz',
    matrix: tridiagonal(15, 0.25, 1, 4),
    values: real(range(15).map((k) => 1 + 2 * Math.cos(((k + 1) * Math.PI) / 16))),
    tolerance: 1e-12,
  },
  {
    name: 'skew Toeplitz',
    matrix: tridiagonal(9, -1, 0, 1),
    values: range(9).map((k) => [0, 2 * Math.cos(((k + 1) * Math.PI) / 10)]),
    tolerance: 1e-14,
  },
  {
    name: 'circulant',
    matrix: filled(6, (i, j) => circulantRow[(j - i + 6) % 6]!),
    values: range(6).map((k) => [
      circulantRow.reduce((sum, c, j) => sum + c * Math.cos((2 * Math.PI * j * k) / 6), 0),
      circulantRow.reduce((sum, c, j) => sum + c * Math.sin((2 * Math.PI * j * k) / 6), 0),
    ]),
    tolerance: 1e-14,
  },
  {
    name: 'rank one',
    matrix: filled(6, (i, j) => (i + 1) * (j - 2)),
    values: real([28, 0, 0, 0, 0, 0]),
    tolerance: 1e-13,
  },
  { name: 'graded 10^±150', matrix: graded(7, 150) },
  {
    name: 'isolated eigenvalues',
    matrix: filled(8, (i, j) => ((i * 5) % 8 <= (j * 5) % 8 ? 1 + ((3 * i + j) % 7) : 0)),
  },
  {
    name: 'subnormal',
    matrix: times(
      filled(5, (i, j) => 1 + ((i * 7 + j * 3) % 11)),
      5e-312,
    ),
  },
  { name: 'near overflow', matrix: times(random(6, 9), 1.7e308 / 6) },
  { name: 'random', matrix: random(12, 3) },
];

/** e^{iθ} D A D* with D diagonal and unitary: complex throughout, eigenvalues e^{iθ} λ. */
export function twisted({ rows: n, data }: Matrix, theta = 0.7): ComplexMatrix {
  const result = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const angle = theta + 1.1 * (i * i - j * j);
      result.data[2 * (i * n + j)] = data[i * n + j]! * Math.cos(angle);
      result.data[2 * (i * n + j) + 1] = data[i * n + j]! * Math.sin(angle);
    }
  }
  return result;
}
