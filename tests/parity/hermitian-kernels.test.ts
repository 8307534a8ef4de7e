import { describe, expect, it } from 'vitest';
import { eighWorkLength } from '../../src/backend/contract/hermitian.ts';
import { tsBackend, wasmBackend } from '../support/backends.ts';
import { randomHermitian } from '../support/dense-algebra.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { hermitianGallery } from '../support/hermitian-gallery.ts';

const random = ['real', 'complex'].flatMap((field) =>
  [2, 3, 8, 9, 17, 40].map((n) => ({
    name: `random ${field} ${n}`,
    a: randomHermitian(field as 'real' | 'complex', n, n),
  })),
);

describe('eigh gives the same bits from both backends, with and without vectors', () => {
  it.each([...hermitianGallery, ...random])('$name', ({ a }) => {
    const n = a.rows;
    const width = a.field === 'real' ? 1 : 2;
    for (const withVectors of [true, false]) {
      expectSameBits(({ kernels }, put) => {
        const matrix = put('f64', a.data);
        const [values, info] = [put('f64', n), put('f64', 1)];
        const vectors = withVectors ? put('f64', a.data.length) : null;
        const work = put('f64', eighWorkLength(n, width, withVectors));
        expect(kernels.eigh({ a: matrix, n, width, values, vectors, work, info })).toBe(0);
        return [matrix, values, info, ...(vectors === null ? [] : [vectors])];
      });
    }
  });

  it('and the same status where it cannot converge', () => {
    const statuses = [tsBackend, wasmBackend].map(({ kernels, memory }) =>
      memory.scope(() => {
        const put = (length: number) => memory.allocate('f64', length);
        const matrix = put(16);
        matrix.view().fill(Number.NaN);
        return kernels.eigh({
          a: matrix,
          n: 4,
          width: 1,
          values: put(4),
          vectors: null,
          work: put(eighWorkLength(4, 1, false)),
          info: put(1),
        });
      }),
    );
    expect(statuses).toEqual([1, 1]);
  });
});
