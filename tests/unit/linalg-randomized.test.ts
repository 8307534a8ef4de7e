import { describe, expect, it } from 'vitest';
import { DomainError, NonFiniteError } from '../../src/core/errors.ts';
import {
  type AnyMatrix,
  diagonalOperator,
  identityOperator,
  Matrix,
  matrixOperator,
  normEstimate,
  operatorFromCallbacks,
  randomizedRangeFinder,
  randomizedSvd,
  singularValues,
} from '../../src/linalg/index.ts';
import { gaussianNumbers } from '../../src/linalg/iterative/gaussian.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import {
  adjoint,
  departureFromUnitary,
  difference,
  frobenius,
  product,
  randomMatrix,
  timesDiagonal,
} from '../support/dense-algebra.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';

const FIELDS = ['real', 'complex'] as const;

/** A random matrix whose columns shrink by a half each: singular values fall fast. */
function decaying(field: 'real' | 'complex', rows: number, columns: number): AnyMatrix {
  const a = randomMatrix(field, rows, columns, 1);
  const scaled = timesDiagonal(
    a,
    Array.from({ length: columns }, (_, j) => 2 ** -j),
  );
  return field === 'complex'
    ? scaled
    : new Matrix(
        rows,
        columns,
        scaled.data.filter((_, i) => i % 2 === 0),
      );
}

/** ‖a‖₁. */
function norm1({ rows, columns, data, field }: AnyMatrix): number {
  const sums = Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const at = i * columns + j;
      sum += field === 'real' ? Math.abs(data[at]!) : Math.hypot(data[2 * at]!, data[2 * at + 1]!);
    }
    return sum;
  });
  return Math.max(...sums);
}

describe('gaussianNumbers', () => {
  it('have the moments of a standard normal law', () => {
    const x = gaussianNumbers(20_001, 5n, 3);
    const mean = (power: number): number => x.reduce((sum, value) => sum + value ** power, 0) / x.length;
    expectClose(mean(1), 0, 4 / Math.sqrt(x.length));
    expectClose(mean(2), 1, 4 * Math.sqrt(2 / x.length));
    expectClose(mean(4), 3, 4 * Math.sqrt(96 / x.length));
    expect(x.slice(0, 10)).toEqual(gaussianNumbers(10, 5n, 3));
  });
});

eachBackend('randomised ranges', (backend) => {
  it.each(FIELDS.flatMap((field) => [[field, 60, 30] as const, [field, 30, 60] as const]))(
    'nearly the best approximation, and an estimate above its error, %s %i×%i',
    (field, m, n) => {
      const a = decaying(field, m, n);
      const operator = matrixOperator(backend, a);
      const exact = singularValues(backend, a);
      const { q, errorEstimate, failure, products } = randomizedRangeFinder(backend, operator, {
        rank: 6,
        oversampling: 4,
      });
      expect([q.rows, q.columns, products]).toEqual([m, 10, 5 * 10 + 10]);
      expectClose(failure, 1e-10, 1e-20);
      expectClose(departureFromUnitary(q), 0, 1e-13);
      const missed = difference(a, product(q, product(adjoint(q), a)));
      const error = singularValues(backend, missed)[0]!;
      expect(error).toBeLessThan(2 * exact[10]!);
      expect(errorEstimate).toBeGreaterThan(error);
      expect(errorEstimate).toBeLessThan(100 * error);

      const { u, values, v, errorEstimate: whole } = randomizedSvd(backend, operator, { rank: 6 });
      for (let k = 0; k < 6; k++) expectClose(values[k]! / exact[k]!, 1, 1e-6, `σ_${k}`);
      expect([departureFromUnitary(u), departureFromUnitary(v)].every((x) => x < 1e-13)).toBe(true);
      const rest = difference(a, product(timesDiagonal(u, values), adjoint(v)));
      expectClose(singularValues(backend, rest)[0]! / exact[6]!, 1, 0.01);
      expect(whole).toBeGreaterThan(exact[6]!);
      operator.release();
    },
  );

  it('is exact for a range that is small enough, and needs no adjoint without powers', () => {
    const a = product(randomMatrix('real', 40, 3, 1), randomMatrix('real', 3, 50, 2));
    const operator = matrixOperator(backend, a);
    const oneWay = operatorFromCallbacks({
      rows: 40,
      columns: 50,
      field: 'complex',
      apply: (x, y) => void operator.apply(x, y),
    });
    const { q, errorEstimate } = randomizedRangeFinder(backend, oneWay, { rank: 3, powerIterations: 0 });
    expectClose(frobenius(difference(a, product(q, product(adjoint(q), a)))), 0, 1e-13);
    expect(errorEstimate).toBeLessThan(1e-11);
    expect(() => randomizedRangeFinder(backend, oneWay, { rank: 3 })).toThrow(/Set powerIterations to 0\.$/);
    expect(() => randomizedSvd(backend, oneWay, { rank: 3 })).toThrow(DomainError);
    for (const options of [{ rank: 0 }, { rank: 41 }, { rank: 2, probes: 0 }, { rank: 2, oversampling: -1 }])
      expect(() => randomizedRangeFinder(backend, operator, options)).toThrow(DomainError);
    operator.release();
  });
});

