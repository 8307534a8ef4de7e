import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accurateDot, accurateSum } from '../../src/linalg/index.ts';
import { eachBackend } from '../support/backends.ts';
import { fixed, toNumber } from '../support/exact.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const U = 2 ** -53;
const sizes = (values: Float64Array) => values.reduce((sum, value) => sum + Math.abs(value), 0);

eachBackend('compensated sums', (backend) => {
  it('cancelling terms keep their digits', () => {
    expect(accurateSum(backend, Float64Array.of(1, 1e100, 1, -1e100))).toBe(2);
    expect(accurateSum(backend, new Float64Array())).toBe(0);
    // (1 + ε)(1 − ε) − 1 = −ε²
    const [x, y] = [Float64Array.of(1 + 2 ** -30, 1), Float64Array.of(1 - 2 ** -30, -1)];
    expect(accurateDot(backend, x, y)).toBe(-(2 ** -60));
  });

  it('are within u|s| + n²u²Σ|terms| of the exact value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 1e6 }), (n, seed) => {
        const x = testNumbers(n, seed).map((value, i) => value * 2 ** ((i * 7) % 60));
        const y = testNumbers(n, seed + 1).map((value, i) => value * 2 ** -((i * 11) % 50));
        const sum = x.reduce((total, value) => total + fixed(value), 0n);
        const dot = x.reduce((total, value, i) => total + ((fixed(value) * fixed(y[i]!)) >> 256n), 0n);
        const products = x.map((value, i) => value * y[i]!);
        for (const [computed, exact, size] of [
          [accurateSum(backend, x), sum, sizes(x)],
          [accurateDot(backend, x, y), dot, sizes(products)],
        ] as const) {
          const bound = U * Math.abs(toNumber(exact)) + (n * U) ** 2 * size;
          expectClose(toNumber(exact - fixed(computed)), 0, bound * (1 + 1e-9));
        }
      }),
    );
  });

  it('bad input is named', () => {
    const { bytesInUse } = backend.memory;
    const x = Float64Array.of(1, Number.NaN);
    expect(() => accurateSum(backend, x)).toThrow('accurateSum: x must be finite, but x[1] is NaN');
    expect(() => accurateDot(backend, x, new Float64Array(3))).toThrow('y must have 2 elements');
    expect(() => accurateDot(backend, Float64Array.of(1e308), Float64Array.of(1e308))).toThrow('but it overflows');
    expect(backend.memory.bytesInUse).toBe(bytesInUse);
  });
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 63, 64, 65, 1001])('%i terms have the same bits from both backends', (n) => {
  expectSameBits(({ kernels }, put) => {
    const x = put(
      'f64',
      testNumbers(n, 1).map((value, i) => value * 2 ** ((i * 37) % 90)),
    );
    const [sum, dot] = [put('f64', 1), put('f64', 1)];
    kernels.compensatedSum({ x, n, result: sum });
    kernels.compensatedDot({ x, y: put('f64', testNumbers(n, 2)), n, result: dot });
    return [sum, dot];
  });
});
