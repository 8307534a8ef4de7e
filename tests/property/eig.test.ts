import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { EigenWorkspace } from '../../src/linalg/eigen/eigen-workspace.ts';
import { realSchur, reorderSchur, schur } from '../../src/linalg/eigen/schur.ts';
import { type AnyMatrix, ComplexMatrix, type Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { asComplex } from '../support/dense-algebra.ts';
import { gallery, random, randomComplex, twisted } from '../support/gallery.ts';
import { orthogonality, schurResidual, vectorResidual } from '../support/residuals.ts';

/** Bounds in units of n·u (residuals also of ‖A‖): about twice what the gallery shows. */
const VECTORS = 5;
const SCHUR = 8;
const ORTHOGONAL = 15;
/** The same in the coordinates that balancing chooses: about 0.7 is measured. */
const BALANCED = 2;
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

/** What a real matrix promises beyond: conjugate pairs side by side, real vectors of real values, a real Schur form. */
function checkReal(backend: Backend, a: Matrix, slack: number): void {
  const n = a.rows;
  const { values, right, left } = eig(backend, a, { vectors: 'both' });
  for (let k = 0; k < n; k++) {
    const pair = values[2 * k + 1] !== 0;
    if (pair) expect([...values.subarray(2 * k + 2, 2 * k + 4)]).toEqual([values[2 * k], -values[2 * k + 1]!]);
    for (const { data } of [right!, left!]) {
      for (let i = 0; i < n; i++) {
        const p = 2 * (i * n + k);
        if (pair) expect([data[p + 2], data[p + 3]]).toEqual([data[p], -data[p + 1]!]);
        else expect(data[p + 1]).toBe(0);
      }
    }
    if (pair) k++;
  }
  const { q, t } = realSchur(backend, a);
  expectBelow(schurResidual(a, ComplexMatrix.fromReal(q), ComplexMatrix.fromReal(t)), SCHUR * slack, 'A − QTQᵀ');
  expectBelow(orthogonality(ComplexMatrix.fromReal(q)), ORTHOGONAL, 'QᵀQ − I');
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i - 1; j++) expect(t.data[i * n + j]).toBe(0);
    const below = t.data[i * n + i - 1]!;
    if (below === 0) continue;
    expect(t.data[i * n + i]).toBe(t.data[(i - 1) * n + i - 1]);
    expect(below * Math.sign(t.data[(i - 1) * n + i]!)).toBeLessThan(0);
    if (i + 1 < n) expect(t.data[(i + 1) * n + i], 'blocks of order 2 only').toBe(0);
  }
}

eachBackend('eigenvectors and Schur forms have small residuals', (backend) => {
  it.each(Array.from({ length: 24 }, (_, k) => k + 1))('random, n = %i', (n) => {
    checkDecompositions(backend, randomComplex(n, n));
    checkDecompositions(backend, random(n, n));
    checkReal(backend, random(n, n), 1);
  });

  it.each([33, 50, 64, 77, 100, 128])('random, n = %i', (n) => {
    checkDecompositions(backend, randomComplex(n, n));
    checkDecompositions(backend, random(n, n));
    checkReal(backend, random(n, n), 1);
  });

  it.each(gallery.map((entry) => [entry.name, entry.matrix] as const))('%s', (name, matrix) => {
    const slack = name === 'subnormal' ? SUBNORMAL : 1;
    checkDecompositions(backend, asComplex(matrix), slack);
    checkDecompositions(backend, twisted(matrix), slack);
    checkDecompositions(backend, matrix, slack);
    checkReal(backend, matrix, slack);
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

/** B = D⁻¹AD as the balancing leaves it, and D's diagonal; for matrices without isolated eigenvalues. */
function balancing(backend: Backend, a: AnyMatrix): { b: ComplexMatrix; d: Float64Array } {
  const n = a.rows;
  const space = new EigenWorkspace('balancing', backend, n, { complex: 1, real: 0 });
  return backend.memory.scope(() => {
    const { block } = space.load('balancing', asComplex(a));
    const [scale, info] = [space.numbers(n), space.numbers(2)];
    backend.kernels.balance({ a: block, ld: space.ld(2), n, width: 2, scale, info });
    expect([...info.view()]).toEqual([0, n - 1]);
    return { b: space.unload(block), d: scale.view().slice() };
  });
}

/** Columns divided by D, then by their lengths. */
function unscaled(v: ComplexMatrix, d: Float64Array): ComplexMatrix {
  const n = v.rows;
  const w = new ComplexMatrix(
    n,
    n,
    v.data.map((x, k) => x / d[Math.floor(k / (2 * n))]!),
  );
  for (let k = 0; k < n; k++) {
    let squares = 0;
    for (let i = 0; i < n; i++) squares += w.data[2 * (i * n + k)]! ** 2 + w.data[2 * (i * n + k) + 1]! ** 2;
    for (let i = 0; i < n; i++) {
      w.data[2 * (i * n + k)]! /= Math.sqrt(squares);
      w.data[2 * (i * n + k) + 1]! /= Math.sqrt(squares);
    }
  }
  return w;
}

eachBackend('balanced matrices', (backend) => {
  it('AV − VΛ is small beside the balanced matrix, which is what the iteration sees', () => {
    const companion = gallery.find(({ name }) => name === 'Wilkinson companion')!.matrix;
    const graded = [10, 24].map((n) => {
      const a = random(n, n);
      for (let k = 0; k < n * n; k++) a.data[k]! *= 10 ** (60 - (120 * Math.floor(k / n)) / (n - 1));
      return a;
    });
    for (const a of [companion, ...graded]) {
      const { b, d } = balancing(backend, a);
      const { values, right } = eig(backend, a, { vectors: 'right' });
      expectBelow(vectorResidual(b, values, unscaled(right!, d)), BALANCED, `order ${a.rows}`);
    }
  });
});
