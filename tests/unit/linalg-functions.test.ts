import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { determinant } from '../../src/linalg/factorisations/determinant.ts';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { polar } from '../../src/linalg/functions/polar.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { gram } from '../../src/linalg/products.ts';
import { eachBackend } from '../support/backends.ts';
import {
  adjoint,
  asComplex,
  departureFromUnitary,
  difference,
  frobenius,
  product,
  randomHermitian,
  randomMatrix,
  scaled,
  U,
} from '../support/dense-algebra.ts';
import { jordan, tridiagonal } from '../support/gallery.ts';
import { expectClose, maxError } from '../support/numbers.ts';

/** ‖x − y‖_F ≤ tolerance·‖y‖_F. */
function expectMatrix(x: AnyMatrix, y: AnyMatrix, tolerance: number): void {
  expectClose(frobenius(difference(x, y)), 0, tolerance * frobenius(y));
}

/** a + shift·1. */
function shifted<M extends AnyMatrix>(a: M, shift: number): M {
  const b = scaled(a, 1);
  const width = a.field === 'real' ? 1 : 2;
  for (let i = 0; i < a.rows; i++) b.data[(i * a.rows + i) * width]! += shift;
  return b;
}

/** tr a. */
function traceOf({ data }: ComplexMatrix, n: number): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < n; i++) {
    re += data[2 * i * (n + 1)]!;
    im += data[2 * i * (n + 1) + 1]!;
  }
  return [re, im];
}

/** e^z. */
const exponentialOf = ([re, im]: [number, number]) => [Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im)];

const rows = Matrix.fromRows;
const FUNCTIONS: Record<string, (backend: Backend, a: AnyMatrix) => { value: AnyMatrix; backend: string }> = {
  expm,
  logm,
  sqrtm,
  matrixPower: (backend, a) => matrixPower(backend, a, 0.3),
};

