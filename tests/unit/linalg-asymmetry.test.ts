import { expect, it } from 'vitest';
import { NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { keyQueryProduct } from '../../src/dyson/head-products.ts';
import { asymmetry, ComplexMatrix, Matrix, multiply, spectralSummary } from '../../src/linalg/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

it('is 0 for symmetric, √2 for strictly triangular, 2 for antisymmetric matrices', () => {
  expect(
    asymmetry(
      Matrix.fromRows([
        [1, 2],
        [2, -3],
      ]),
    ),
  ).toBe(0);
  expectClose(
    asymmetry(
      Matrix.fromRows([
        [0, 5],
        [0, 0],
      ]),
    ),
    Math.SQRT2,
    1e-15,
  );
  expectClose(
    asymmetry(
      Matrix.fromRows([
        [0, 3],
        [-3, 0],
      ]),
    ),
    2,
    1e-15,
  );
  expectClose(
    asymmetry(
      Matrix.fromRows([
        [1, 0],
        [2, 1],
      ]),
    ),
    Math.sqrt(8 / 6),
    1e-15,
  );
  expect(asymmetry(new Matrix(3, 3))).toBe(0);
  // Far beyond where squares overflow or vanish.
  for (const size of [1e300, 1e-300])
    expectClose(
      asymmetry(
        Matrix.fromRows([
          [0, size],
          [0, 0],
        ]),
      ),
      Math.SQRT2,
      1e-15,
    );
});

it('of a complex matrix is that of its adjoint', () => {
  // Hermitian, then i times it.
  expect(asymmetry(new ComplexMatrix(2, 2, Float64Array.of(1, 0, 2, 3, 2, -3, 4, 0)))).toBe(0);
  expectClose(asymmetry(new ComplexMatrix(2, 2, Float64Array.of(0, 1, -3, 2, 3, 2, 0, 4))), 2, 1e-15);
});

it('wants a square matrix of finite numbers', () => {
  expect(() => asymmetry(new Matrix(2, 3))).toThrow(ShapeError);
  expect(() => asymmetry(Matrix.fromRows([[Number.NaN]]))).toThrow(NonFiniteError);
});

eachBackend('asymmetry', (backend) => {
  it('of W_Q W_Kᵀ is that of its compressed form, and of tr(A²)', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'llama', D: 12, H: 2, K: 4, G: 1 }), { backend });
    const { left, right, compressed } = keyQueryProduct(model, 1, 1);
    const whole = multiply(backend, left, right);
    const found = asymmetry(whole);
    expectClose(asymmetry(compressed), found, 1e-12);
    const square = multiply(backend, whole, whole);
    let [trace, norm] = [0, 0];
    for (let i = 0; i < 12; i++) trace += square.data[i * 13]!;
    for (const x of whole.data) norm += x * x;
    // ‖A − Aᵀ‖² = 2‖A‖² − 2 tr(A²).
    expectClose(found, Math.sqrt(2 - (2 * trace) / norm), 1e-12);
    model.release();
  });

  it('stands in the summary of a spectrum', () => {
    const a = new Matrix(5, 5, testNumbers(25, 3));
    expect(spectralSummary(backend, a).asymmetry).toBe(asymmetry(a));
  });
});
