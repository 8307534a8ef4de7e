import { describe, expect, it } from 'vitest';
import { openBackend } from '../../src/backend/open.ts';
import { eigh } from '../../src/linalg/eigh.ts';
import { qr } from '../../src/linalg/qr.ts';
import { svd } from '../../src/linalg/svd.ts';
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
});
