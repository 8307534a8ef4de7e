/** Q J Qᵀ with random orthogonal Q and Jordan blocks of every order and coupling, from their definitions. */
import { Matrix } from '../../src/linalg/matrix/matrix.ts';
import { testNumbers } from './numbers.ts';

export interface JordanKind {
  /** Smallest real part of an eigenvalue. */
  readonly least: number;
  /** Conjugate pairs among the blocks. */
  readonly pairs: boolean;
  /** Couplings between the blocks. */
  readonly coupled: boolean;
}

/** Numbers in [0, 1), one after the other. */
function numbersFrom(seed: number): () => number {
  let drawn = testNumbers(64, seed);
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = testNumbers(64, seed + 0x1000000 * (1 + Math.floor(Math.abs(drawn[0]!) * 100)));
      at = 0;
    }
    return 0.5 * (drawn[at++]! + 1);
  };
}

/** One to three blocks of order 1 to 4 (pairs: 1 or 2), eigenvalues over 2 units, couplings 0.01 to 10, angles of pairs 3e-4 to 3. */
export function jordanMatrix(seed: number, { least, pairs, coupled }: JordanKind): Matrix {
  const next = numbersFrom(seed);
  const blocks = Array.from({ length: 1 + Math.floor(3 * next()) }, () => {
    const pair = pairs && next() < 0.5;
    const order = 1 + Math.floor((pair ? 2 : 4) * next());
    return {
      pair,
      order,
      value: least + 2 * next(),
      coupling: 10 ** (3 * next() - 2),
      angle: 10 ** (4 * next() - 3.5),
    };
  });
  const n = blocks.reduce((sum, { pair, order }) => sum + (pair ? 2 : 1) * order, 0);
  const j = new Matrix(n, n);
  let start = 0;
  for (const { pair, order, value, coupling, angle } of blocks) {
    const width = pair ? 2 : 1;
    for (let k = 0; k < width * order; k++) {
      const row = start + k;
      j.data[row * n + row] = value;
      if (k + width < width * order) j.data[row * n + row + width] = coupling;
    }
    for (let k = 0; pair && k < order; k++) {
      const row = start + 2 * k;
      j.data[row * n + row + 1] = angle;
      j.data[(row + 1) * n + row] = -angle;
    }
    start += width * order;
  }
  for (let row = 0; coupled && row < n; row++) {
    for (let column = row + 1; column < n; column++) {
      if (j.data[row * n + column] === 0) j.data[row * n + column] = 0.5 * (next() - 0.5);
    }
  }
  return turned(j, next);
}

/** Q a Qᵀ with a product of reflections Q. */
export function turned(a: Matrix, next: () => number): Matrix {
  const n = a.rows;
  const data = a.data.slice();
  const reflect = (v: readonly number[], stride: number, step: number): void => {
    const square = v.reduce((sum, x) => sum + x * x, 0);
    for (let line = 0; line < n; line++) {
      let inner = 0;
      for (let k = 0; k < n; k++) inner += v[k]! * data[line * stride + k * step]!;
      for (let k = 0; k < n; k++) data[line * stride + k * step]! -= ((2 * inner) / square) * v[k]!;
    }
  };
  for (let count = 0; count < n; count++) {
    const v = Array.from({ length: n }, () => next() - 0.5);
    reflect(v, 1, n);
    reflect(v, n, 1);
  }
  return new Matrix(n, n, data);
}
