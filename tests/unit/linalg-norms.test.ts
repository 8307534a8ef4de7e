import { expect, it } from 'vitest';
import { NonFiniteError } from '../../src/core/errors.ts';
import { MatrixSpace } from '../../src/linalg/functions/matrix-space.ts';
import { normOfProduct } from '../../src/linalg/functions/norm-estimate.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { norm1, norm2, normFrobenius, normInfinity } from '../../src/linalg/norms.ts';
import { eachBackend } from '../support/backends.ts';
import { product, randomMatrix } from '../support/dense-algebra.ts';
import { grcar } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';

const a = ComplexMatrix.fromRows([
  [[3, 4], 0],
  [[0, -1], 2],
  [1, [5, -12]],
]);

eachBackend('norms of matrices', (backend) => {
  it('are those of a worked example', () => {
    expectClose(norm1(a), 15, 1e-14);
    expectClose(normInfinity(a), 14, 1e-14);
    expectClose(normFrobenius(a), Math.sqrt(25 + 1 + 4 + 1 + 169), 1e-13);
    // Singular values of [[3, 0], [4, 5]]: √45 and √5.
    expectClose(norm2(backend, Matrix.fromRows([[3, 0], [4, 5]])), Math.sqrt(45), 1e-14); // biome-ignore format: a matrix
  });

  it('are 0 for empty matrices', () => {
    const empty = new Matrix(0, 3);
    expect([norm1(empty), normInfinity(empty), normFrobenius(empty), norm2(backend, empty)]).toEqual([0, 0, 0, 0]);
  });

  it('the Frobenius norm neither overflows nor underflows', () => {
    for (const unit of [1e300, 1e-300, 2 ** -1074]) {
      const norm = normFrobenius(new Matrix(1, 2, Float64Array.of(3 * unit, 4 * unit)));
      expectClose(norm / (5 * unit), 1, 4e-16);
    }
    const wide = normFrobenius(new Matrix(1, 2, Float64Array.of(1e300, 1e-300)));
    expectClose(wide / 1e300, 1, 1e-15);
  });

  it('refuse NaN, naming the element', () => {
    const bad = new Matrix(2, 2, Float64Array.of(1, 2, Number.NaN, 4));
    for (const [name, norm] of Object.entries({ norm1, normInfinity, normFrobenius })) {
      expect(() => norm(bad)).toThrow(new NonFiniteError(`${name}: a must be finite, but a[1, 0] is NaN.`));
    }
    expect(() => norm2(backend, bad)).toThrow(NonFiniteError);
  });

  it.each([
    ['real', 20, 3],
    ['complex', 20, 2],
    ['real', 70, 4],
    ['complex', 70, 3],
  ] as const)('of a power, %s, n = %i, k = %i: a lower bound, within a factor of three', (field, n, k) => {
    const x = randomMatrix(field, n, n, 7);
    expectEstimate(x, k, n <= 48);
  });

  it('of a power of a matrix with structure', () => expectEstimate(grcar(70), 5, false));

  it('of a product takes the factors in their order', () => {
    const n = 60;
    const [left, right] = [new Matrix(n, n), new Matrix(n, n)];
    // left·right = e_0 (0 1 … 1) of norm 3, and right·left = 0.
    for (let j = 2; j < n; j++) right.data[n + j] = j === 2 ? 3 : 1;
    left.data[1] = 1;
    const norm = backend.memory.scope(() => {
      const space = new MatrixSpace('test', backend, n, 1, 4);
      const factors = [left, right].map(({ data }) => {
        const block = space.matrix();
        block.view().set(data);
        return block;
      });
      return [normOfProduct(space, factors), normOfProduct(space, factors.toReversed())];
    });
    expect(norm).toEqual([3, 0]);
  });

  function expectEstimate(x: Matrix | ComplexMatrix, k: number, exact: boolean): void {
    const n = x.rows;
    let power = x.field === 'real' ? ComplexMatrix.fromReal(x) : x;
    for (let step = 1; step < k; step++) power = product(power, x);
    const expected = norm1(power);
    const found = backend.memory.scope(() => {
      const space = new MatrixSpace('test', backend, n, x.field === 'real' ? 1 : 2, 8);
      const block = space.matrix();
      block.view().set(x.data);
      return normOfProduct(space, new Array(k).fill(block));
    });
    expect(found / expected).toBeLessThan(1 + 1e-12);
    expect(found / expected).toBeGreaterThan(exact ? 1 - 1e-12 : 1 / 3);
  }
});
