import { describe, it } from 'vitest';
import { resolventWork } from '../../src/backend/contract/resolvent.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

type Scale = (i: number, j: number) => number;

/** T with parts below 2, its adjoint, and a start vector of unit norm. */
function triangle(n: number, scale: Scale): readonly [Float64Array, Float64Array, Float64Array] {
  const random = testNumbers(2 * n * n, n);
  const [upper, lower] = [new Float64Array(2 * n * n), new Float64Array(2 * n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const [from, to] = [2 * (i * n + j), 2 * (j * n + i)];
      upper[from] = random[from]! * scale(i, j);
      upper[from + 1] = random[from + 1]! * scale(i, j);
      lower[to] = upper[from]!;
      lower[to + 1] = -upper[from + 1]!;
    }
  }
  const start = testNumbers(2 * n, n + 1);
  const norm = Math.sqrt(start.reduce((sum, x) => sum + x * x, 0));
  return [upper, lower, start.map((x) => x / norm)];
}

function expectParity(
  n: number,
  count: number,
  { tolerance = 1e-8, limit = 60, scale = ((_i, _j) => 1) as Scale, at = testNumbers(2 * count, 3) } = {},
): void {
  const [upper, lower, start] = triangle(n, scale);
  expectSameBits(({ kernels }, put) => {
    const [values, steps] = [put('f64', count), put('f64', count)];
    const work = put('f64', resolventWork(n, limit));
    const [t, adjoint, vector, points] = [put('f64', upper), put('f64', lower), put('f64', start), put('f64', at)];
    kernels.smallestSingularValues({
      upper: t,
      lower: adjoint,
      n,
      start: vector,
      points,
      count,
      tolerance,
      limit,
      values,
      steps,
      work,
    });
    return [values, steps, t, adjoint, vector, points];
  });
}

describe('smallestSingularValues gives the same bits from both backends', () => {
  it.each([1, 2, 3, 5, 8, 31, 64])('n = %i', (n) => {
    for (const count of [1, 3, 4, 5, 11]) expectParity(n, count);
  });

  it.each([1e-12, 1e-3, 0.1])('tolerance %f', (tolerance) => expectParity(24, 9, { tolerance }));

  it('stopped by the limit', () => expectParity(40, 13, { tolerance: 1e-12, limit: 4 }));

  it('at eigenvalues, and so nearly singular that the iterates overflow', () => {
    const [upper] = triangle(9, () => 1);
    const at = Float64Array.from({ length: 18 }, (_, k) => upper[20 * (k >> 1) + (k & 1)]!);
    expectParity(9, 9, { at });
    expectParity(80, 6, { scale: (i, j) => (i === j ? 1e-70 : 1), at: new Float64Array(12) });
  });

  it('normal: a diagonal T', () => expectParity(20, 7, { scale: (i, j) => Number(i === j) }));
});
