import { expect, it } from 'vitest';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { eigs } from '../../src/linalg/iterative/eigs.ts';
import { svds } from '../../src/linalg/iterative/svds.ts';
import { Matrix } from '../../src/linalg/matrix/matrix.ts';
import { operatorFromCallbacks } from '../../src/linalg/operator/declared.ts';
import { matrixOperator } from '../../src/linalg/operator/matrix-operator.ts';
import { multiply } from '../../src/linalg/products.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { random } from '../support/gallery.ts';
import { bitsOf } from '../support/numbers.ts';

/** Q diag(σ) Wᵀ of given size: σ_k for k < values.length, then 5, 4.9, … */
function withSingularValues(rows: number, columns: number, values: readonly number[]): Matrix {
  const n = Math.min(rows, columns);
  const [left, right] = [qr(wasmBackend, random(rows, 1)).q, qr(wasmBackend, random(columns, 2)).q];
  const middle = new Matrix(rows, columns);
  for (let k = 0; k < n; k++) middle.data[k * columns + k] = values[k] ?? (5 * (n - k)) / n;
  return multiply(wasmBackend, multiply(wasmBackend, left, middle), right) as Matrix;
}

eachBackend('a dense matrix by blocks of two', (backend) => {
  it.each([
    [[10, 9, 8, 7], 'simple values'],
    [[10, 10, 9, 9], 'two copies, which a block sees'],
    [[10, 10, 10, 10], 'four copies, which it does not see at once'],
    [[10, 9, 9, 9], 'copies at the end of what is wanted'],
  ])('svds finds %j: %s', (values) => {
    for (const [rows, columns] of [
      [90, 70],
      [70, 90],
    ] as const) {
      const operator = matrixOperator(backend, withSingularValues(rows, columns, values));
      const found = svds(backend, operator, { count: 4, subspace: 20 });
      expect(Math.max(...values.map((value, k) => Math.abs(found.values[k]! - value)))).toBeLessThan(1e-9);
      expect(found.converged).toEqual([true, true, true, true]);
      operator.release();
    }
  });
});

it('svds probes for a third copy, which two start vectors do not see', () => {
  const n = 300;
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++) a.data[i * n + i] = Math.min(1, i / (n - 3));
  const operator = matrixOperator(wasmBackend, a);
  const options = { count: 3, tolerance: 1e-6 } as const;
  const [plain, probed] = [false, true].map((probe) => svds(wasmBackend, operator, { ...options, probe }));
  expect(Math.abs(plain!.values[2]! - (1 - 1 / (n - 3)))).toBeLessThan(1e-6);
  expect(Math.abs(probed!.values[2]! - 1)).toBeLessThan(1e-6);
  operator.release();
});

it('a matrix gives the values of the same operator as functions', () => {
  const a = random(120, 5);
  const operator = matrixOperator(wasmBackend, a);
  const functions = operatorFromCallbacks({
    rows: 120,
    columns: 120,
    field: 'real',
    apply: (x, y) => void operator.apply(x, y),
    applyAdjoint: (x, y) => void operator.applyAdjoint(x, y),
  });
  const close = (x: Float64Array, y: Float64Array): void => {
    expect(x.length).toBe(y.length);
    expect(Math.max(...x.map((value, k) => Math.abs(value - y[k]!)))).toBeLessThan(1e-8);
  };
  close(svds(wasmBackend, operator).values, svds(wasmBackend, functions).values);
  close(eigs(wasmBackend, operator).values, eigs(wasmBackend, functions).values);
  operator.release();
});

it('gives the same bits from both backends', () => {
  const a = withSingularValues(67, 95, [10, 10, 10, 9]);
  const square = random(80, 7);
  const of = (backend: typeof wasmBackend): Uint8Array[] => {
    const [wide, whole] = [matrixOperator(backend, a), matrixOperator(backend, square)];
    const [s, e] = [svds(backend, wide, { count: 4, subspace: 20 }), eigs(backend, whole)];
    for (const operator of [wide, whole]) operator.release();
    return [s.values, s.u.data, s.v.data, s.residuals, e.values, e.vectors.data].map((x) => bitsOf(x));
  };
  expect(of(wasmBackend)).toEqual(of(tsBackend));
});

it('refuses a released matrix by name, and a product that is not finite', () => {
  const operator = matrixOperator(wasmBackend, random(70, 3));
  operator.release();
  expect(() => svds(wasmBackend, operator)).toThrow(/release/);
  const huge = matrixOperator(wasmBackend, new Matrix(70, 70, new Float64Array(4900).fill(1e308)));
  expect(() => svds(wasmBackend, huge)).toThrow(/svds: every product must be finite, but product \d+ is not/);
  huge.release();
});
