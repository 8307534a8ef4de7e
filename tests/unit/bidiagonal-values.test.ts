import { describe, expect, it } from 'vitest';
import { bidiagonalQr } from '../../src/backend/ts/svd/bidiagonal-qr.ts';
import { bidiagonalValues } from '../../src/backend/ts/svd/bidiagonal-values.ts';
import { U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

type Numbers = readonly number[];

/** Ascending, by the transforms or by QR steps. */
function valuesOf(diagonal: Numbers, beside: Numbers, by: 'transforms' | 'steps'): Float64Array {
  const n = diagonal.length;
  const [d, e] = [Float64Array.from(diagonal), Float64Array.from({ length: n }, (_, i) => beside[i] ?? 0)];
  const [work, out] = [new Float64Array(6 * n + 4), new Float64Array(4)];
  const status = by === 'steps' ? bidiagonalQr(d, e, n, work, null, null, out) : bidiagonalValues(d, e, n, work, out);
  expect(status).toBe(0);
  return d.map(Math.abs).sort();
}

/** Every value to a relative 64·n·u. */
function expectValues(diagonal: Numbers, beside: Numbers, expected: Iterable<number>): void {
  const found = valuesOf(diagonal, beside, 'transforms');
  [...expected].forEach((value, k) => {
    expectClose(found[k]!, value, 64 * diagonal.length * U * value);
  });
}

const of = (n: number, value: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => value(i));
const wave = (i: number): number => 0.05 + Math.abs(Math.sin(7 * i + 1));

describe('singular values of bidiagonal matrices', () => {
  it.each([1, 2, 3, 10, 65, 200])('all ones, of order %i: 2 cos(kπ/(2n + 1))', (n) => {
    const expected = of(n, (i) => 2 * Math.cos(((n - i) * Math.PI) / (2 * n + 1)));
    // The cosine near π/2 is as good as its argument.
    const found = valuesOf(
      of(n, () => 1),
      of(n - 1, () => 1),
      'transforms',
    );
    expected.forEach((value, k) => {
      expectClose(found[k]!, value, 64 * n * U * value + 4 * U);
    });
  });

  it.each([
    ['no pattern', of(90, wave), of(89, (i) => wave(i + 200))],
    ['graded downwards over 1e250', of(50, (i) => 10 ** (-5 * i)), of(49, (i) => 10 ** (-5 * i))],
    ['graded upwards over 1e250', of(50, (i) => 10 ** (5 * i - 250)), of(49, (i) => 10 ** (5 * i - 250))],
    ['one cluster', of(40, (i) => 1 + 1e-15 * wave(i)), of(39, (i) => 1e-8 * wave(i))],
    ['blocks held by a thread', of(63, (i) => 1 + (i % 7)), of(62, (i) => (i % 7 === 6 ? 1e-9 : 1))],
    ['signs', of(20, (i) => (i % 3 === 0 ? -1 : 1) * wave(i)), of(19, (i) => (i % 2 === 0 ? -1 : 1) * wave(i + 9))],
    ['tiny', of(30, (i) => 2 ** -380 * wave(i)), of(29, (i) => 2 ** -380 * wave(i + 50))],
    ['huge', of(30, (i) => 2 ** 470 * wave(i)), of(29, (i) => 2 ** 470 * wave(i + 50))],
  ])('%s: those of QR steps', (_, diagonal, beside) => {
    expectValues(diagonal, beside, valuesOf(diagonal, beside, 'steps'));
  });

  it('diagonal matrices, of all sizes, exactly', () => {
    const diagonal = [3, 1e-150, 0, 7e100, 0.1];
    expect([...valuesOf(diagonal, [0, 0, 0, 0], 'transforms')]).toEqual([0, 1e-150, 0.1, 3, 7e100]);
  });

  it('zeros on the diagonal: as many values are zero', () => {
    const n = 24;
    const found = valuesOf(
      of(n, (i) => (i % 4 === 2 ? 0 : wave(i))),
      of(n - 1, (i) => wave(i + 3)),
      'transforms',
    );
    // A zero cuts the matrix: rows above it have rank one more than columns below.
    expect(found[0]).toBeLessThan(1e-14);
    expect(
      [
        ...valuesOf(
          of(n, () => 0),
          of(n - 1, () => 1),
          'transforms',
        ),
      ].map((value) => Math.round(value * 2 ** 40) / 2 ** 40),
    ).toEqual([0, ...of(n - 1, () => 1)]);
  });

  it('does not settle on numbers that are not numbers', () => {
    const d = new Float64Array([1, Number.NaN, 1]);
    expect(bidiagonalValues(d, new Float64Array([1, 1, 0]), 3, new Float64Array(22), new Float64Array(4))).not.toBe(0);
  });
});
