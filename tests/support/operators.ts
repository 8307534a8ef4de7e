/** Operators whose spectra are known in closed form, as callbacks, and dense comparisons. */
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { operatorFromCallbacks } from '../../src/linalg/operator/declared.ts';
import type { LinearOperator } from '../../src/linalg/operator/linear-operator.ts';

/** The five-point Laplacian on a k×k grid with zero borders. */
export function laplacian2d(k: number): LinearOperator {
  return operatorFromCallbacks({
    rows: k * k,
    columns: k * k,
    field: 'real',
    structure: 'hermitian',
    apply(x, y) {
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          const p = i * k + j;
          let sum = 4 * x[p]!;
          if (i > 0) sum -= x[p - k]!;
          if (i < k - 1) sum -= x[p + k]!;
          if (j > 0) sum -= x[p - 1]!;
          if (j < k - 1) sum -= x[p + 1]!;
          y[p] = sum;
        }
      }
    },
  });
}

/** Its eigenvalues 4 − 2cos(aπ/(k+1)) − 2cos(bπ/(k+1)), ascending. */
export function laplacian2dValues(k: number): number[] {
  const one = Array.from({ length: k }, (_, a) => 2 - 2 * Math.cos(((a + 1) * Math.PI) / (k + 1)));
  return one.flatMap((x) => one.map((y) => x + y)).sort((x, y) => x - y);
}

/** The tridiagonal Toeplitz operator with these diagonals. */
export function toeplitz(n: number, below: number, on: number, above: number): LinearOperator {
  const times = (low: number, high: number) => (x: Float64Array, y: Float64Array) => {
    for (let i = 0; i < n; i++) y[i] = (x[i - 1] ?? 0) * low + on * x[i]! + (x[i + 1] ?? 0) * high;
  };
  return operatorFromCallbacks({
    rows: n,
    columns: n,
    field: 'real',
    structure: below === above ? 'hermitian' : 'general',
    apply: times(below, above),
    applyAdjoint: times(above, below),
  });
}

/** Column k of a matrix as an array of its field. */
export function column(a: AnyMatrix, k: number): Float64Array {
  const width = a.field === 'real' ? 1 : 2;
  return Float64Array.from(
    { length: a.rows * width },
    (_, i) => a.data[(Math.floor(i / width) * a.columns + k) * width + (i % width)]!,
  );
}

/** Elements that any language computes exactly, as in make-iterative.py. */
export function formulaMatrix(rows: number, columns: number, field: 'real' | 'complex'): AnyMatrix {
  const entries = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j): [number, number] => [
      (((7 * i + 13 * j + 5 * i * j) % 17) - 8) / 8,
      (((3 * i + 11 * j + 2 * i * j) % 19) - 9) / 8,
    ]),
  );
  return field === 'complex'
    ? ComplexMatrix.fromRows(entries)
    : Matrix.fromRows(entries.map((row) => row.map(([re]) => re)));
}
