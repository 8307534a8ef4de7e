import { expect, it } from 'vitest';
import { conditionEstimate } from '../../src/linalg/factorisations/condition.ts';
import { determinant } from '../../src/linalg/factorisations/determinant.ts';
import { inverse, lu, solve } from '../../src/linalg/factorisations/lu.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { difference, frobenius, permuteRows, product, randomMatrix, scaled, U } from '../support/dense-algebra.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';

const FIELDS = ['real', 'complex'] as const;
const N = 12;
/** Largest power of two with which a matrix of numbers in [−1, 1) stays in range. */
const HUGE = 2 ** 1023;
const TINY = 2 ** -1000;

/** diag(first, last) with ones above. */
const pair = (first: number, last: number): Matrix =>
  Matrix.fromRows([
    [first, 0],
    [0, last],
  ]);

eachBackend('near the ends of f64', (backend) => {
  const cases = FIELDS.flatMap((field) =>
    [HUGE, TINY].map((factor) => [`${field} times ${factor}`, randomMatrix(field, N, N, 7), factor] as const),
  );

  it.each(cases)(
    '%s: the solution, inverse, determinant and condition of the matrix without the factor',
    (_t, a, factor) => {
      const large = scaled(a, factor);
      const b = randomMatrix(a.field, N, 3, 8);
      const x = solve(backend, a, b);
      expect(bitsOf(solve(backend, large, scaled(b, factor)).data)).toEqual(bitsOf(x.data));
      const condition = conditionEstimate(backend, a);
      expect(conditionEstimate(backend, large)).toBe(condition);
      const [exact, actual] = [determinant(backend, a), determinant(backend, large)];
      expect(actual.exponent).toBe(exact.exponent + N * Math.log2(factor));
      expect([actual.re, actual.im]).toEqual([exact.re, exact.im]);
      // The inverse has subnormal elements where the factor is huge: they have fewer digits.
      const y = inverse(backend, large);
      const grain = 2 ** -1074 * N;
      const residual = difference(scaled(y, factor), inverse(backend, a));
      expectClose(frobenius(residual), 0, grain * factor);
    },
  );

  it.each(FIELDS)('factors of a %s matrix whose elimination overflows', (field) => {
    // Elements ±max with every sign that makes rows add up: the second pivots are twice the largest number.
    const max = Number.MAX_VALUE;
    const rows = [
      [max, max, max],
      [-max, max, max],
      [-max, -max, max],
    ];
    const a: AnyMatrix =
      field === 'real' ? Matrix.fromRows(rows) : ComplexMatrix.fromRows(rows.map((row) => row.map((x) => [x, -x])));
    const { l, u, permutation } = lu(backend, a);
    expect([...l.data].every(Number.isFinite)).toBe(true);
    expect([...u.data].some((x) => Math.abs(x) === Number.POSITIVE_INFINITY)).toBe(true);
    const quarter = lu(backend, scaled(a, 2 ** -4));
    expect(l).toEqual(quarter.l);
    expect(permutation).toEqual(quarter.permutation);
    const whole = scaled(permuteRows(a, permutation), 2 ** -1020);
    const rest = difference(whole, product(quarter.l, scaled(quarter.u, 2 ** -1016)));
    expectClose(frobenius(rest), 0, 3 * U * frobenius(whole));
    const x = solve(backend, a, product(scaled(a, 2 ** -1000), scaled(identity(3), 2 ** 500)));
    expectClose(frobenius(difference(x, scaled(identity(3), 2 ** -500))) * 2 ** 500, 0, 50 * U, 'a⁻¹ a 2⁻⁵⁰⁰');
    expectClose(conditionEstimate(backend, a) / conditionEstimate(backend, scaled(a, 2 ** -9)), 1, 4 * U);
    expect(determinant(backend, a).exponent).toBeGreaterThan(3 * 1023);
  });

  it('a solution that leaves the range on its way but ends in it, and one that does not end in it', () => {
    // y = L⁻¹b doubles in every row: 2^1035 before the last pivot divides it.
    const n = 40;
    const doubling = Matrix.fromRows(
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (j === n - 1 || i === j ? 1 : j < i ? -1 : 0)),
      ),
    );
    const b = new Matrix(n, 2);
    for (let i = 0; i < n; i++) b.data.set([2 ** 1000, 1], 2 * i);
    const x = solve(backend, doubling, b);
    const column = (j: number): number[] => Array.from({ length: n }, (_, i) => x.at(i, j));
    expect(column(0)).toEqual(column(1).map((value) => value * 2 ** 1000));
    expect(column(1).at(-1)).toBe(1);
    const beyond = solve(backend, pair(2 ** -1000, 1), Matrix.fromRows([[-(2 ** 1000)], [3]]));
    expect([...beyond.data]).toEqual([Number.NEGATIVE_INFINITY, 3]);
  });

  it('matrices with large and small rows are not scaled', () => {
    const a = pair(2 ** 1023, 2 ** -1000);
    expect([...solve(backend, a, Matrix.fromRows([[1], [1]])).data]).toEqual([2 ** -1023, 2 ** 1000]);
    expect([...inverse(backend, a).data]).toEqual([2 ** -1023, 0, 0, 2 ** 1000]);
    expect(determinant(backend, a).value.re).toBe(2 ** 23);
    expect(conditionEstimate(backend, a)).toBe(Number.POSITIVE_INFINITY);
    expect(conditionEstimate(backend, pair(2 ** 700, 2 ** -300))).toBe(2 ** 1000);
  });

  it('subnormal matrices and right-hand sides lose no digits on the way', () => {
    const integers = (columns: number, seed: number): Matrix => {
      const random = randomMatrix('real', 6, columns, seed) as Matrix;
      return new Matrix(
        6,
        columns,
        random.data.map((x) => Math.floor(1000 * x)),
      );
    };
    const [a, b] = [integers(6, 3), integers(2, 4)];
    const x = solve(backend, a, b);
    const small = (m: Matrix): Matrix => scaled(m, 2 ** -1060) as Matrix;
    expect(bitsOf(solve(backend, small(a), small(b)).data)).toEqual(bitsOf(x.data));
    expect(bitsOf(solve(backend, scaled(a, 2 ** -200) as Matrix, small(b)).data)).toEqual(
      bitsOf(scaled(x, 2 ** -860).data),
    );
  });
});
