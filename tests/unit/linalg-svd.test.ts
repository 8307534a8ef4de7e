import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError } from '../../src/core/errors.ts';
import { eigh } from '../../src/linalg/eigen/eigh.ts';
import { inverse } from '../../src/linalg/factorisations/lu.ts';
import { type AnyMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { svdByJacobi } from '../../src/linalg/svd/jacobi-svd.ts';
import { type Svd, singularValues, smallestSingularTriplet, svd } from '../../src/linalg/svd/svd.ts';
import { eachBackend } from '../support/backends.ts';
import {
  adjoint,
  departureFromUnitary,
  difference,
  frobenius,
  product,
  randomHermitian,
  randomMatrix,
  scaled,
  timesDiagonal,
  U,
  unitScale,
} from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import { singularGallery } from '../support/singular-gallery.ts';

/** The constant of every bound: c·max(m, n)·u. */
const C = 8;

eachBackend('svd', (backend) => {
  function expectDecomposition(a: AnyMatrix, vectors: 'thin' | 'full' = 'thin'): Float64Array {
    const { values } = expectTriplets(a, svd(backend, a, { vectors }), vectors);
    expect([...singularValues(backend, a)]).toEqual([...values]);
    return values;
  }

  function expectTriplets(a: AnyMatrix, triplets: Svd<AnyMatrix>, vectors: 'thin' | 'full', c = C): Svd<AnyMatrix> {
    const { u, values, v, backend: kind } = triplets;
    expect(kind).toBe(backend.kind);
    const least = Math.min(a.rows, a.columns);
    const size = Math.max(a.rows, a.columns, 2);
    expect([u.rows, u.columns]).toEqual([a.rows, vectors === 'full' ? a.rows : least]);
    expect([v.rows, v.columns]).toEqual([a.columns, vectors === 'full' ? a.columns : least]);
    const scale = unitScale(a);
    const b = scaled(a, scale);
    const lengths = values.map((value) => value * scale);
    const bound = c * size * U * frobenius(b) + size * size * 2 ** -1074 * scale;
    const thin = <M extends AnyMatrix>(x: M) => timesDiagonal(x, new Float64Array(least).fill(1));
    expectClose(frobenius(difference(product(b, thin(v)), timesDiagonal(u, lengths))), 0, bound, 'aV − UΣ');
    expectClose(frobenius(difference(product(adjoint(b), thin(u)), timesDiagonal(v, lengths))), 0, bound, 'a†U − VΣ');
    expectClose(departureFromUnitary(u), 0, c * size * U, 'U†U − 1');
    expectClose(departureFromUnitary(v), 0, c * size * U, 'V†V − 1');
    for (const [k, value] of values.entries()) {
      expect(value >= 0 && value <= (values[k - 1] ?? Number.POSITIVE_INFINITY)).toBe(true);
    }
    return triplets;
  }

  it.each(singularGallery)('$name', ({ a, values: expected }) => {
    const values = expectDecomposition(a);
    const tolerance = C * Math.max(a.rows, a.columns, 2) * U * frobenius(a);
    for (const [k, value] of (expected ?? []).entries()) expectClose(values[k]!, value, tolerance, `σ_${k}`);
  });

  it.each(singularGallery)('by Jacobi: $name', ({ a, values: expected }) => {
    const { values } = expectTriplets(a, svdByJacobi(backend, a), 'thin', 2 * C);
    const tolerance = C * Math.max(a.rows, a.columns, 2) * U * frobenius(a);
    for (const [k, value] of (expected ?? []).entries()) expectClose(values[k]!, value, tolerance, `σ_${k}`);
  });

  it('by Jacobi: the small singular values of D₁ X D₂ do not feel D₁ and D₂', () => {
    // X random: the inverse of D₁ X D₂ is D₂⁻¹X⁻¹D₁⁻¹, so its largest singular value tells σ_n independently.
    for (const field of ['real', 'complex'] as const) {
      const n = 8;
      const x = randomMatrix(field, n, n, 12);
      const rows = Array.from({ length: n }, (_, i) => 2 ** (-20 * i));
      const columns = Array.from({ length: n }, (_, j) => 2 ** (-7 * ((3 * j) % n)));
      const graded = (a: AnyMatrix, left: number[], right: number[]) =>
        timesDiagonal(adjoint(timesDiagonal(adjoint(a), left)), right);
      const a = graded(x, rows, columns);
      const inverted = graded(
        inverse(backend, x),
        columns.map((d) => 1 / d),
        rows.map((d) => 1 / d),
      );
      const { values } = svdByJacobi(backend, a);
      const { values: reciprocal } = svdByJacobi(backend, inverted);
      for (let k = 0; k < n; k++) expectClose(values[k]! * reciprocal[n - 1 - k]!, 1, 1e-12, `σ_${k}`);
    }
  });

  it.each(['real', 'complex'] as const)('random %s matrices of order 1 to 128', (field) => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 127, 128]) {
      expectDecomposition(randomMatrix(field, n, n, n));
      if (n < 64)
        expectTriplets(randomMatrix(field, n, n, n), svdByJacobi(backend, randomMatrix(field, n, n, n)), 'thin', 2 * C);
    }
  });

  it.each([
    [1, 5],
    [5, 1],
    [2, 3],
    [9, 8],
    [8, 9],
    [30, 11],
    [11, 30],
    [7, 16],
    [0, 2],
  ])('full vectors of a %i×%i matrix', (rows, columns) => {
    for (const field of ['real', 'complex'] as const) {
      const a = randomMatrix(field, rows, columns, 7);
      expect([...expectDecomposition(a, 'full')]).toEqual([...expectDecomposition(a, 'thin')]);
    }
  });

  it('keeps the small singular values of a bidiagonal matrix to their last digits', () => {
    // B = D·N with D = diag(2^−12k) and N the bidiagonal matrix of ones. The product of the singular values is det D. N⁻¹ has
    // entries ±1, so the last column of B⁻¹, which dominates, has norm √n/d_n and σ_n = 2^(−12(n−1))/√n up to a relative 2⁻²⁴.
    const n = 12;
    const a = new Matrix(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2 ** (-12 * i);
      if (i + 1 < n) a.data[i * n + i + 1] = 2 ** (-12 * i);
    }
    const values = singularValues(backend, a);
    const logProduct = values.reduce((sum, value) => sum + Math.log2(value), 0);
    expectClose(logProduct, (-12 * (n * (n - 1))) / 2, 1e-11);
    expectClose((values[n - 1]! / 2 ** (-12 * (n - 1))) * Math.sqrt(n), 1, 2 ** -22);
  });

  it('is invariant under unitary factors, and ‖a‖_F² = Σσ²', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 1e6 }),
        (m, n, seed) => {
          const a = randomMatrix('complex', m, n, seed);
          const { vectors: left } = eigh(backend, randomHermitian('complex', m, seed + 1));
          const { vectors: right } = eigh(backend, randomHermitian('complex', n, seed + 2));
          const x = singularValues(backend, a);
          const y = singularValues(backend, product(product(left, a), right));
          const size = frobenius(a);
          const tolerance = 16 * Math.max(m, n) * U * size;
          for (let k = 0; k < x.length; k++) expectClose(y[k]!, x[k]!, tolerance);
          expectClose(Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)), size, tolerance);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('finds the smallest singular value with its vectors', () => {
    const a = randomMatrix('complex', 9, 6, 3);
    const { value, u, v } = smallestSingularTriplet(backend, a);
    expect(value).toBe(singularValues(backend, a)[5]);
    expect([u.rows, u.columns, v.rows, v.columns]).toEqual([9, 1, 6, 1]);
    expectClose(frobenius(difference(product(a, v), scaled(u, value))), 0, C * 9 * U * frobenius(a));
    expectClose(frobenius(v), 1, 1e-14);
  });

  describe('refuses', () => {
    it('numbers that are not finite', () => {
      const a = new Matrix(2, 3);
      a.data[4] = Number.POSITIVE_INFINITY;
      expect(() => svd(backend, a)).toThrow(NonFiniteError);
      expect(() => singularValues(backend, a)).toThrow('singularValues: a must be finite, but a[1, 1] is Infinity.');
    });

    it('an empty matrix where a vector is asked for', () => {
      expect(() => smallestSingularTriplet(backend, new Matrix(0, 3))).toThrow(DomainError);
    });

    it('singular values that overflow', () => {
      const a = new Matrix(2, 2, new Float64Array(4).fill(1.5e308));
      expect(() => svd(backend, a)).toThrow('svd: singular values must be below 1.8e308');
    });

    it('other vectors', () => {
      expect(() => svd(backend, new Matrix(1, 1), { vectors: 'some' as 'thin' })).toThrow(DomainError);
    });
  });

  it('gives its memory back', () => {
    const before = backend.memory.bytesInUse;
    svd(backend, randomMatrix('complex', 5, 9, 2));
    expect(backend.memory.bytesInUse).toBe(before);
  });
});
