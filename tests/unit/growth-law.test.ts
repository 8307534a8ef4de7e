import { describe, expect, it } from 'vitest';
import { fitLaw } from '../scale/law.ts';
import { expectClose } from '../support/numbers.ts';

const one = { name: '', of: () => 1 };
const work = { name: 'L·T', of: ({ L, T }: { L: number; T: number }) => L * T };
const pairs = { name: 'L·T²', of: ({ L, T }: { L: number; T: number }) => L * T * T };
const grid = [4, 12, 48].flatMap((L) => [32, 128, 1024].map((T) => ({ L, T })));

describe('laws of growth', () => {
  it('finds the coefficients of an exact law', () => {
    const { coefficients, rms, worst } = fitLaw(
      [one, work, pairs],
      grid.map((point) => ({ ...point, y: 0.01 + 2e-3 * work.of(point) + 5e-7 * pairs.of(point) })),
    );
    [0.01, 2e-3, 5e-7].forEach((x, k) => {
      expectClose(coefficients[k]! / x, 1, 1e-9);
    });
    expect(rms).toBeLessThan(1e-12);
    expect(worst).toBeLessThan(1e-12);
  });

  it('minimises the relative errors, not the absolute ones: a constant fitted to 1 and 3', () => {
    const { coefficients, rms, worst } = fitLaw(
      [one],
      [
        { L: 1, T: 1, y: 1 },
        { L: 1, T: 1, y: 3 },
      ],
    );
    // x of the least (x − 1)² + (x/3 − 1)²: (1 + 1/3)/(1 + 1/9) = 6/5.
    expectClose(coefficients[0]!, 1.2, 1e-14);
    expectClose(worst, 0.6, 1e-14);
    expectClose(rms, Math.sqrt((0.04 + 0.36) / 2), 1e-14);
  });

  it('does without a term that would have to be negative, and says where nothing fits', () => {
    const falling = grid.map((point) => ({ ...point, y: 3 * work.of(point) - 10 }));
    expect(fitLaw([one, work], falling).coefficients[0]).toBe(0);
    expect(() => fitLaw([{ name: '−1', of: () => -1 }], falling)).toThrow('no law');
  });
});
