import { describe, it } from 'vitest';
import { fitPowerLaw } from '../../src/linalg/random-matrices/power-law.ts';
import { zetaSums } from '../../src/linalg/random-matrices/zeta-sums.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './power-law.json' with { type: 'json' };

describe("Hurwitz's zeta function", () => {
  it('has the sums of mpmath', () => {
    for (const [s, q, Z, M] of golden.zeta as [number, number, number, number][]) {
      const sums = zetaSums(s, q);
      expectClose(sums.Z / Z, 1, 1e-13, `Z(${s}, ${q})`);
      expectClose(sums.M / M, 1, 1e-12, `M(${s}, ${q})`);
    }
  });
});

describe('power-law fits of whole numbers', () => {
  it.each(golden.fits)('$name', (given) => {
    const free = fitPowerLaw(given.values, { discrete: true, bootstraps: 1 });
    expectClose(free.xmin, given.found, 0, 'cut-off');
    const fit = fitPowerLaw(given.values, { discrete: true, bootstraps: 1, xmin: given.cut });
    expectClose(fit.alpha, given.alpha, 1e-6, 'exponent');
    expectClose(fit.standardError / given.standardError, 1, 1e-5, 'standard error');
    expectClose(fit.count, given.count, 0);
    expectClose(fit.distance, given.distance, 1e-7, 'distance');
    for (const name of ['exponential', 'logNormal'] as const) {
      const [ratio, pValue] = given[name] as [number, number];
      expectClose(fit[name].ratio, ratio, 1e-4, `${name} ratio`);
      // Where the log-normal has become the power law there is nothing to test.
      if (Math.abs(ratio) > 1e-2) expectClose(fit[name].pValue, pValue, 1e-4, `${name} p-value`);
    }
  });
});
