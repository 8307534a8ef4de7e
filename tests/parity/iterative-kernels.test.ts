import { describe, expect, it } from 'vitest';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

const SHAPES: [number, number][] = [
  [1, 1],
  [1, 7],
  [7, 2],
  [8, 8],
  [9, 5],
  [17, 13],
  [24, 33],
];

describe.each([0, 1] as const)('rowProducts, adjoint %i', (adjoint) => {
  it.each(SHAPES)('%i × %i, one to five vectors', (m, n) => {
    expectSameBits(({ kernels }, put) => {
      const [from, to] = adjoint === 1 ? [m, n] : [n, m];
      const a = put('f64', testNumbers(m * (n + 3), 1));
      return [0, 1, 2, 3, 5].map((count) => {
        const x = put('f64', testNumbers(count * (from + 1), 2));
        const y = put('f64', new Float64Array(count * (to + 2)).fill(7));
        kernels.rowProducts({ adjoint, count, m, n, a, lda: n + 3, x, ldx: from + 1, y, ldy: to + 2 });
        return y;
      });
    });
  });
});

eachBackend('rowProducts', (backend) => {
  it('are the products on paper', () => {
    const { memory, kernels } = backend;
    memory.scope(() => {
      const block = (...values: number[]) => {
        const result = memory.allocate('f64', values.length);
        result.view().set(values);
        return result;
      };
      const [a, y, z] = [block(1, 2, 3, 4, 5, 6), block(0, 0, 0, 0), block(0, 0, 0)];
      const shape = { m: 2, n: 3, a, lda: 3 };
      kernels.rowProducts({ ...shape, adjoint: 0, count: 2, x: block(1, 0, 1, 0, 1, -1), ldx: 3, y, ldy: 2 });
      kernels.rowProducts({ ...shape, adjoint: 1, count: 1, x: block(1, -2), ldx: 2, y: z, ldy: 3 });
      expect([...y.view()]).toEqual([4, 10, -1, -1]);
      expect([...z.view()]).toEqual([-7, -8, -9]);
    });
  });
});

describe.each([1, 2] as const)('orthogonalise, width %i', (width) => {
  it.each([
    [1, 0],
    [5, 1],
    [16, 9],
    [31, 30],
    [40, 17],
  ])('%i elements against %i vectors, whatever their angles', (n, count) => {
    expectSameBits(({ kernels }, put) =>
      [0, 1].flatMap((known) => {
        const stride = n + 1;
        const rows = testNumbers((count + 1) * stride * width, 3).map((x) => x / Math.sqrt(n));
        const [basis, w] = [put('f64', rows), put('f64', testNumbers(n * width, 4))];
        const [h, c] = [put('f64', testNumbers(count * width, 5)), put('f64', count * width)];
        const info = put('f64', 2);
        const how = { known: count > 0 ? known : 0, relative: 1e-14, scale: 1 };
        kernels.orthogonalise({ width, n, count, basis, stride, w, h, c, info, ...how });
        return [basis, w, h, info];
      }),
    );
  });

  it.each([1e-200, 1e200, 0, Infinity])('vectors of size %d', (size) => {
    expectSameBits(({ kernels }, put) => {
      const rows = new Float64Array(2 * 7 * width);
      rows[0] = 1;
      const [basis, w] = [
        put('f64', rows),
        put(
          'f64',
          testNumbers(7 * width, 4).map((x) => x * size),
        ),
      ];
      const [h, c, info] = [put('f64', width), put('f64', width), put('f64', 2)];
      const how = { known: 0, relative: 1e-14, scale: 0 };
      kernels.orthogonalise({ width, n: 7, count: 1, basis, stride: 7, w, h, c, info, ...how });
      return size === Infinity ? [info] : [basis, w, h, info];
    });
  });
});

eachBackend('orthogonalise', (backend) => {
  it.each([0, 1])('takes off what lies along a basis and appends the rest (known %i)', (known) => {
    const { memory, kernels } = backend;
    memory.scope(() => {
      const [basis, w] = [memory.allocate('f64', 12), memory.allocate('f64', 4)];
      const [h, c, info] = [memory.allocate('f64', 2), memory.allocate('f64', 2), memory.allocate('f64', 2)];
      basis.view().set([1, 0, 0, 0, 0, 0.6, 0.8, 0]);
      w.view().set([3, 6, 8, 2]);
      h.view().set([3, 0]);
      const how = { known, relative: 1e-14, scale: 1 };
      kernels.orthogonalise({ width: 1, n: 4, count: 2, basis, stride: 4, w, h, c, info, ...how });
      const close = (found: Float64Array, expected: number[]) =>
        expect(Math.max(...expected.map((value, i) => Math.abs(found[i]! - value)))).toBeLessThan(1e-14);
      close(h.view(), [3, 10]);
      close(basis.view().subarray(8), [0, 0, 0, 1]);
      close(info.view(), [Math.sqrt(113), 2]);
    });
  });
});
