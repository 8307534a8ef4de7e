import { describe, expect, it } from 'vitest';
import { factorWorkLength, qrMultiplyWorkLength, qrWorkLength } from '../../src/backend/contract/factorisations.ts';
import { adjoint, product, randomMatrix } from '../support/dense-algebra.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { singularGallery } from '../support/singular-gallery.ts';

const random = (['real', 'complex'] as const).flatMap((field) =>
  [1, 2, 3, 8, 9, 33, 70].map((n) => ({ name: `random ${field} ${n}`, a: randomMatrix(field, n, n, n) })),
);
const oblong = (['real', 'complex'] as const).flatMap((field) =>
  [
    [61, 50],
    [50, 64],
  ].map(([m, n]) => ({ name: `random ${field} ${m}×${n}`, a: randomMatrix(field, m!, n!, 7) })),
);
const all = [...singularGallery, ...random, ...oblong];

describe('factorisations give the same bits from both backends', () => {
  it.each(all.filter(({ a }) => a.rows === a.columns))('LU and solutions, $name', ({ a }) => {
    const n = a.rows;
    const width = a.field === 'real' ? 1 : 2;
    expectSameBits(({ kernels }, put) => {
      const [factors, pivots] = [put('f64', a.data), put('i32', n)];
      const status = kernels.lu({ a: factors, n, width, pivots, work: put('f64', factorWorkLength(n, width)) });
      if (status !== 0) return [factors, pivots, put('i32', [status])];
      const [b, c] = [5, 1].map((columns) => put('f64', randomMatrix(a.field, n, columns, 3).data));
      kernels.luSolve({ factors, pivots, n, width, b: b!, columns: 5, adjoint: false });
      kernels.luSolve({ factors, pivots, n, width, b: c!, columns: 1, adjoint: true });
      return [factors, pivots, b!, c!];
    });
  });

  it('LU of a complex matrix whose products have more than one slice', () => {
    const n = 280;
    expectSameBits(({ kernels }, put) => {
      const [a, pivots] = [put('f64', randomMatrix('complex', n, n, 6).data), put('i32', n)];
      kernels.lu({ a, n, width: 2, pivots, work: put('f64', factorWorkLength(n, 2)) });
      return [a, pivots];
    });
  });

  it.each(all)('QR, $name', ({ a }) => {
    const { rows: m, columns: n } = a;
    const width = a.field === 'real' ? 1 : 2;
    for (const pivot of [false, true]) {
      expectSameBits(({ kernels }, put) => {
        const [factors, tau] = [put('f64', a.data), put('f64', 2 * Math.min(m, n))];
        const order = pivot ? put('i32', n) : null;
        kernels.qr({
          a: factors,
          m,
          n,
          width,
          permutation: order,
          tau,
          work: put('f64', qrWorkLength(m, n, width, pivot)),
        });
        const products = [3, 13].flatMap((columns) =>
          [true, false].map((adjointly) => {
            const b = put('f64', randomMatrix(a.field, m, columns, 5).data);
            const work = put('f64', qrMultiplyWorkLength(m, n, columns, width));
            kernels.qrMultiply({ factors, tau, m, n, width, b, columns, adjoint: adjointly, work });
            return b;
          }),
        );
        return [factors, tau, ...products, ...(order === null ? [] : [order])];
      });
    }
  });

  it.each([1, 2, 3, 8, 9, 33, 70])('Cholesky of order %i, and the minor where it fails', (n) => {
    const x = randomMatrix('complex', n, n + 1, n);
    const complex = product(x, adjoint(x)).data;
    const real = complex.filter((_, at) => at % 2 === 0);
    for (const [width, data] of [
      [1, real],
      [2, complex],
    ] as const) {
      const indefinite = data.slice();
      indefinite[width * (n * n - 1)]! -= 1e3;
      expectSameBits(({ kernels }, put) => {
        const [good, bad] = [put('f64', data), put('f64', indefinite)];
        const work = put('f64', factorWorkLength(n, width));
        expect(kernels.cholesky({ a: good, n, width, work })).toBe(0);
        expect(kernels.cholesky({ a: bad, n, width, work })).toBe(n);
        return [good];
      });
    }
  });
});
