import { describe, it } from 'vitest';
import { marchenkoPastur } from '../../src/linalg/random-matrices/marchenko-pastur.ts';
import { fitPowerLaw } from '../../src/linalg/random-matrices/power-law.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './random-matrices.json' with { type: 'json' };

describe('Marchenko–Pastur law', () => {
  it.each(golden.law)('c = $ratio, s² = $variance: edges, density and distribution function', (given) => {
    const law = marchenkoPastur(given.ratio, given.variance);
    for (const i of [0, 1] as const) expectClose(law.edges[i], given.edges[i]!, 1e-14);
    for (const [x, density, cdf] of given.points as [number, number, number][]) {
      expectClose(law.density(x) / density, 1, 1e-11, `density at ${x}`);
      expectClose(law.cdf(x), cdf, 1e-13, `distribution at ${x}`);
    }
  });
});

describe('power-law fits', () => {
  it.each(golden.tails)('$name: cut-off, exponent, likelihood ratios', (given) => {
    const fit = fitPowerLaw(given.values, { bootstraps: 1 });
    expectClose(fit.alpha, given.alpha, 1e-10);
    expectClose(fit.xmin, given.xmin, 0);
    expectClose(fit.count, given.count, 0);
    expectClose(fit.distance, given.distance, 1e-12);
    for (const name of ['exponential', 'logNormal'] as const) {
      const [ratio, pValue] = given[name] as [number, number];
      expectClose(fit[name].ratio, ratio, 1e-5, `${name} ratio`);
      // Where the log-normal has become the power law there is nothing to test.
      if (Math.abs(ratio) > 1e-5) expectClose(fit[name].pValue, pValue, 1e-5, `${name} p-value`);
    }
  });
});
