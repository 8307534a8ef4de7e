import { expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { grcar } from '../support/gallery.ts';
import golden from './eig.json' with { type: 'json' };

/** The elements make-eig.py uses: exact in f64. */
function formula(n: number, complex: boolean): AnyMatrix {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j): [number, number] => [
      (((7 * i + 13 * j + 5 * i * j) % 17) - 8) / 8,
      (((3 * i + 11 * j + 2 * i * j) % 19) - 9) / 8,
    ]),
  );
  return complex ? ComplexMatrix.fromRows(rows) : Matrix.fromRows(rows.map((row) => row.map(([re]) => re)));
}

const cases = golden.entries.map((entry) => {
  const matrix = entry.name === 'grcar' ? grcar(entry.n) : formula(entry.n, entry.field === 'complex');
  return [`${entry.name}, ${entry.field}, n = ${entry.n}`, entry, matrix] as const;
});

eachBackend('eigenvalues and condition numbers of LAPACK', (backend) => {
  it.each(cases)('%s', (_title, { values: expected, conditionNumbers: conditions, n }, matrix) => {
    const { values, conditionNumbers } = eig(backend, matrix, { conditionNumbers: true, balance: false });
    for (let k = 0; k < n; k++) {
      const distances = Array.from({ length: n }, (_, j) =>
        Math.hypot(values[2 * j]! - expected[2 * k]!, values[2 * j + 1]! - expected[2 * k + 1]!),
      );
      const nearest = distances.indexOf(Math.min(...distances));
      const condition = conditions[k]!;
      expect(distances[nearest]! <= 1e-13 * condition, `λ ${k} is off by ${distances[nearest]}`).toBe(true);
      const error = Math.abs(conditionNumbers![nearest]! / condition - 1);
      expect(error <= 1e-10 * condition, `condition number ${k} is off by ${error}`).toBe(true);
    }
  });
});
