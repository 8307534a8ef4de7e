import { describe, expect, it } from 'vitest';
import { qrWorkLength } from '../../src/backend/contract/factorisations.ts';
import { adjoint, product, randomMatrix } from '../support/dense-algebra.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { singularGallery } from '../support/singular-gallery.ts';

const random = (['real', 'complex'] as const).flatMap((field) =>
  [1, 2, 3, 8, 9, 33].map((n) => ({ name: `random ${field} ${n}`, a: randomMatrix(field, n, n, n) })),
);
const all = [...singularGallery, ...random];

describe('factorisations give the same bits from both backends', () => {
  it.each(all.filter(({ a }) => a.rows === a.columns))('LU and solutions, $name', ({ a }) => {
    const n = a.rows;
    const width = a.field === 'real' ? 1 : 2;
    expectSameBits(({ kernels }, put) => {
      const [factors, pivots] = [put('f64', a.data), put('i32', n)];
      const status = kernels.lu({ a: factors, n, width, pivots });
      if (status !== 0) return [factors, pivots, put('i32', [status])];
      const [b, c] = [5, 1].map((columns) => put('f64', randomMatrix(a.field, n, columns, 3).data));
      kernels.luSolve({ factors, pivots, n, width, b: b!, columns: 5, adjoint: false });
      kernels.luSolve({ factors, pivots, n, width, b: c!, columns: 1, adjoint: true });
      return [factors, pivots, b!, c!];
    });
  });

  it.each(all)('QR, $name', ({ a }) => {
    const { rows: m, columns: n } = a;
    const width = a.field === 'real' ? 1 : 2;
    for (const pivot of [false, true]) {
      expectSameBits(({ kernels }, put) => {
        const [factors, tau] = [put('f64', a.data), put('f64', 2 * Math.min(m, n))];
        const order = pivot ? put('i32', n) : null;
        kernels.qr({ a: factors, m, n, width, permutation: order, tau, work: put('f64', qrWorkLength(m, n, width)) });
        const [b, c] = [true, false].map((adjointly) => {
          const block = put('f64', randomMatrix(a.field, m, 3, 5).data);
          kernels.qrMultiply({
            factors,
            tau,
            m,
            n,
            width,
            b: block,
            columns: 3,
            adjoint: adjointly,
            z: put('f64', 3 * width),
          });
          return block;
        });
        return [factors, tau, b!, c!, ...(order === null ? [] : [order])];
      });
    }
  });

  it.each([1, 2, 3, 8, 9, 33])('Cholesky of order %i, and the minor where it fails', (n) => {
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
        expect(kernels.cholesky({ a: good, n, width })).toBe(0);
        expect(kernels.cholesky({ a: bad, n, width })).toBe(n);
        return [good, bad];
      });
    }
  });
});
