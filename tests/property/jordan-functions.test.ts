import { describe, expect, it } from 'vitest';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { difference, frobenius, product, randomHermitian, scaled, U } from '../support/dense-algebra.ts';
import { expectJordanFunctions, JORDAN_KINDS } from '../support/jordan-functions.ts';
import { turned } from '../support/jordan-matrices.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const rows = Matrix.fromRows;

/** Q a Qᵀ. */
function similar(a: Matrix, seed: number): Matrix {
  const numbers = testNumbers(a.rows ** 2, seed);
  let at = 0;
  return turned(a, () => 0.5 * (numbers[at++]! + 1));
}

/** ‖x − y‖ ≤ tolerance·‖y‖. */
function expectMatrix(x: AnyMatrix, y: AnyMatrix, tolerance: number, title?: string): void {
  expectClose(frobenius(difference(x, y)), 0, tolerance * frobenius(y), title);
}

const TOEPLITZ = Array.from({ length: 8 }, (_, i) =>
  Array.from({ length: 8 }, (_, j) => (j === i ? 0.2 : j === i + 1 ? 1 : j === i - 2 ? 0.5 : 0)),
);

/** Real matrices whose Schur forms have 2×2 blocks with elements of very different size. */
const LOPSIDED: Readonly<Record<string, number[][]>> = {
  // biome-ignore format: matrices
  'two pairs next to real double eigenvalues': [[0.2, 0.7157, 0.3, 0.1], [-3.6e-19, 0.2, -0.2, 0.5], [0, 0, 0.9, -0.84], [0, 0, 1e-18, 0.9]],
  // biome-ignore format: matrices
  'the same with the large elements below': [[0.2, -3.6e-19, 0.3, 0.1], [0.7157, 0.2, -0.2, 0.5], [0, 0, 0.9, 1e-18], [0, 0, -0.84, 0.9]],
  'three pairs, small elements from 1e-8 to 1e-30': [
    [1, 1, 0.3, 0.1, 0.5, -1],
    [-1e-8, 1, -0.2, 0.5, 1, 2],
    [0, 0, 2, 3, 0.1, 0.7],
    [0, 0, -1e-30, 2, -0.9, 0.4],
    [0, 0, 0, 0, 0.5, 1e-20],
    [0, 0, 0, 0, -2, 0.5],
  ],
  'a Toeplitz matrix of order 8': TOEPLITZ,
};

/** Nilpotent, but for rounding; order 2, 3, and 2 beside an eigenvalue 1. */
const NILPOTENT: Readonly<Record<string, Matrix>> = {
  // biome-ignore format: matrices
  'order 2': rows([[3, -9], [1, -3]]),
  // biome-ignore format: matrices
  'order 3': rows([[2, -2, 1], [2, -2, 3], [0, 0, 0]]),
  // biome-ignore format: matrices
  'order 2 beside 1, turned': similar(rows([[0, 1, 0.5], [0, 0, 2], [0, 0, 1]]), 5),
  // biome-ignore format: matrices
  'order 4, turned': similar(rows([[0, 1, 0, 2], [0, 0, 3, 0], [0, 0, 0, 1], [0, 0, 0, 0]]), 6),
  // biome-ignore format: matrices
  exact: rows([[0, 1], [0, 0]]),
};

