import type { ComplexMatrix } from '../matrix/matrix.ts';

/**
 * Gives eigenvectors of a real matrix their symmetry: the vector of a real eigenvalue becomes real, that of λ̄ the conjugate of
 * that of λ. Dropping an imaginary part is no loss: (A − λ) Re x = Re((A − λ)x), and ‖Re x‖ is at least the largest element of x,
 * which is real.
 */
export function makeConjugate({ rows: n, data }: ComplexMatrix, values: Float64Array): void {
  for (let k = 0; k < n; k++) {
    if (values[2 * k + 1] === 0) makeReal(data, n, k);
    else {
      for (let i = 0; i < n; i++) {
        const p = 2 * (i * n + k);
        data[p + 2] = data[p]!;
        data[p + 3] = -data[p + 1]!;
      }
      k++;
    }
  }
}

function makeReal(data: Float64Array, n: number, k: number): void {
  let squares = 0;
  for (let i = 0; i < n; i++) squares += data[2 * (i * n + k)]! ** 2;
  const norm = Math.sqrt(squares);
  for (let i = 0; i < n; i++) {
    const p = 2 * (i * n + k);
    data[p] = data[p]! / norm;
    data[p + 1] = 0;
  }
}