eachBackend('normEstimate', (backend) => {
  it.each(FIELDS.flatMap((field) => [[field, 50, 90] as const, [field, 90, 50] as const]))(
    'holds the norms between its bounds, %s %i×%i',
    (field, m, n) => {
      const a = randomMatrix(field, m, n, 3);
      const operator = matrixOperator(backend, a);
      const two = normEstimate(backend, operator, { effort: 12 });
      const exact = singularValues(backend, a)[0]!;
      expect(two.lower).toBeLessThanOrEqual(exact * (1 + 1e-14));
      expect(two.lower).toBeGreaterThan(0.95 * exact);
      expect(two.upper).toBeGreaterThan(exact);
      expect(two.upper).toBeLessThan(2 * exact);
      expect(two.products).toBe(24);
      const one = normEstimate(backend, operator, { p: 1 });
      expect(one.value).toBeLessThanOrEqual(norm1(a) * (1 + 1e-14));
      expect(one.value).toBeGreaterThan(0.8 * norm1(a));
      expect(one.upper).toBe(Infinity);
      const fro = normEstimate(backend, operator, { p: 'fro', effort: 30 });
      expectClose(fro.value, frobenius(a), 4 * fro.standardError);
      expect(fro.standardError).toBeGreaterThan(0);
      expect(fro.standardError).toBeLessThan(0.1 * fro.value);
      expect(fro.lower).toBeLessThan(frobenius(a));
      operator.release();
    },
  );

  it.each(FIELDS)('finds the 1-norm where one column stands out, %s', (field) => {
    const a = randomMatrix(field, 80, 80, 7);
    const width = field === 'real' ? 1 : 2;
    for (let i = 0; i < 80; i++) a.data[(i * 80 + 61) * width]! *= 3;
    const operator = matrixOperator(backend, a);
    const { value } = normEstimate(backend, operator, { p: 1 });
    expectClose(value, norm1(a), 1e-13 * value);
    operator.release();
  });

  it('is exact for few columns and small spectra', () => {
    const a = randomMatrix('complex', 40, 7, 2);
    const operator = matrixOperator(backend, a);
    const { value, upper, failure } = normEstimate(backend, operator);
    expectClose(value, singularValues(backend, a)[0]!, 1e-13);
    expect([upper, failure]).toEqual([value, 0]);
    expectClose(normEstimate(backend, operator, { p: 1 }).value, norm1(a), 1e-13);
    expectClose(normEstimate(backend, operator, { p: 'fro' }).value, frobenius(a), 1e-13);
    operator.release();
    for (const p of [1, 2, 'fro'] as const) {
      expect(normEstimate(backend, identityOperator(0), { p }).value).toBe(0);
      expect(normEstimate(backend, diagonalOperator(new Float64Array(100)), { p }).value).toBe(0);
    }
    const huge = diagonalOperator(Float64Array.from({ length: 100 }, (_, i) => 1e200 * i));
    const fro = normEstimate(backend, huge, { p: 'fro' });
    expectClose(fro.value / Math.sqrt(328_350), 1e200, 4e200 * (fro.standardError / fro.value));
    expectClose(normEstimate(backend, huge).value / 99e200, 1, 0.05);
    expectClose(normEstimate(backend, huge, { p: 1 }).value / 99e200, 1, 1e-14);
  });

  it('estimates the Frobenius norm without an adjoint', () => {
    const oneWay = operatorFromCallbacks({
      rows: 200,
      columns: 200,
      field: 'real',
      apply: (x, y) => y.set(x.map((v) => 2 * v)),
    });
    const { value, standardError, lower } = normEstimate(backend, oneWay, { p: 'fro' });
    expectClose(value, 2 * Math.sqrt(200), 4 * standardError);
    expect(lower).toBe(0);
    expect(() => normEstimate(backend, oneWay)).toThrow(/must have an adjoint for p = 2/);
  });

  it('refuses what it cannot do', () => {
    const unit = identityOperator(100);
    expect(() => normEstimate(backend, unit, { p: 3 as 2 })).toThrow(/p must be 1, 2 or fro/);
    expect(() => normEstimate(backend, unit, { effort: 0 })).toThrow(DomainError);
    expect(() => normEstimate(backend, unit, { failure: 0 })).toThrow(DomainError);
    const broken = operatorFromCallbacks(
      { rows: 9, columns: 9, field: 'real', apply: (_x, y) => y.fill(NaN), applyAdjoint: (_x, y) => y.fill(0) },
      { vectors: 0 },
    );
    expect(() => normEstimate(backend, broken)).toThrow(NonFiniteError);
  });
});

it('the same bits from both backends', () => {
  const results = [tsBackend, wasmBackend].map((backend) =>
    FIELDS.flatMap((field) => {
      const operator = matrixOperator(backend, randomMatrix(field, 40, 90, 9));
      const { u, values, v, errorEstimate } = randomizedSvd(backend, operator, { rank: 4 });
      const norms = ([1, 2, 'fro'] as const).map((p) => normEstimate(backend, operator, { p }).value);
      operator.release();
      return [u.data, values, v.data, Float64Array.of(errorEstimate, ...norms)].map(bitsOf);
    }),
  );
  expect(results[0]).toEqual(results[1]);
});
