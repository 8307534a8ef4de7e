import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { conditionEstimate } from '../../src/linalg/factorisations/condition.ts';
import { determinant } from '../../src/linalg/factorisations/determinant.ts';
import { inverse, lu, solve } from '../../src/linalg/factorisations/lu.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import {
  adjoint,
  difference,
  frobenius,
  hilbert,
  largestEntry,
  permuteRows,
  product,
  randomMatrix,
  scaled,
  U,
  unitScale,
} from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import { singularGallery } from '../support/singular-gallery.ts';

const FIELDS = ['real', 'complex'] as const;
const ORDERS = [1, 2, 3, 4, 5, 8, 9, 16, 31, 64, 128];

eachBackend('lu', (backend) => {
  function expectFactors(a: AnyMatrix): void {
    const { l, u, permutation, zeroPivot } = lu(backend, a);
    const scale = unitScale(a);
    const residual = difference(permuteRows(scaled(a, scale), permutation), product(l, scaled(u, scale)));
    const grain = a.rows * a.rows * 2 ** -1074 * scale;
    expectClose(frobenius(residual), 0, 2 * a.rows * U * frobenius(l) * frobenius(scaled(u, scale)) + grain);
    expect(largestEntry(l, (i, j) => j > i)).toBe(0);
    expect(largestEntry(u, (i, j) => j < i)).toBe(0);
    expect(largestEntry(l, () => true)).toBeLessThanOrEqual(Math.SQRT2 * (1 + 4 * U));
    expect(zeroPivot).toBeGreaterThanOrEqual(-1);
  }

  it.each(singularGallery.filter(({ a }) => a.rows === a.columns))('$name', ({ a }) => expectFactors(a));

  it.each(FIELDS)('random %s matrices', (field) => {
    for (const n of ORDERS) expectFactors(randomMatrix(field, n, n, n));
  });

  it.each(FIELDS)('solves %s equations', (field) => {
    for (const n of ORDERS) {
      const a = randomMatrix(field, n, n, n + 1);
      const b = randomMatrix(field, n, 3, n + 2);
      const { l, u } = lu(backend, a);
      const x = solve(backend, a, b);
      const bound = 4 * n * U * frobenius(l) * frobenius(u) * frobenius(x);
      expectClose(frobenius(difference(product(a, x), b)), 0, bound, 'a x − b');
      const y = inverse(backend, a);
      const inverseBound = 4 * n * U * frobenius(l) * frobenius(u) * frobenius(y);
      expectClose(frobenius(difference(product(a, y), identity(n))), 0, inverseBound, 'a a⁻¹ − 1');
    }
  });

  it('mixes real and complex', () => {
    const a = Matrix.fromRows([[2]]);
    expect([...solve(backend, a, ComplexMatrix.fromRows([[[2, 4]]])).data]).toEqual([1, 2]);
    expect([...solve(backend, ComplexMatrix.fromRows([[[0, 2]]]), a).data]).toEqual([0, -1]);
  });

  it('refuses a singular matrix, another shape and numbers that are not finite', () => {
    const singular = new Matrix(3, 3, new Float64Array(9).fill(1));
    expect(lu(backend, singular).zeroPivot).toBe(1);
    expect(() => inverse(backend, singular)).toThrow(DomainError);
    expect(() => inverse(backend, singular)).toThrow('inverse: a must be regular, but pivot 2 of 3 is exactly zero.');
    expect(() => lu(backend, new Matrix(2, 3))).toThrow(ShapeError);
    expect(() => inverse(backend, new Matrix(2, 3))).toThrow(ShapeError);
    expect(() => solve(backend, identity(2), new Matrix(3, 1))).toThrow(
      'solve: b must have 2 rows, as a has, but it has 3.',
    );
    expect(() => solve(backend, identity(1), Matrix.fromRows([[Number.NaN]]))).toThrow(NonFiniteError);
  });
});

