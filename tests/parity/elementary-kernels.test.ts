import { describe, it } from 'vitest';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

const spread = (scale: number, seed: number) => testNumbers(1500, seed).map((value) => scale * value);
const powers = testNumbers(1500, 21).map((value) => 2 ** (1074 * value));

/** Arguments of each function: its whole range, where its formulas meet, and what is not an ordinary number. */
const ARGUMENTS = {
  mapExp: [...spread(750, 1), ...spread(1, 2), 709.782712893384, 709.7827128933841, -745.1332191019412, 1e300, -1e300],
  mapLog: [...powers, ...spread(0.5, 3).map((x) => 1 + x), 0, 5e-324, 2.2250738585072014e-308, 1, Math.SQRT2, -1],
  mapSin: [...spread(1e6, 4), ...spread(4, 5), 0, -0, 1e6, -1e6, 1e-300, Math.PI / 4, Math.PI / 2, Math.PI],
  mapCos: [...spread(1e6, 6), ...spread(4, 7), 0, -0, 1e6, -1e6, 1e-300, Math.PI / 4, Math.PI / 2, Math.PI],
  mapErf: [
    ...spread(7, 8),
    ...spread(2, 9),
    ...powers,
    0,
    -0,
    2,
    -2,
    1.9999999999999998,
    30,
    -30,
    1e300,
    5e-324,
    1,
    -1,
  ],
  mapTanh: [...spread(30, 10), ...spread(0.7, 11), ...powers, 0, -0, 0.625, -0.625, 0.6249999999999999, 1e300],
} as const;

describe.each(Object.entries(ARGUMENTS))('%s gives the same bits from both backends', (name, values) => {
  const kernel = name as keyof typeof ARGUMENTS;
  it.each([0, 1, 2, 3, 4, 5, values.length - 1, values.length])('of %i numbers', (n) => {
    expectSameBits(({ kernels }, put) => {
      // From the end, so that the edges are among the few.
      const [src, dst] = [put('f64', values.slice(values.length - n)), put('f64', n)];
      kernels[kernel]({ src, dst, n });
      kernels[kernel]({ src, dst: src, n });
      return [src, dst];
    });
  });

  if (kernel === 'mapExp') {
    it.each([0, 1, 3, 4, 5, 8, values.length])('of %i numbers of f32', (n) => {
      expectSameBits(({ kernels }, put) => {
        const numbers = [...spread(110, 12), ...spread(1, 13), 87, -87, 88.7, 88.8, -103, -104, Infinity];
        const [src, dst] = [put('f32', numbers.slice(-n)), put('f32', n)];
        kernels.mapExp({ src, dst, n: Math.min(n, numbers.length) });
        return [dst];
      });
    });
  }

  it('and infinities', () => {
    if (kernel === 'mapSin' || kernel === 'mapCos') return;
    expectSameBits(({ kernels }, put) => {
      const [src, dst] = [put('f64', [Infinity, 1, 1, Infinity, Infinity]), put('f64', 5)];
      kernels[kernel]({ src, dst, n: 5 });
      return [dst];
    });
  });
});