eachBackend('functions of matrices', (backend) => {
  describe.each(Object.entries(FUNCTIONS))('%s', (name, f) => {
    it('refuses rectangular matrices, NaN and infinity', () => {
      expect(() => f(backend, new Matrix(2, 3))).toThrow(ShapeError);
      expect(() =>
        f(
          backend,
          rows([
            [1, 2],
            [Number.NaN, 4],
          ]),
        ),
      ).toThrow(
        // biome-ignore format: a matrix
        new NonFiniteError(`${name}: a must be finite, but a[1, 0] is NaN.`),
      );
    });

    it('takes the empty matrix and a number', () => {
      expect(f(backend, new Matrix(0, 0)).value.data).toHaveLength(0);
      const one = f(backend, rows([[2]])).value;
      const expected = { expm: Math.exp(2), logm: Math.log(2), sqrtm: Math.SQRT2, matrixPower: 2 ** 0.3 };
      expectClose(one.data[0]!, expected[name as keyof typeof expected], 1e-15);
      expect(one.field).toBe('real');
    });

    it('gives all memory back, says the backend and leaves its argument alone', () => {
      const a = randomMatrix('real', 9, 9, 4) as Matrix;
      const copy = a.data.slice();
      const before = backend.memory.bytesInUse;
      expect(f(backend, a).backend).toBe(backend.kind);
      expect(backend.memory.bytesInUse).toBe(before);
      expect(a.data).toEqual(copy);
    });
  });

  describe('expm', () => {
    it('is a rotation for a skew matrix', () => {
      for (const angle of [1e-9, 0.01, 0.3, 1, 3, 50]) {
        const { value } = expm(backend, rows([[0, -angle], [angle, 0]])); // biome-ignore format: a matrix
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        expectClose(maxError(value.data, [c, -s, s, c]), 0, 4 * U * Math.max(1, angle));
      }
    });

    it('is a polynomial for a nilpotent matrix', () => {
      // Strictly lower triangular with ones: (e^N)_ij = 1/(i−j)! for the shift N.
      const { value, squarings } = expm(backend, tridiagonal(5, 1, 0, 0));
      expect(squarings).toBe(0);
      const expected = rows(
        [0, 1, 2, 3, 4].map((i) => [0, 1, 2, 3, 4].map((j) => (j > i ? 0 : [1, 1, 1 / 2, 1 / 6, 1 / 24][i - j]!))),
      );
      expectMatrix(value, expected, 4 * U);
    });

    it('does not overscale: the norms of powers decide, not the norm', () => {
      for (const corner of [1e3, 1e6, 1e9]) {
        const a = rows([
          [1, corner],
          [0, -1],
        ]);
        const { value, squarings } = expm(backend, a);
        expect(squarings).toBeLessThanOrEqual(1);
        expectMatrix(value, rows([[Math.E, corner * Math.sinh(1)], [0, 1 / Math.E]]), 8 * U); // biome-ignore format: a matrix
      }
    });

    it('is exact on the diagonal of a triangle, real and complex, upper and lower', () => {
      const upper = rows([[-40, 1e5, 3], [0, 0.5, 7], [0, 0, 0.5 + 1e-9]]); // biome-ignore format: a matrix
      const { value } = expm(backend, upper);
      expectClose(value.at(0, 0) / Math.exp(-40), 1, 4 * U);
      expectClose(value.at(1, 2) / (7 * Math.exp(0.5) * (1 + 5e-10)), 1, 1e-14);
      const lower = new Matrix(3, 3, Float64Array.of(-40, 0, 0, 1e5, 0.5, 0, 3, 7, 0.5 + 1e-9));
      expect(expm(backend, lower).value.at(2, 1)).toBe(value.at(1, 2));
      const turned = expm(backend, ComplexMatrix.fromRows([[[0, 1], 2], [0, [0, 1]]])); // biome-ignore format: a matrix
      expectClose(
        maxError(turned.value.data, [
          Math.cos(1),
          Math.sin(1),
          2 * Math.cos(1),
          2 * Math.sin(1),
          0,
          0,
          Math.cos(1),
          Math.sin(1),
        ]),
        0,
        1e-15,
      );
    });

    it.each(['real', 'complex'] as const)('of a Hermitian matrix is Hermitian, %s', (field) => {
      const h = randomHermitian(field, 8, 3);
      const { value, method } = expm(backend, h);
      expect(method).toBe('spectral');
      expect(frobenius(difference(adjoint(value), value))).toBe(0);
      // A matrix that is Hermitian but for the last bit goes by Padé.
      const nearly = scaled(h, 1);
      nearly.data[field === 'real' ? 1 : 2]! *= 1 + 4 * U;
      const other = expm(backend, nearly);
      expect(other.method).toBe('pade');
      expectMatrix(value, other.value, 1e-14);
    });

    it.each([
      ['real', 5, 0.01],
      ['real', 5, 0.2],
      ['real', 7, 0.9],
      ['complex', 6, 2],
      ['complex', 12, 6],
      ['real', 60, 3],
    ] as const)('e^a e^−a = 1 and det e^a = e^tr a, %s, n = %i, times %d', (field, n, factor) => {
      const a = scaled(randomMatrix(field, n, n, 5), factor / n);
      const one = product(expm(backend, a).value, expm(backend, scaled(a, -1)).value);
      expectMatrix(one, identity(n), 1e-13);
      const { value } = determinant(backend, expm(backend, a).value);
      const trace = traceOf(asComplex(a), n);
      expectClose(maxError([value.re, value.im], exponentialOf(trace)), 0, 1e-13 * Math.exp(trace[0]));
    });

    it('degree 13 without squaring up to ‖a^k‖^{1/k} = 4.25', () => {
      for (const [t, squarings] of [
        [4.24, 0],
        [4.26, 1],
        [8.49, 1],
        [8.51, 2],
      ] as const) {
        const turn = Matrix.fromRows([
          [0, -t],
          [t, 0],
        ]);
        const { value, degree, squarings: taken } = expm(backend, turn);
        expect([degree, taken]).toEqual([13, squarings]);
        expectClose(value.at(0, 0), Math.cos(t), 1e-14);
      }
    });

    it('uses every degree, and squares where the spectral radius asks for it', () => {
      // Eigenvalues −1 and 2: the radius is twice the factor.
      const base = rows([
        [0, 1],
        [2, 1],
      ]);
      const plans = [3e-4, 0.03, 0.16, 0.5, 1.3, 13].map((factor) => expm(backend, scaled(base, factor)));
      expect(plans.map(({ degree }) => degree)).toEqual([3, 5, 7, 9, 13, 13]);
      expect(plans.map(({ squarings }) => squarings)).toEqual([0, 0, 0, 0, 0, 3]);
    });

    it('survives huge and tiny matrices', () => {
      const decay = expm(backend, scaled(rows([[-1, 0.25], [0.5, -1]]), 1e300)); // biome-ignore format: a matrix
      expect([...decay.value.data]).toEqual([0, 0, 0, 0]);
      expect([...expm(backend, scaled(rows([[0, 1], [2, 0]]), 1e-300)).value.data]).toEqual([1, 1e-300, 2e-300, 1]); // biome-ignore format: a matrix
    });

    it('says where the result overflows', () => {
      expect(() => expm(backend, rows([[1, 2], [3, 1000]]))).toThrow(DomainError); // biome-ignore format: a matrix
      expect(() => expm(backend, rows([[710]]))).toThrow(
        new DomainError(
          'expm: e^a must stay below 1.8e308, but element [0, 0] overflows. Subtract a multiple of the identity from a.',
        ),
      );
    });

    it('refuses what does not fit before anything is allocated', () => {
      const hollow = { field: 'real', rows: 30_000, columns: 30_000, data: new Float64Array(0) } as unknown as Matrix;
      const before = backend.memory.bytesInUse;
      expect(() => expm(backend, hollow)).toThrow(CapacityError);
      expect(() => logm(backend, hollow)).toThrow(CapacityError);
      expect(() => sqrtm(backend, hollow)).toThrow(CapacityError);
      expect(backend.memory.bytesInUse).toBe(before);
    });
  });

  describe('logm', () => {
    it.each([
      ['real', 6],
      ['complex', 6],
      ['real', 33],
      ['complex', 33],
      ['real', 70],
    ] as const)('exp(log a) = a, %s, n = %i', (field, n) => {
      const a = shifted(randomMatrix(field, n, n, 9), 0.8 * Math.sqrt(n));
      const { value } = logm(backend, a);
      expect(value.field).toBe(field);
      expectMatrix(expm(backend, value).value, a, 8 * n * U);
    });

    it('log(exp x) = x inside the strip', () => {
      for (const field of ['real', 'complex'] as const) {
        const x = scaled(randomMatrix(field, 5, 5, 2), 0.6);
        expectMatrix(logm(backend, expm(backend, x).value).value, x, 1e-13);
      }
    });

    it('of a Jordan block is the series', () => {
      const { value } = logm(backend, jordan(4, 2), { negative: 'refuse' });
      const series = [Math.log(2), 1 / 2, -1 / 8, 1 / 24];
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) expectClose(value.at(i, j), j < i ? 0 : series[j - i]!, 4 * U);
    });

    it('has Im = +π at negative eigenvalues of a real matrix, or refuses them', () => {
      const a = rows([[-1, 3], [0, -2]]); // biome-ignore format: a matrix
      const { value } = logm(backend, a);
      expect(value.field).toBe('complex');
      const expected = [0, Math.PI, -3 * Math.log(2), 0, 0, 0, Math.log(2), Math.PI];
      expectClose(maxError(value.data, expected), 0, 8 * U);
      expect(() => logm(backend, a, { negative: 'refuse' })).toThrow(
        new DomainError(
          "logm: a must have no negative real eigenvalue, but one is -1. Allow a complex result with negative: 'complex'.",
        ),
      );
      expect(logm(backend, rows([[0, -1], [1, 0]]), { negative: 'refuse' }).value.field).toBe('real'); // biome-ignore format: a matrix
    });

    it('refuses a zero eigenvalue and an unknown option', () => {
      expect(() =>
        logm(
          backend,
          rows([
            [1, 2],
            [0, 0],
          ]),
        ),
      ).toThrow(
        // biome-ignore format: a matrix
        new DomainError('logm: a must be regular, but eigenvalue 2 of 2 is 0. Use svd to find its null space.'),
      );
      expect(() => logm(backend, rows([[1]]), { negative: 'maybe' as never })).toThrow(DomainError);
    });

    it('does not depend on the scale but for a multiple of 1', () => {
      const a = shifted(randomMatrix('real', 4, 4, 1), 3);
      for (const exponent of [-900, 900]) {
        const expected = shifted(logm(backend, a).value, exponent * Math.LN2);
        expectMatrix(logm(backend, scaled(a, 2 ** exponent)).value, expected, 1e-15);
      }
    });
  });

  describe('sqrtm', () => {
    it.each([
      ['real', 6],
      ['complex', 6],
      ['real', 33],
      ['complex', 33],
      ['real', 70],
    ] as const)('x² = a, %s, n = %i', (field, n) => {
      const positive = shifted(randomMatrix(field, n, n, 9), 0.8 * Math.sqrt(n));
      for (const a of [positive, randomMatrix(field, n, n, 10)]) {
        const { value } = sqrtm(backend, a);
        if (a === positive) expect(value.field).toBe(field);
        expectClose(frobenius(difference(product(value, value), a)), 0, 4 * n * U * frobenius(value) ** 2);
      }
    });

    it('of a semidefinite matrix is Hermitian, singular or not', () => {
      for (const field of ['real', 'complex'] as const) {
        const x = randomMatrix(field, 6, 3, 4);
        const a = gram(backend, x as never, 'rows') as AnyMatrix;
        const { value, method } = sqrtm(backend, a);
        expect([method, value.field]).toEqual(['spectral', field]);
        expect(frobenius(difference(adjoint(value), value))).toBe(0);
        expectMatrix(product(value, value), a, 1e-14);
      }
    });

    it('of a negative eigenvalue lies on the upper imaginary axis, or is refused', () => {
      const { value } = sqrtm(backend, rows([[-4, 0], [0, 9]])); // biome-ignore format: a matrix
      expectClose(maxError(asComplex(value).data, [0, 2, 0, 0, 0, 0, 3, 0]), 0, 4 * U);
      expect(() => sqrtm(backend, rows([[-4, 1], [0, 9]]), { negative: 'refuse' })).toThrow(DomainError); // biome-ignore format: a matrix
      expect(() => sqrtm(backend, rows([[-4, 0], [0, 9]]), { negative: 'refuse' })).toThrow(DomainError); // biome-ignore format: a matrix
    });

    it('takes semisimple zeros and refuses a nilpotent block', () => {
      const { value } = sqrtm(backend, rows([[4, 1, 2], [0, 0, 0], [0, 0, 0]])); // biome-ignore format: a matrix
      expectMatrix(value, rows([[2, 0.5, 1], [0, 0, 0], [0, 0, 0]]), 4 * U); // biome-ignore format: a matrix
      expect(() =>
        sqrtm(
          backend,
          rows([
            [0, 1],
            [0, 0],
          ]),
        ),
      ).toThrow(
        // biome-ignore format: a matrix
        /^sqrtm: a must have a square root, but its eigenvalue 0 /,
      );
    });

    it('keeps the scale of huge and tiny matrices', () => {
      const a = rows([[3, 1], [-2, 4]]); // biome-ignore format: a matrix
      const root = sqrtm(backend, a).value;
      for (const half of [-500, -250, 480]) {
        expectMatrix(scaled(sqrtm(backend, scaled(a, 2 ** (2 * half))).value, 2 ** -half), root, 8 * U);
        expectMatrix(
          scaled(sqrtm(backend, scaled(a, 2 ** (2 * half + 1))).value, 2 ** -half),
          scaled(root, Math.SQRT2),
          8 * U,
        );
      }
    });
  });

  describe('polar', () => {
    it.each([
      ['real', 5, 5],
      ['real', 7, 4],
      ['real', 3, 6],
      ['complex', 5, 5],
      ['complex', 7, 4],
      ['complex', 3, 6],
    ] as const)('a = U H = H U, %s, %i × %i', (field, m, n) => {
      const a = randomMatrix(field, m, n, 6);
      const bound = 20 * Math.max(m, n) * U;
      for (const side of ['right', 'left'] as const) {
        const { u, h, backend: kind } = polar(backend, a, { side });
        expect(kind).toBe(backend.kind);
        expect(frobenius(difference(adjoint(h), h))).toBe(0);
        expectMatrix(side === 'right' ? product(u, h) : product(h, u), a, bound);
        expectClose(departureFromUnitary(m >= n ? u : adjoint(u)), 0, bound);
        // H is the root of the Gram matrix.
        const square = side === 'right' ? product(adjoint(a), a) : product(a, adjoint(a));
        expectMatrix(product(h, h), square, bound);
      }
    });

    it('completes U where a is singular, and checks its option', () => {
      const { u, h } = polar(backend, rows([[1, 1], [1, 1]])); // biome-ignore format: a matrix
      expectClose(departureFromUnitary(u), 0, 8 * U);
      expectMatrix(h, rows([[1, 1], [1, 1]]), 8 * U); // biome-ignore format: a matrix
      expect(() => polar(backend, rows([[1]]), { side: 'up' as never })).toThrow(
        new DomainError('polar: side must be right or left, but it is up.'),
      );
    });
  });

  describe('matrixPower', () => {
    const fibonacci = rows([[1, 1], [1, 0]]); // biome-ignore format: a matrix

    it('is exact for integers', () => {
      expect([...matrixPower(backend, fibonacci, 70).value.data]).toEqual([
        308061521170129, 190392490709135, 190392490709135, 117669030460994,
      ]);
      expect([...matrixPower(backend, fibonacci, -3).value.data]).toEqual([-1, 2, 2, -3]);
      expect(matrixPower(backend, new Matrix(3, 3), 0).value.data).toEqual(identity(3).data);
      expect(matrixPower(backend, fibonacci, 1).value.data).toEqual(fibonacci.data);
      const turned = ComplexMatrix.fromRows([[[0, 1], 0], [0, [0, -1]]]); // biome-ignore format: a matrix
      expect([...matrixPower(backend, turned, 3).value.data].map((x) => x + 0)).toEqual([0, -1, 0, 0, 0, 0, 0, 1]);
    });

    it.each([
      ['real', 0.5, 'root'],
      ['real', -1.5, 'root'],
      ['complex', 2.25, 'logarithm'],
      ['real', -0.1, 'logarithm'],
    ] as const)('a^p a^(1−p) = a, %s, p = %d', (field, p, method) => {
      const a = shifted(randomMatrix(field, 6, 6, 8), 3);
      const power = matrixPower(backend, a, p);
      expect([power.method, power.value.field]).toEqual([method, field]);
      expectMatrix(product(power.value, matrixPower(backend, a, 1 - p).value), a, 1e-13);
    });

    it('is complex where eigenvalues are negative, or refuses them', () => {
      const { value } = matrixPower(backend, rows([[-8]]), 1 / 3);
      expectClose(maxError(value.data, [1, Math.sqrt(3)]), 0, 1e-15);
      expect(matrixPower(backend, rows([[-8]]), 4 / 3).value.field).toBe('complex');
      expect(() => matrixPower(backend, rows([[-8]]), 1 / 3, { negative: 'refuse' })).toThrow(DomainError);
      expect(matrixPower(backend, rows([[-8]]), 3, { negative: 'refuse' }).value.at(0, 0)).toBe(-512);
    });

    it('refuses exponents out of range, singular matrices and overflow', () => {
      expect(() => matrixPower(backend, fibonacci, Number.NaN)).toThrow(NonFiniteError);
      expect(() => matrixPower(backend, fibonacci, 2 ** 60)).toThrow(DomainError);
      expect(() => matrixPower(backend, new Matrix(2, 2), -1)).toThrow(DomainError);
      expect(() => matrixPower(backend, fibonacci, 5000)).toThrow(
        new DomainError('matrixPower: a^p must stay below 1.8e308, but an element overflows. Scale a down.'),
      );
    });
  });
});
