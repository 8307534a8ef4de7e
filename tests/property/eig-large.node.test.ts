import { describe, expect, it } from 'vitest';
import { ConvergenceError } from '../../src/core/errors.ts';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { realSchur, schur } from '../../src/linalg/eigen/schur.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { wasmBackend } from '../support/backends.ts';
import { grcar, random, randomComplex, twisted } from '../support/gallery.ts';
import { orthogonality, schurResidual, vectorResidual } from '../support/residuals.ts';

/** Large orders take seconds (the residuals more than the decompositions), so only TMECH_LARGE=1 runs them; 170 always. */
const orders = process.env.TMECH_LARGE === '1' ? [170, 256, 512] : [170];

describe.each(orders)('deflation windows and chains of bulges, n = %i', (n) => {
  it.each([
    ['random complex', randomComplex(n, 1)],
    ['random real', random(n, 2)],
    ['Grcar, turned', twisted(grcar(n))],
  ] as const)(
    '%s',
    (_name, a) => {
      const { values, right, left } = eig(wasmBackend, a, { vectors: 'both' });
      expect(vectorResidual(a, values, right!)).toBeLessThan(4);
      expect(vectorResidual(a, values, left!, true)).toBeLessThan(4);
      const { q, t } = schur(wasmBackend, a);
      expect(schurResidual(a, q, t)).toBeLessThan(8);
      expect(orthogonality(q)).toBeLessThan(15);
    },
    120_000,
  );

  it.each([
    ['random', random(n, 3)],
    ['Grcar', grcar(n)],
    ['symmetric', symmetric(n)],
  ] as const)(
    'real Schur form: %s',
    (_name, a) => {
      const { q, t } = realSchur(wasmBackend, a);
      const [basis, triangle] = [ComplexMatrix.fromReal(q), ComplexMatrix.fromReal(t)];
      expect(schurResidual(a, basis, triangle)).toBeLessThan(8);
      expect(orthogonality(basis)).toBeLessThan(15);
      for (let i = 1; i < n; i++) {
        for (let j = 0; j < i - 1; j++) expect(t.data[i * n + j]).toBe(0);
        const below = t.data[i * n + i - 1]!;
        if (below === 0) continue;
        expect(t.data[i * n + i], 'equal diagonal').toBe(t.data[(i - 1) * n + i - 1]);
        expect(below < 0).toBe(t.data[(i - 1) * n + i]! > 0);
        if (i + 1 < n) expect(t.data[(i + 1) * n + i], 'blocks of order 2 only').toBe(0);
      }
    },
    120_000,
  );
});

function symmetric(n: number): Matrix {
  const a = random(n, 4);
  return new Matrix(
    n,
    n,
    a.data.map((x, p) => x + a.data[(p % n) * n + Math.floor(p / n)]!),
  );
}

it.each([
  ['complex', randomComplex(170, 1), 150],
  ['real', random(170, 1), 60],
] as const)('a large %s matrix stops at the limit too, and reports what it has', (_field, a: AnyMatrix, maxSweeps) => {
  const n = a.rows;
  expect(() => eig(wasmBackend, a, { maxSweeps })).toThrow(ConvergenceError);
  const { values, converged, sweeps } = eig(wasmBackend, a, { maxSweeps, onFailure: 'report' });
  expect(converged).toBeGreaterThan(0);
  expect(converged).toBeLessThan(n);
  expect(sweeps).toBeLessThanOrEqual(maxSweeps + 32);
  const all = eig(wasmBackend, a).values;
  for (let k = 2 * (n - converged); k < 2 * n; k += 2) {
    const distances = Array.from({ length: n }, (_, j) =>
      Math.hypot(all[2 * j]! - values[k]!, all[2 * j + 1]! - values[k + 1]!),
    );
    expect(Math.min(...distances)).toBeLessThan(1e-12);
  }
});