eachBackend('determinant', (backend) => {
  it('of small matrices', () => {
    expect(
      determinant(
        backend,
        Matrix.fromRows([
          [1, 2],
          [3, 4],
        ]),
      ).value.re,
    ).toBeCloseTo(-2, 14);
    expect(determinant(backend, new Matrix(0, 0))).toEqual({ re: 1, im: 0, exponent: 0, value: { re: 1, im: 0 } });
    expect(determinant(backend, new Matrix(3, 3)).value).toEqual({ re: 0, im: 0 });
    const { re, im } = determinant(
      backend,
      ComplexMatrix.fromRows([
        [
          [0, 1],
          [2, 0],
        ],
        [
          [1, 0],
          [0, 3],
        ],
      ]),
    ).value;
    expect([re, im]).toEqual([-5, 0]);
  });

  it('beyond the range of f64', () => {
    const { re, exponent, value } = determinant(backend, scaled(identity(40), 2 ** -100));
    expect([re, exponent, value.re]).toEqual([1, -4000, 0]);
    const large = determinant(backend, scaled(ComplexMatrix.fromReal(identity(21)), -(2 ** 1000)));
    expect([large.re, Math.abs(large.im), large.exponent, large.value.re]).toEqual([
      -1,
      0,
      21000,
      Number.NEGATIVE_INFINITY,
    ]);
    const subnormal = determinant(backend, scaled(identity(1), 2 ** -1074));
    expect([subnormal.re, subnormal.exponent, subnormal.value.re]).toEqual([1, -1074, 2 ** -1074]);
  });

  it('of the Hilbert matrix of order 6 is 1/186313420339200000', () => {
    const { value } = determinant(backend, hilbert(6));
    expectClose(value.re * 186313420339200000, 1, 1e-9);
  });

  it('is multiplicative, and the determinant of a transpose is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1e6 }), (n, seed) => {
        const [a, b] = [randomMatrix('complex', n, n, seed), randomMatrix('complex', n, n, seed + 1)];
        const [x, y, z] = [a, b, product(a, b)].map((m) => determinant(backend, m).value);
        // |det| ≤ ‖·‖ⁿ, and a relative change of u in a matrix changes it by n·u times that at most.
        const tolerance = 64 * n * U * (frobenius(a) * frobenius(b)) ** n;
        expectClose(z!.re, x!.re * y!.re - x!.im * y!.im, tolerance);
        expectClose(z!.im, x!.re * y!.im + x!.im * y!.re, tolerance);
        const w = determinant(backend, adjoint(a)).value;
        expectClose(w.re, x!.re, 64 * n * U * frobenius(a) ** n);
        expectClose(w.im, -x!.im, 64 * n * U * frobenius(a) ** n);
      }),
      { numRuns: 40 },
    );
  });
});

eachBackend('conditionEstimate', (backend) => {
  const norm1 = (a: AnyMatrix): number => {
    const sizes = Array.from({ length: a.columns }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < a.rows; i++) sum += a.field === 'real' ? Math.abs(a.at(i, j)) : a.at(i, j).abs();
      return sum;
    });
    return Math.max(...sizes);
  };

  it('is a lower bound of κ₁ within a factor of three', () => {
    for (const field of FIELDS) {
      for (let n = 1; n <= 24; n++) {
        const a = randomMatrix(field, n, n, 100 + n);
        const exact = norm1(a) * norm1(inverse(backend, a));
        const estimate = conditionEstimate(backend, a);
        expect(estimate <= exact * (1 + 1e-8) && estimate >= exact / 3, `${field} ${n}: ${estimate} of ${exact}`).toBe(
          true,
        );
      }
    }
  });

  it('of Hilbert matrices has the published order', () => {
    // κ₁ of orders 3, 5, 8: 748, 943656, 3.387279e10 (Higham, Accuracy and Stability, §28.1 by the exact inverses).
    expectClose(conditionEstimate(backend, hilbert(3)), 748, 1e-9);
    expectClose(conditionEstimate(backend, hilbert(5)) / 943656, 1, 1e-8);
    expectClose(conditionEstimate(backend, hilbert(8)) / 33872791095, 1, 1e-5);
  });

  it('of a singular and of an empty matrix', () => {
    expect(conditionEstimate(backend, new Matrix(2, 2))).toBe(Number.POSITIVE_INFINITY);
    expect(conditionEstimate(backend, new Matrix(0, 0))).toBe(0);
    expect(conditionEstimate(backend, scaled(identity(1), 3))).toBe(1);
  });
});
