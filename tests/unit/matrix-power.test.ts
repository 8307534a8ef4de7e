import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { difference, frobenius, product, randomMatrix, scaled } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

const rows = Matrix.fromRows;

/** ‖x − y‖ ≤ tolerance·‖y‖. */
function expectMatrix(x: AnyMatrix, y: AnyMatrix, tolerance: number, title?: string): void {
  expectClose(frobenius(difference(x, y)), 0, tolerance * frobenius(y), title);
}

eachBackend('fractional powers', (backend) => {
  it('a^½ is the square root, to the bit, also of a singular matrix', () => {
    for (const a of [
      rows([
        [2, 1],
        [0, 0],
      ]),
      randomMatrix('real', 5, 5, 3),
      randomMatrix('complex', 4, 4, 2),
    ]) {
      // biome-ignore format: matrices
      const power = matrixPower(backend, a, 0.5);
      const root = sqrtm(backend, a);
      expect(power.value.data).toEqual(root.value.data);
      expect([power.method, power.residual]).toEqual(['root', root.residual]);
    }
  });

  it.each([-2.5, -1.5, -0.5, -0.3, 0.3, 0.5, 0.7, 0.999, 1.5, 2.25, 7.5])('closed form of a triangle, p = %d', (p) => {
    // Eigenvalues 5 and 1: the element above is 4·(5^p − 1)/4.
    const { value } = matrixPower(backend, rows([[5, 4], [0, 1]]), p); // biome-ignore format: a matrix
    expectMatrix(value, rows([[5 ** p, 5 ** p - 1], [0, 1]]), 2e-15); // biome-ignore format: a matrix
  });

  it.each([0.1, 0.3, 0.5, 1.5, 2.75])('a matrix of rank 1 is a multiple of its power, p = %d', (p) => {
    // a² = t·a with the trace t.
    const given: [Matrix, number][] = [
      [rows([[2, 1], [0, 0]]), 2], // biome-ignore format: a matrix
      [rows([[1, 2], [2, 4]]), 5], // biome-ignore format: a matrix
      [rows([[1, 2, -1], [2, 4, -2], [-3, -6, 3]]), 8], // biome-ignore format: a matrix
    ];
    for (const [a, trace] of given) {
      for (const x of [a, ComplexMatrix.fromReal(a)]) {
        const { value } = matrixPower(backend, x as Matrix, p, { negative: 'refuse' });
        // An eigenvalue of u‖a‖ in place of 0 shows as √u in the root.
        expectMatrix(value, scaled(a, trace ** (p - 1)), p === 0.5 ? 4e-8 : 1e-14);
      }
      expect(() => matrixPower(backend, a, -p)).toThrow(
        /^matrixPower: a must be regular for p < 0, but it is singular to rounding\./,
      );
    }
  });

  it('p above the order of a Jordan block at 0, less 1: that block gives 0', () => {
    const nilpotent = rows([[2, -2, 1], [2, -2, 3], [0, 0, 0]]); // biome-ignore format: a matrix
    for (const p of [2.5, 2.1, 3.7]) expect(frobenius(matrixPower(backend, nilpotent, p).value)).toBe(0);
    // A block of order 2 at 0 beside 4: a^p with a^{p+q} = a^p a^q.
    const a = rows([[0, 1, 1], [0, 0, 2], [0, 0, 4]]); // biome-ignore format: a matrix
    for (const p of [1.25, 1.5, 1.9]) {
      const { value } = matrixPower(backend, a, p);
      expectMatrix(product(value, matrixPower(backend, a, 4 - p).value), matrixPower(backend, a, 4).value, 1e-14);
    }
  });

  it('refuses a power that does not exist, in its own name', () => {
    const two = rows([[3, -9], [1, -3]]); // biome-ignore format: a matrix
    const three = rows([[2, -2, 1], [2, -2, 3], [0, 0, 0]]); // biome-ignore format: a matrix
    for (const p of [0.2, 0.9]) {
      expect(() => matrixPower(backend, two, p)).toThrow(
        new DomainError(
          `matrixPower: a^p must exist, but for p = ${p} it does not: a's eigenvalue 0 is in a Jordan block of order 2 or more. Take an integer p, or one above the order less 1.`,
        ),
      );
    }
    expect(() => matrixPower(backend, three, 1.5)).toThrow(/^matrixPower: .* a Jordan block of order 3 or more/);
    expect(() => matrixPower(backend, two, 0.5)).toThrow(/^matrixPower: a must have a square root, but/);
    expect(() => matrixPower(backend, two, -1)).toThrow(/^matrixPower: a must be regular, but/);
    expect(() => matrixPower(backend, rows([[-8]]), 1 / 3, { negative: 'refuse' })).toThrow(
      /^matrixPower: a must have no negative real eigenvalue, but one is -8/,
    );
    // Singular but for rounding.
    const rounded = rows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]); // biome-ignore format: a matrix
    expect(() => matrixPower(backend, rounded, -0.5)).toThrow(/^matrixPower: a must be regular for p < 0/);
  });

  describe('scale', () => {
    it.each([1e-300, 1e-150, 1e150, 1e300])('is kept, %d', (scale) => {
      for (const a of [
        rows([
          [3, 1],
          [-2, 4],
        ]),
        rows([
          [1, 2],
          [2, 4],
        ]),
        rows([
          [2, 1, 0],
          [0, 0, 0],
          [0, 0, 3],
        ]),
      ]) {
        // biome-ignore format: matrices
        for (const p of [0.25, 0.5, 0.8]) {
          const large = matrixPower(backend, scaled(a, scale) as Matrix, p).value;
          // ln(scale)·p loses digits of e^(…).
          expectMatrix(scaled(large, scale ** -p), matrixPower(backend, a, p).value, p === 0.5 ? 4e-8 : 1e-12, `${p}`);
        }
      }
    });

    it('says that a power overflows', () => {
      for (const a of [
        rows([
          [3e300, 1e300],
          [-2e300, 4e300],
        ]),
        rows([
          [1e300, 2e300],
          [2e300, 4e300],
        ]),
      ]) {
        // biome-ignore format: matrices
        expect(() => matrixPower(backend, a, 1.3)).toThrow(/^matrixPower: a\^p must stay below 1\.8e308/);
      }
    });
  });
});
