import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { cholesky } from '../../src/linalg/factorisations/cholesky.ts';
import { conditionEstimate } from '../../src/linalg/factorisations/condition.ts';
import { determinant } from '../../src/linalg/factorisations/determinant.ts';
import { inverse } from '../../src/linalg/factorisations/lu.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { type AnyMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import {
  adjoint,
  departureFromUnitary,
  difference,
  frobenius,
  hilbert,
  largestEntry,
  permuteColumns,
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

eachBackend('cholesky', (backend) => {
  it.each(FIELDS)('%s', (field) => {
    for (const n of [0, ...ORDERS]) {
      const x = randomMatrix(field, n, n + 2, n + 3);
      const gram = product(x, adjoint(x));
      const a =
        field === 'complex'
          ? gram
          : new Matrix(
              n,
              n,
              gram.data.filter((_, at) => at % 2 === 0),
            );
      const l = cholesky(backend, a);
      expectClose(frobenius(difference(product(l, adjoint(l)), a)), 0, 2 * n * U * frobenius(a));
      expect(largestEntry(l, (i, j) => j > i)).toBe(0);
    }
  });

  it('near the ends of the range', () => {
    for (const scale of [2 ** 1000, 2 ** -1000]) {
      const a = scaled(hilbert(4), scale);
      const l = scaled(cholesky(backend, a), 1 / Math.sqrt(scale));
      expectClose(frobenius(difference(product(l, adjoint(l)), hilbert(4))), 0, 8 * U * frobenius(hilbert(4)));
    }
  });

  it('names the minor that fails', () => {
    const a = Matrix.fromRows([
      [1, 0, 0],
      [0, 1, 2],
      [0, 2, 1],
    ]);
    expect(() => cholesky(backend, a)).toThrow(DomainError);
    expect(() => cholesky(backend, a)).toThrow(
      'cholesky: a must be positive definite, but its leading 3×3 minor is not positive. Use eigh for indefinite matrices.',
    );
    expect(() =>
      cholesky(
        backend,
        Matrix.fromRows([
          [1, 1],
          [0, 1],
        ]),
      ),
    ).toThrow('cholesky: a must be Hermitian to 1e-10');
    expect(() => cholesky(backend, new Matrix(1, 2))).toThrow(ShapeError);
  });
});

eachBackend('qr', (backend) => {
  function expectFactors(a: AnyMatrix): void {
    const size = Math.max(a.rows, a.columns, 2);
    const scale = unitScale(a);
    const b = scaled(a, scale);
    const grain = size * size * 2 ** -1074 * scale;
    for (const pivot of [false, true]) {
      for (const vectors of ['thin', 'full'] as const) {
        const { q, r, permutation } = qr(backend, a, { pivot, vectors });
        const count = vectors === 'full' ? a.rows : Math.min(a.rows, a.columns);
        expect([q.rows, q.columns, r.rows, r.columns]).toEqual([a.rows, count, count, a.columns]);
        const residual = difference(product(q, scaled(r, scale)), permuteColumns(b, permutation));
        expectClose(frobenius(residual), 0, 4 * size * U * frobenius(b) + grain, 'Q R − a P');
        expectClose(departureFromUnitary(q), 0, 4 * size * U, 'Q†Q − 1');
        expect(largestEntry(r, (i, j) => j < i)).toBe(0);
        if (pivot) expectDescending(r);
      }
    }
  }

  function expectDescending(r: AnyMatrix): void {
    const width = r.field === 'real' ? 1 : 2;
    for (let k = 1; k < Math.min(r.rows, r.columns); k++) {
      const size = (i: number) => Math.abs(r.data[(i * r.columns + i) * width]!);
      expect(size(k)).toBeLessThanOrEqual(size(k - 1) * (1 + 1e-7));
      if (width === 2) expect(Math.abs(r.data[(k * r.columns + k) * 2 + 1]!)).toBe(0);
    }
  }

  it.each(singularGallery)('$name', ({ a }) => expectFactors(a));

  it.each(FIELDS)('random %s matrices', (field) => {
    for (const n of ORDERS) expectFactors(randomMatrix(field, n, n, n + 5));
    expectFactors(randomMatrix(field, 20, 9, 1));
    expectFactors(randomMatrix(field, 9, 20, 2));
    expectFactors(randomMatrix(field, 75, 50, 3));
    expectFactors(randomMatrix(field, 50, 75, 4));
    for (const exponent of [-1000, 1000]) expectFactors(scaled(randomMatrix(field, 50, 49, 5), 2 ** exponent));
  });

  it('with pivoting shows the rank', () => {
    const a = product(randomMatrix('complex', 12, 4, 1), randomMatrix('complex', 4, 10, 2));
    const { r } = qr(backend, a, { pivot: true });
    const diagonal = Array.from({ length: 10 }, (_, k) => Math.abs(r.data[2 * (k * 10 + k)]!));
    expect(diagonal[3]!).toBeGreaterThan(1e-3 * diagonal[0]!);
    expect(diagonal[4]!).toBeLessThan(1e-14 * diagonal[0]!);
  });

  it('refuses numbers that are not finite and other vectors', () => {
    expect(() => qr(backend, Matrix.fromRows([[Number.NaN]]))).toThrow(NonFiniteError);
    expect(() => qr(backend, new Matrix(1, 1), { vectors: 'all' as 'thin' })).toThrow(DomainError);
  });

  describe('memory', () => {
    it('is given back', () => {
      const before = backend.memory.bytesInUse;
      const a = randomMatrix('complex', 6, 6, 1);
      qr(backend, a);
      inverse(backend, a);
      conditionEstimate(backend, a);
      determinant(backend, a);
      expect(backend.memory.bytesInUse).toBe(before);
    });
  });
});
