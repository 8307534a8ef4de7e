import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { eig } from '../../src/linalg/eig.ts';
import type { AnyMatrix } from '../../src/linalg/matrix.ts';
import { reorderSchur, schur } from '../../src/linalg/schur.ts';
import { eachBackend } from '../support/backends.ts';
import { gallery, randomComplex, twisted } from '../support/gallery.ts';
import { asComplex, orthogonality, schurResidual, vectorResidual } from '../support/residuals.ts';

/** Bounds in units of n·u (residuals also of ‖A‖): about twice what the gallery shows. */
const VECTORS = 4;
const SCHUR = 8;
const ORTHOGONAL = 15;
/** Eigenvalues of a subnormal matrix are rounded to multiples of 2⁻¹⁰⁷⁴, far coarser than u. */
const SUBNORMAL = 50;

function expectBelow(actual: number, bound: number, what: string): void {
  expect(actual <= bound, `${what}: ${actual} > ${bound}`).toBe(true);
}

function checkDecompositions(backend: Backend, a: AnyMatrix, slack = 1): void {
  for (const balance of [true, false]) {
    const { values, right, left, conditionNumbers } = eig(backend, a, {
      vectors: 'both',
      balance,
      conditionNumbers: true,
    });
    expectBelow(vectorResidual(a, values, right!), VECTORS * slack, `AV − VΛ, balance ${balance}`);
    expectBelow(vectorResidual(a, values, left!, true), VECTORS * slack, `V*A − ΛV*, balance ${balance}`);
    for (const condition of conditionNumbers!) expect(condition).toBeGreaterThanOrEqual(1);
    for (let k = 0; k < a.rows; k++) checkColumn(right!, k);
    for (let k = 0; k < a.rows; k++) checkColumn(left!, k);
  }
  const { q, t } = schur(backend, a);
  expectBelow(schurResidual(a, q, t), SCHUR * slack, 'A − QTQ*');
  expectBelow(orthogonality(q), ORTHOGONAL, 'Q*Q − I');
  for (let i = 0; i < a.rows; i++) {
    for (let k = 2 * i * a.rows; k < 2 * i * (a.rows + 1); k++) expect(t.data[k], 'T below its diagonal').toBe(0);
  }
}

/** Unit 2-norm, largest element real and positive. */
function checkColumn({ rows: n, data }: { rows: number; data: Float64Array }, k: number): void {
  let [squares, largest, peak] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const size = data[2 * (i * n + k)]! ** 2 + data[2 * (i * n + k) + 1]! ** 2;
    squares += size;
    if (size > largest) [largest, peak] = [size, i];
  }
  expectBelow(Math.abs(squares - 1), 1e-14 * Math.max(1, n / 10), `‖column ${k}‖² − 1`);
  // Another element may be as large up to rounding; then the real one is that one.
  const im = data[2 * (peak * n + k) + 1]!;
  const tie = Array.from({ length: n }, (_, i) => i).some(
    (i) => Math.abs(data[2 * (i * n + k) + 1]!) < 1e-15 && data[2 * (i * n + k)]! > 0.7 * Math.sqrt(largest),
  );
  expect(Math.abs(im) < 1e-15 || tie, `column ${k}: largest element ${im}i`).toBe(true);
}

eachBackend('eigenvectors and Schur forms have small residuals', (backend) => {
  it.each(Array.from({ length: 24 }, (_, k) => k + 1))('random complex, n = %i', (n) => {
    checkDecompositions(backend, randomComplex(n, n));
  });

  it.each([33, 50, 64, 77, 100, 128])('random complex, n = %i', (n) => {
    checkDecompositions(backend, randomComplex(n, n));
  });

  it.each(gallery.map((entry) => [entry.name, entry.matrix] as const))('%s', (name, matrix) => {
    const slack = name === 'subnormal' ? SUBNORMAL : 1;
    checkDecompositions(backend, asComplex(matrix), slack);
    checkDecompositions(backend, twisted(matrix), slack);
  });

  it('reordering keeps A and moves the eigenvalues as told', () => {
    const n = 17;
    const a = randomComplex(n, 4);
    const before = schur(backend, a);
    const leading = [5, 16, 0, 9];
    const { q, t } = reorderSchur(backend, before, leading);
    expectBelow(schurResidual(a, q, t), SCHUR, 'A − QTQ*');
    expectBelow(orthogonality(q), ORTHOGONAL, 'Q*Q − I');
    const order = [...leading, ...Array.from({ length: n }, (_, k) => k).filter((k) => !leading.includes(k))];
    order.forEach((from, to) => {
      expect([...t.data.subarray(2 * to * (n + 1), 2 * to * (n + 1) + 2)]).toEqual([
        ...before.values.subarray(2 * from, 2 * from + 2),
      ]);
    });
  });
});
