import { describe, expect, it } from 'vitest';
import { svdWorkLength } from '../../src/backend/contract/svd.ts';
import { randomMatrix } from '../support/dense-algebra.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { singularGallery } from '../support/singular-gallery.ts';

const SHAPES: readonly (readonly [number, number])[] = [
  [2, 2],
  [3, 3],
  [8, 8],
  [9, 9],
  [17, 5],
  [6, 19],
  [40, 40],
  [71, 65],
];
const random = (['real', 'complex'] as const).flatMap((field) =>
  SHAPES.map(([m, n]) => ({ name: `random ${field} ${m}×${n}`, a: randomMatrix(field, m, n, m + n) })),
);

describe('svd gives the same bits from both backends: values, thin and full', () => {
  it.each([...singularGallery, ...random])('$name', ({ a }) => {
    const { rows, columns } = a;
    const width = a.field === 'real' ? 1 : 2;
    const least = Math.min(rows, columns);
    for (const [uColumns, vColumns] of [
      [0, 0],
      [least, least],
      [rows, columns],
    ] as const) {
      expectSameBits(({ kernels }, put) => {
        const matrix = put('f64', a.data);
        const [values, info] = [put('f64', least), put('f64', 1)];
        const withVectors = uColumns > 0;
        const u = withVectors ? put('f64', width * rows * uColumns) : null;
        const v = withVectors ? put('f64', width * columns * vColumns) : null;
        const work = put('f64', svdWorkLength(rows, columns, width, withVectors));
        const status = kernels.svd({ a: matrix, rows, columns, width, values, u, uColumns, v, vColumns, work, info });
        expect(status).toBe(0);
        return [matrix, values, info, ...(u === null || v === null ? [] : [u, v])];
      });
    }
  });

  it.each(random.filter(({ a }) => a.rows === a.columns))('jacobiRows, $name', ({ a }) => {
    const n = a.rows;
    expectSameBits(({ kernels }, put) => {
      const [g, j, info] = [put('f64', a.data), put('f64', randomMatrix(a.field, n, n, 99).data), put('f64', 1)];
      expect(kernels.jacobiRows({ g, j, n, width: a.field === 'real' ? 1 : 2, info })).toBe(0);
      return [g, j, info];
    });
  });
});
