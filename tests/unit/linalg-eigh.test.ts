import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { eigenvaluesHermitian, eigh } from '../../src/linalg/eigen/eigh.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
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
import { hermitianGallery } from '../support/hermitian-gallery.ts';
import { tolosa } from '../support/nonnormal-gallery.ts';
import { expectClose } from '../support/numbers.ts';

/** The constant of every bound: c·n·u. */
const C = 4;

eachBackend('eigh', (backend) => {
  function expectDecomposition(a: AnyMatrix): Float64Array {
    const { values, vectors, backend: kind } = eigh(backend, a);
    expect(kind).toBe(backend.kind);
    const bound = C * Math.max(a.rows, 2) * U;
    const scale = unitScale(a);
    const b = scaled(a, scale);
    const residual = difference(
      product(b, vectors),
      timesDiagonal(
        vectors,
        values.map((value) => value * scale),
      ),
    );
    // Subnormal entries are known to half their last bit only.
    const grain = a.rows * a.rows * 2 ** -1074 * scale;
    expectClose(frobenius(residual), 0, bound * frobenius(b) + grain, 'residual');
    expectClose(departureFromUnitary(vectors), 0, bound, 'departure from orthogonality');
    for (let k = 1; k < values.length; k++) expect(values[k]! >= values[k - 1]!).toBe(true);
    expect([...eigenvaluesHermitian(backend, a)]).toEqual([...values]);
    return values;
  }

  it.each(hermitianGallery)('$name', ({ a, values: expected }) => {
    const values = expectDecomposition(a);
    for (const [k, value] of (expected ?? []).entries()) {
      expectClose(values[k]!, value, C * Math.max(a.rows, 2) * U * frobenius(a), `λ_${k}`);
    }
  });

  it.each(['real', 'complex'] as const)('random %s matrices of order 1 to 20, 31 to 34, 64, 127, 128', (field) => {
    const orders = [...Array.from({ length: 20 }, (_, i) => i + 1), 31, 32, 33, 34, 64, 127, 128];
    for (const n of orders) expectDecomposition(randomHermitian(field, n, n));
  });

  it('W21+ has the close pair of Wilkinson', () => {
    // J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), p. 309.
    const { a } = hermitianGallery.find(({ name }) => name === 'Wilkinson W21+')!;
    const values = eigenvaluesHermitian(backend, a);
    expectClose(values[20]!, 10.7461941829034, 1e-12);
    expectClose(values[19]!, 10.7461941829033, 1e-12);
    expect(values[20]! - values[19]!).toBeLessThan(1e-13);
  });

  it('graded from small to large keeps the small eigenvalues of a well-scaled tridiagonal matrix', () => {
    const a = Matrix.fromRows([
      [1e-10, 1e-12, 0],
      [1e-12, 1, 1e-2],
      [0, 1e-2, 1e10],
    ]);
    const [smallest] = eigenvaluesHermitian(backend, a);
    // λ ≈ a₀₀ − a₀₁²/a₁₁ to a relative 1e-20.
    expectClose(smallest! / 1e-10, 1 - 1e-14, 1e-14);
  });

  it('clusters that rounding of a norm 10⁴ times larger keeps from splitting exactly', () => {
    const m = 90;
    const { data } = tolosa(m);
    const n = 5 * m;
    const symmetric = new Matrix(
      n,
      n,
      data.map((x, at) => (x + data[(at % n) * n + Math.floor(at / n)]!) / 2),
    );
    // The modes do not meet: five rows and columns each.
    const modes = Array.from({ length: m }, (_, i) => {
      const block = new Matrix(5, 5);
      for (let at = 0; at < 25; at++) {
        block.data[at] = symmetric.at(Math.floor(at / 5) * m + i, (at % 5) * m + i);
      }
      return [...eigenvaluesHermitian(backend, block)];
    });
    const expected = modes.flat().sort((x, y) => x - y);
    const values = eigenvaluesHermitian(backend, symmetric);
    const tolerance = C * n * U * frobenius(symmetric);
    for (let k = 0; k < n; k++) expectClose(values[k]!, expected[k]!, tolerance, `λ_${k}`);
  });

  it('trace, Frobenius norm and shift', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (n, seed, real) => {
        const a = randomHermitian(real ? 'real' : 'complex', n, seed);
        const values = eigenvaluesHermitian(backend, a);
        const size = frobenius(a);
        const tolerance = 2 * C * n * U * size;
        const width = real ? 1 : 2;
        let trace = 0;
        for (let i = 0; i < n; i++) trace += a.data[width * (i * n + i)]!;
        expectClose(
          values.reduce((sum, value) => sum + value, 0),
          trace,
          Math.sqrt(n) * tolerance,
          'trace',
        );
        expectClose(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)), size, tolerance, 'norm');
        const shifted = scaled(a, 1);
        for (let i = 0; i < n; i++) shifted.data[width * (i * n + i)]! += 1;
        const moved = eigenvaluesHermitian(backend, shifted);
        for (let k = 0; k < n; k++) expectClose(moved[k]!, values[k]! + 1, tolerance + 2 * C * n * U * Math.sqrt(n));
      }),
      { numRuns: 40 },
    );
  });

  it('is invariant under unitary similarity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 16 }), fc.integer({ min: 1, max: 1e6 }), (n, seed) => {
        const a = randomHermitian('complex', n, seed);
        const { vectors: u } = eigh(backend, randomHermitian('complex', n, seed + 1));
        const b = product(product(u, a), adjoint(u));
        const [x, y] = [eigenvaluesHermitian(backend, a), eigenvaluesHermitian(backend, b)];
        for (let k = 0; k < n; k++) expectClose(y[k]!, x[k]!, 16 * n * U * frobenius(a));
      }),
      { numRuns: 30 },
    );
  });

  it('accepts an asymmetry below 1e-10 and decomposes the Hermitian part', () => {
    const a = Matrix.fromRows([
      [0, 1 + 1e-11],
      [1 - 1e-11, 0],
    ]);
    const values = eigenvaluesHermitian(backend, a);
    expectClose(values[0]!, -1, 8 * U);
    expectClose(values[1]!, 1, 8 * U);
  });

  describe('refuses', () => {
    it('a matrix that is not square', () => {
      expect(() => eigh(backend, new Matrix(2, 3))).toThrow(ShapeError);
      expect(() => eigh(backend, new Matrix(2, 3))).toThrow(
        'eigh: a must be square, but it is 2×3. Use svd for rectangular matrices.',
      );
    });

    it('a matrix that is not Hermitian', () => {
      const a = Matrix.fromRows([
        [1, 1],
        [1 + 3.8e-4, -1],
      ]);
      expect(() => eigh(backend, a)).toThrow(DomainError);
      expect(() => eigh(backend, a)).toThrow(
        'eigh: a must be Hermitian to 1e-10, but ‖a−a†‖/‖a‖ = 2.7e-4. Use eig for general matrices.',
      );
      expect(() => eigh(backend, ComplexMatrix.fromRows([[[1, 1]]]))).toThrow(DomainError);
      expect(() => eigh(backend, scaled(randomMatrix('complex', 3, 3, 1), 2 ** 1020))).toThrow(DomainError);
    });

    it('numbers that are not finite', () => {
      const a = new ComplexMatrix(3, 3);
      a.data[2 * 5 + 1] = Number.NaN;
      expect(() => eigh(backend, a)).toThrow(NonFiniteError);
      expect(() => eigh(backend, a)).toThrow('eigh: a must be finite, but the imaginary part of a[1, 2] is NaN.');
    });

    it('eigenvalues that overflow', () => {
      const a = new Matrix(2, 2, new Float64Array(4).fill(1.5e308));
      expect(() => eigh(backend, a)).toThrow('eigh: eigenvalues must be below 1.8e308');
    });

    it('a matrix that no memory can hold, before it allocates', () => {
      const n = 20_000;
      const a = { field: 'real', rows: n, columns: n, data: new Float64Array(1) } as unknown as Matrix;
      const before = backend.memory.bytesInUse;
      expect(() => eigh(backend, a)).toThrow(CapacityError);
      expect(backend.memory.bytesInUse).toBe(before);
    });
  });

  it('gives its memory back', () => {
    const before = backend.memory.bytesInUse;
    eigh(backend, randomHermitian('complex', 9, 2));
    expect(backend.memory.bytesInUse).toBe(before);
  });
});