eachBackend('functions of matrices with Jordan blocks', (backend) => {
  it.each(JORDAN_KINDS)('Q J Qᵀ: x² = a and e^x = a, %o', (kind) => {
    expectJordanFunctions(backend, kind, 0, 60);
  });

  it.each(Object.entries(LOPSIDED))('%s', (_title, given) => {
    const real = rows(given);
    for (const a of [real, ComplexMatrix.fromReal(real)]) {
      const { value } = sqrtm(backend, a as Matrix);
      expectClose(frobenius(difference(product(value, value), real)), 0, 4 * a.rows * U * frobenius(value) ** 2);
      expectMatrix(expm(backend, logm(backend, a as Matrix).value).value, real, 2e-14);
    }
  });

  it.each(Object.entries(NILPOTENT))('neither root nor logarithm: %s', (_title, real) => {
    for (const a of [real, ComplexMatrix.fromReal(real), scaled(real, 2 ** 600), scaled(real, 2 ** -600)]) {
      expect(() => sqrtm(backend, a as Matrix)).toThrow(/^sqrtm: a must have a square root, but /);
      expect(() => logm(backend, a as Matrix)).toThrow(/^logm: a must (be regular|have a logarithm), but /);
    }
  });

  it('roots and powers of matrices with a semisimple zero', () => {
    for (let seed = 0; seed < 40; seed++) {
      const x = testNumbers(16, seed);
      const j = new Matrix(5, 5);
      // Zero twice or once, then eigenvalues 0.5 to 2.5, coupled with each other and with zero.
      const zeros = 1 + (seed % 2);
      for (let i = 0; i < 5; i++) {
        if (i >= zeros) j.data[6 * i] = 1.5 + x[i]!;
        for (let k = Math.max(i + 1, zeros); k < 5; k++) j.data[5 * i + k] = x[(3 * i + k) % 16]!;
      }
      const a = similar(j, 100 + seed);
      const root = sqrtm(backend, a);
      expectMatrix(product(root.value, root.value), a, 1e-14, `√, seed ${seed}`);
      for (const p of [0.3, 0.7, 1.5, 2.2]) {
        const [low, high] = [p, 3 - p].map((q) => matrixPower(backend, a, q, { negative: 'refuse' }).value);
        expectMatrix(product(low!, high!), matrixPower(backend, a, 3).value, 1e-13, `${p}, seed ${seed}`);
      }
    }
  });

  it('a zero that rounding made negative counts as zero: the root is real', () => {
    // biome-ignore format: matrices
    for (const given of [[[1, 2, 1], [2, 4, 2], [1, 1, 3]], [[0.1, 0.3, 0.7], [0.2, 0.6, 1.4], [0.3, 0.1, 0.9]]]) {
      const { value } = sqrtm(backend, rows(given), { negative: 'refuse' });
      expectClose(frobenius(difference(product(value, value), rows(given))), 0, 12 * U * frobenius(value) ** 2);
    }
  });

  it('a double negative eigenvalue that rounding made a pair still counts as negative', () => {
    for (let seed = 0; seed < 20; seed++) {
      // biome-ignore format: a matrix
      const a = similar(rows([[-1, 1, 0.3], [0, -1, 0.2], [0, 0, 2]]), 200 + seed);
      const { value } = sqrtm(backend, a);
      expect(value.field).toBe('complex');
      expectMatrix(product(value, value), a, 1e-14, `√, seed ${seed}`);
      expectMatrix(expm(backend, logm(backend, a).value).value, a, 1e-13, `log, seed ${seed}`);
      for (const f of [sqrtm, logm]) {
        expect(() => f(backend, a, { negative: 'refuse' })).toThrow(
          /must have no negative real eigenvalue, but one is -(1|0\.99999)/,
        );
      }
    }
  });

  it('of Hermitian matrices, definite or not: x² = a to 8·n·u·‖x‖²', () => {
    for (let seed = 0; seed < 60; seed++) {
      const a = randomHermitian(seed % 2 === 0 ? 'real' : 'complex', 2 + (seed % 5), seed);
      const { value, residual } = sqrtm(backend, a as Matrix);
      const own = frobenius(difference(product(value, value), a));
      expectClose(own, 0, 8 * a.rows * U * frobenius(value) ** 2, `seed ${seed}`);
      expectClose(residual * frobenius(a), own, 2 * a.rows * U * frobenius(value) ** 2, `seed ${seed}`);
    }
  });

  describe('residual', () => {
    it('is that of the equation, and exact for a number', () => {
      // biome-ignore format: a matrix
      const a = rows([[3, 1], [-2, 4]]);
      const root = sqrtm(backend, a);
      const own = frobenius(difference(product(root.value, root.value), a)) / frobenius(a);
      expectClose(root.residual, own, 4e-16);
      expectClose(logm(backend, a).residual, 0, 1e-14);
      expect(sqrtm(backend, rows([[4]]))).toMatchObject({ residual: 0, value: { data: Float64Array.of(2) } });
      expect(sqrtm(backend, new Matrix(3, 3)).residual).toBe(0);
    });

    it('says what a root next to the negative axis costs', () => {
      // Eigenvalues −1 ± 1e-4i of a block that is not normal: ‖x‖² = 1e8.
      const a = similar(rows([[-1, 1], [-1e-8, -1]]), 7); // biome-ignore format: a matrix
      const { residual, value } = sqrtm(backend, a);
      expectClose(frobenius(value) / 1e4, 1, 0.01);
      expect(residual).toBeGreaterThan(1e-15);
      expect(residual).toBeLessThan(2 ** -26);
    });
  });
});
