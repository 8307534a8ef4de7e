import { describe, expect, it } from 'vitest';
import { openBackend } from '../../src/backend/open.ts';
import { eigh } from '../../src/linalg/eigen/eigh.ts';
import { solve } from '../../src/linalg/factorisations/lu.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { solveTriangular } from '../../src/linalg/factorisations/triangular.ts';
import { type AnyMatrix, ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import { gramInto, multiplyInto } from '../../src/linalg/products.ts';
import { svd } from '../../src/linalg/svd/svd.ts';
import {
  departureFromUnitary,
  difference,
  frobenius,
  product,
  randomHermitian,
  randomMatrix,
  timesDiagonal,
  U,
} from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

/** Some 7 s, most of it in the residuals; skipped unless TMECH_LARGE=1. */
describe.runIf(process.env.TMECH_LARGE === '1')('orders 256 and 400', () => {
  it.each([256, 400])('%i: eigh, svd and qr keep their bounds', async (n) => {
    const backend = await openBackend({ kind: 'wasm' });
    for (const field of ['real', 'complex'] as const) {
      const h = randomHermitian(field, n, n);
      const a = randomMatrix(field, n, n, n);
      const { values, vectors } = eigh(backend, h);
      const eigenResidual = difference(product(h, vectors), timesDiagonal(vectors, values));
      expectClose(frobenius(eigenResidual), 0, 4 * n * U * frobenius(h));
      expectClose(departureFromUnitary(vectors), 0, 4 * n * U);
      const { u, values: lengths, v } = svd(backend, a);
      expectClose(frobenius(difference(product(a, v), timesDiagonal(u, lengths))), 0, 8 * n * U * frobenius(a));
      const { q, r } = qr(backend, a);
      expectClose(frobenius(difference(product(q, r), a)), 0, 4 * n * U * frobenius(a));
      expect(values.length).toBe(n);
    }
  });

  it('right-hand sides that are solved in several calls have the bits of one', async () => {
    const backend = await openBackend({ kind: 'wasm' });
    const a = randomMatrix('complex', 900, 900, 1);
    const b = randomMatrix('complex', 900, 100, 2);
    const column = (m: AnyMatrix, j: number): AnyMatrix =>
      new ComplexMatrix(
        900,
        1,
        Float64Array.from({ length: 1800 }, (_, k) => m.data[(k >> 1) * 200 + 2 * j + (k & 1)]!),
      );
    const options = { triangle: 'upper' } as const;
    for (const of of [
      (right: AnyMatrix) => solve(backend, a, right),
      (right: AnyMatrix) => solveTriangular(backend, a as ComplexMatrix, right as ComplexMatrix, options),
    ]) {
      const all = of(b);
      for (const j of [0, 49, 50, 99]) expect(of(column(b, j)).data).toEqual(column(all, j).data);
    }
    const row = new ComplexMatrix(1, 900, column(b, 99).data);
    const wide = new ComplexMatrix(100, 900, randomMatrix('complex', 100, 900, 3).data);
    wide.data.set(row.data, 99 * 1800);
    const solved = solveTriangular(backend, a as ComplexMatrix, wide, { ...options, side: 'right' });
    const alone = solveTriangular(backend, a as ComplexMatrix, row, { ...options, side: 'right' });
    expect(solved.data.subarray(99 * 1800)).toEqual(alone.data);
  });

  it('a Gram matrix that is formed in several calls has the bits of the product', async () => {
    const backend = await openBackend({ kind: 'wasm' });
    for (const field of ['real', 'complex'] as const) {
      const [m, k] = field === 'real' ? [1000, 1100] : [500, 560];
      const a = randomMatrix(field, m, k, 4);
      for (const [of, opA, opB] of [
        ['columns', 'conjugate-transpose', 'none'],
        ['rows', 'none', 'conjugate-transpose'],
      ] as const) {
        const n = of === 'rows' ? m : k;
        const [c, start] = [randomHermitian(field, n, 5), randomHermitian(field, n, 5)];
        gramInto(backend, c, a, { of, alpha: 0.5, beta: -2 });
        multiplyInto(backend, start, a, a, { opA, opB, alpha: 0.5, beta: -2 });
        const width = field === 'real' ? 1 : 2;
        for (let i = 0; i < n; i += 7) {
          for (let j = 0; j < i; j++) {
            const [at, mirrored] = [width * (i * n + j), width * (j * n + i)];
            if (c.data[at] !== start.data[at] || c.data[mirrored] !== c.data[at])
              expect.fail(`${field} ${of} ${i} ${j}`);
            if (width === 2 && c.data[at + 1] !== start.data[at + 1]) expect.fail(`imaginary ${of} ${i} ${j}`);
            if (width === 2 && c.data[mirrored + 1] !== -c.data[at + 1]!) expect.fail(`mirror ${of} ${i} ${j}`);
          }
          if (width === 2) expect(c.data[2 * (i * n + i) + 1]).toBe(0);
        }
      }
    }
  });
});
