import { describe, expect, it } from 'vitest';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { eigenvaluesHermitian } from '../../src/linalg/eigen/eigh.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { norm2 } from '../../src/linalg/norms.ts';
import { multiply } from '../../src/linalg/products.ts';
import {
  causalAttention,
  compareCausalAttention,
  compareWithRandom,
  ellipticMatrix,
  fitEllipticLaw,
  fitMarchenkoPastur,
  fitPowerLaw,
  gaussianMatrix,
  gaussianUnitary,
  isCausalAttention,
  ksDistance,
  overlapMatrix,
  overlapStatistics,
  powerLawSample,
  SPACING_RATIO_MEANS,
  type SpacingRatios,
  spacingRatios,
} from '../../src/linalg/random-matrices/index.ts';
import { discreteLaw } from '../../src/linalg/random-matrices/tail-laws.ts';
import { svd } from '../../src/linalg/svd/svd.ts';
import { tsBackend, wasmBackend } from '../support/backends.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';

const backend = wasmBackend;
/** Standard errors that a Monte-Carlo mean may be off. */
const SIGMAS = 4;

function mean(values: readonly number[]) {
  const average = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (values.length - 1);
  return { average, error: Math.sqrt(variance / values.length) };
}

function expectMean(values: readonly number[], expected: number, what: string, slack = 0): void {
  const { average, error } = mean(values);
  expectClose(average, expected, SIGMAS * error + slack, what);
}

/** N − 1 eigenvalues of complex Ginibre matrices of order N with one at the origin: those of U (G†G)^½, G N×(N−1), U Haar. */
function besideOrigin(N: number, stream: number): Float64Array {
  const m = N - 1;
  const { v, values } = svd(backend, gaussianMatrix('complex', N, m, { seed: 41n, stream }));
  const { q, r } = qr(backend, gaussianMatrix('complex', m, m, { seed: 42n, stream }));
  const scaled = new ComplexMatrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = values[k]! * Math.sign(r.data[2 * (k * m + k)]!);
      for (const part of [0, 1]) scaled.data[2 * (i * m + k) + part] = factor * q.data[2 * (i * m + k) + part]!;
    }
  }
  return eig(backend, multiply(backend, scaled, v, { opB: 'conjugate-transpose' })).values;
}

describe('complex spacing ratios', () => {
  it.each([
    [3, SPACING_RATIO_MEANS.surmise3, 1000],
    [6, SPACING_RATIO_MEANS.surmise6, 600],
  ] as const)('of a reference at the origin, N = %i, are the surmise', (N, expected, samples) => {
    const [r, cos]: [number[], number[]] = [[], []];
    for (let stream = 0; stream < samples; stream++) {
      const values = Float64Array.from([0, 0, ...besideOrigin(N, stream)]);
      const { ratios } = spacingRatios(values, { bulk: Number.POSITIVE_INFINITY });
      const size = Math.hypot(ratios[0]!, ratios[1]!);
      r.push(size);
      cos.push(ratios[0]! / size);
    }
    expectMean(r, expected.r, 'r');
    expectMean(cos, expected.cos, 'cos θ');
  });

  it.each([
    [3, 0.668, 0.428],
    [6, 0.711, 0.169],
  ])('of whole sampled matrices, N = %i, show the edge', (N, r, cos) => {
    const found: SpacingRatios[] = Array.from({ length: 800 }, (_, stream) =>
      spacingRatios(eig(backend, gaussianMatrix('complex', N, N, { seed: 43n, stream })).values, {
        bulk: Number.POSITIVE_INFINITY,
      }),
    );
    expect(found.every(({ count }) => count === N)).toBe(true);
    const slack = 0.0005; // the expected values have three digits
    expectMean(
      found.map((ratios) => ratios.r!.mean),
      r,
      'r',
      slack,
    );
    expectMean(
      found.map((ratios) => ratios.cos!.mean),
      cos,
      'cos θ',
      slack,
    );
  });

  it('reach the bulk limit for large Ginibre matrices, complex and real', () => {
    for (const field of ['complex', 'real'] as const) {
      const found = Array.from({ length: field === 'real' ? 3 : 2 }, (_, stream) =>
        spacingRatios(eig(backend, gaussianMatrix(field, 200, 200, { seed: 44n, stream })).values, {
          real: field === 'real',
        }),
      );
      const sizes = found.flatMap(({ ratios, count }) =>
        Array.from({ length: count }, (_, k) => Math.hypot(ratios[2 * k]!, ratios[2 * k + 1]!)),
      );
      const cosines = found.flatMap(({ angles }) => [...angles].map(Math.cos));
      expect(sizes.length).toBeGreaterThan(100);
      expectMean(sizes, SPACING_RATIO_MEANS.ginibre.r, `${field} r`, 0.001);
      expectMean(cosines, SPACING_RATIO_MEANS.ginibre.cos, `${field} cos θ`, 0.001);
    }
  });

  it('of independent points have r = 2/3 and no preferred angle', () => {
    const points = gaussianMatrix('real', 1, 2000, { seed: 45n }).data;
    const { r, cos } = spacingRatios(points, { bulk: Number.POSITIVE_INFINITY });
    expectClose(r!.mean, 2 / 3, SIGMAS * r!.error);
    expectClose(cos!.mean, 0, SIGMAS * cos!.error);
  });

  it('by hand: ξ of three points, and angles in all quadrants', () => {
    // From 0: nearest 1, next 2i: ξ = 1/(2i) = −i/2.
    const { ratios, angles } = spacingRatios(Float64Array.of(0, 0, 1, 0, 0, 2), { bulk: Number.POSITIVE_INFINITY });
    expectClose(ratios[0]!, 0, 1e-15);
    expectClose(ratios[1]!, -0.5, 1e-15);
    expectClose(angles[0]!, -Math.PI / 2, 1e-15);
    // From 1: nearest 0, next 2i: ξ = −1/(2i − 1) = (1 + 2i)/5.
    expectClose(angles[1]!, Math.atan2(2, 1), 1e-15);
    // From 2i: nearest 0, next 1: ξ = −2i/(1 − 2i) = (4 − 2i)/5.
    expectClose(angles[2]!, Math.atan2(-2, 4), 1e-15);
    // Of a real matrix only what lies well above the axis counts: a near pair λ, λ̄ is its own neighbour.
    const pairs = Float64Array.of(0, 0, 5, 1e-3, 5, -1e-3, 1, 30, 1, -30, 3, 28, 3, -28);
    const whole = { bulk: Number.POSITIVE_INFINITY };
    expect(spacingRatios(pairs, whole).count).toBe(7);
    expect(spacingRatios(pairs, { real: true, ...whole }).count).toBe(2);
    expect(() => spacingRatios(new Float64Array(4))).toThrow('number of values');
    expect(() => spacingRatios(new Float64Array(7))).toThrow('two elements for each number');
  });
});

describe('Marchenko–Pastur fit', () => {
  it('finds the variance of Wishart matrices, tall and wide, and no spikes', () => {
    for (const [p, n] of [
      [60, 150],
      [150, 60],
      [80, 80],
    ] as const) {
      const w = gaussianMatrix('real', p, n, { seed: 7n });
      w.data.forEach((value, i) => {
        w.data[i] = 0.3 * value;
      });
      const fit = fitMarchenkoPastur(backend, w, { surrogates: 39 });
      expectClose(fit.variance, 0.09, 4 * 0.09 * Math.sqrt(2 / (p * n)));
      // Without spikes it is the mean square of the sample itself.
      const mean = w.data.reduce((sum, value) => sum + value * value, 0) / (p * n);
      expectClose(fit.variance / mean, 1, 1e-12);
      expect(fit.spikes).toEqual([]);
      expect(fit.pValue).toBeGreaterThan(0.03);
      const root = Math.sqrt(Math.min(p, n) / Math.max(p, n));
      expectClose(fit.edges[1], fit.variance * (1 + root) ** 2, 1e-14);
      expectClose(fit.threshold, fit.variance * (1 + root), 1e-14);
    }
  });

  it('recovers planted spikes beyond the threshold of Baik, Ben Arous and Péché, and none below', () => {
    const [p, n] = [80, 240];
    const planted = (ell: number) => {
      const w = gaussianMatrix('real', p, n, { seed: 8n });
      for (let j = 0; j < n; j++) w.data[5 * n + j]! *= Math.sqrt(ell);
      return w;
    };
    const strong = fitMarchenkoPastur(backend, planted(6), { surrogates: 19 });
    expect(strong.spikes).toHaveLength(1);
    const [{ eigenvalue, strength, alignment }] = strong.spikes as [(typeof strong.spikes)[number]];
    expectClose(strength, 6, 4 * 6 * Math.sqrt(2 / n));
    const c = p / n;
    expectClose(strength * (1 + (c * strong.variance) / (strength - strong.variance)), eigenvalue, 1e-12);
    const { u } = svd(backend, planted(6));
    expectClose(u.at(5, 0) ** 2, alignment, 0.08);
    expect(fitMarchenkoPastur(backend, planted(1.4), { surrogates: 1 }).spikes).toEqual([]);
  });

  it('rejects heavy-tailed matrices, and says when there is no bulk', () => {
    const heavy = gaussianMatrix('real', 60, 90, { seed: 9n });
    heavy.data.set(heavy.data.map((x) => x * x * x * x * x));
    const fit = fitMarchenkoPastur(backend, heavy, { surrogates: 59 });
    expect(fit.pValue).toBeLessThan(0.02);
    expect(fit.spikes.length).toBeGreaterThan(2);
    const one = new Matrix(4, 4);
    one.data[0] = 1;
    expect(() => fitMarchenkoPastur(backend, one)).toThrow('a must have a bulk');
  });
});

describe('eigenvalues', () => {
  it('of the GUE fill the semicircle', () => {
    const n = 150;
    const values = eigenvaluesHermitian(backend, gaussianUnitary(n, { seed: 11n }));
    const edge = Math.sqrt(2 * n);
    const semicircle = (x: number) => {
      const t = Math.max(-1, Math.min(1, x / edge));
      return 0.5 + (t * Math.sqrt(1 - t * t) + Math.asin(t)) / Math.PI;
    };
    expect(ksDistance(values, semicircle)).toBeLessThan(0.02);
  });

  it('of elliptic matrices fill their ellipse; a mean is an outlier', () => {
    const n = 120;
    for (const tau of [-0.6, 0, 0.5]) {
      const a = ellipticMatrix(n, tau, { seed: 12n });
      const fit = fitEllipticLaw(backend, a, { surrogates: 19 });
      expectClose(fit.tau, tau, 4 / n);
      expectClose(fit.variance, 1, 8 / n);
      expect(fit.pValue).toBeGreaterThan(0.05);
      expect(fit.outliers).toEqual([]);
    }
    const shifted = gaussianMatrix('real', n, n, { seed: 13n });
    shifted.data.forEach((value, i) => {
      shifted.data[i] = value + 0.3;
    });
    const { values } = eig(backend, shifted);
    const { outliers } = fitEllipticLaw(backend, shifted, { values, surrogates: 1 });
    expect(outliers).toHaveLength(1);
    expectClose(values[2 * outliers[0]!]!, 0.3 * n, 4);
    expect(() => fitEllipticLaw(backend, new Matrix(3, 3))).toThrow('must not vanish');
    expect(() =>
      fitEllipticLaw(
        backend,
        Matrix.fromRows([
          [1, 2],
          [2, 3],
        ]),
      ),
    ).toThrow('τ = 1.0000');
    expect(() => ellipticMatrix(3, 1.5)).toThrow('tau must lie in [−1, 1]');
  });
});

describe('eigenvector overlaps', () => {
  it('have rows that sum to 1 and the squared condition numbers on the diagonal; a normal matrix has none', () => {
    for (const a of [gaussianMatrix('complex', 20, 20, { seed: 14n }), gaussianMatrix('real', 20, 20, { seed: 14n })]) {
      const overlaps = overlapMatrix(backend, a);
      const { conditionNumbers } = eig(backend, a, { conditionNumbers: true });
      for (const [i, row] of overlaps.toRows().entries()) {
        let [re, im] = [0, 0];
        for (let j = 0; j < 20; j++) [re, im] = [re + row[2 * j]!, im + row[2 * j + 1]!];
        expectClose(re, 1, 1e-9);
        expectClose(im, 0, 1e-9);
        expectClose(row[2 * i]! / conditionNumbers![i]! ** 2, 1, 1e-10);
      }
    }
    const hermitian = overlapMatrix(backend, gaussianUnitary(12, { seed: 15n }));
    for (const [i, row] of hermitian.toRows().entries()) {
      for (const [at, value] of row.entries()) expectClose(value, at === 2 * i ? 1 : 0, 1e-10);
    }
  });

  it('of Ginibre matrices are n(1 − |z|²) over a gamma number of shape 2', () => {
    const n = 100;
    const reduced = Array.from({ length: 6 }, (_, stream) => {
      const a = gaussianMatrix('complex', n, n, { seed: 16n, stream });
      const { values, conditionNumbers } = eig(backend, a, { conditionNumbers: true });
      const radii = Float64Array.from(
        { length: n },
        (_, k) => Math.hypot(values[2 * k]!, values[2 * k + 1]!) / Math.sqrt(n),
      );
      return [...overlapStatistics(conditionNumbers!, radii, n).reduced];
    }).flat();
    expect(reduced.length).toBeGreaterThan(300);
    // Overlaps of one matrix depend on one another a little.
    expectMean(reduced, 2, 'mean', 0.05);
    const sorted = Float64Array.from(reduced).sort();
    expect(ksDistance(sorted, (x) => 1 - (1 + x) * Math.exp(-x))).toBeLessThan(1.63 / Math.sqrt(reduced.length) + 0.01);
  });
});

describe('power-law tails', () => {
  it.each([1.5, 2, 2.5, 3.5])('planted exponent %f comes back, without flags', (alpha) => {
    const errors = [1, 2, 3, 4].map((stream) => {
      const fit = fitPowerLaw(powerLawSample(800, alpha, 0.2, { seed: 21n, stream }), { xmin: 0.2, bootstraps: 1 });
      expectClose(fit.standardError, (fit.alpha - 1) / Math.sqrt(800), 1e-14);
      return (fit.alpha - alpha) / fit.standardError;
    });
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(SIGMAS);
    const free = fitPowerLaw(powerLawSample(800, alpha, 0.2, { seed: 22n }), { bootstraps: 40 });
    expect(free.flags).toEqual([]);
    expectClose(free.alpha, alpha, SIGMAS * free.standardError);
  });

  it('finds where a planted tail begins', () => {
    const body = gaussianMatrix('real', 1, 600, { seed: 23n }).data.map((x) => 1 / (1 + x * x));
    const fit = fitPowerLaw([...body, ...powerLawSample(600, 2.5, 1, { seed: 23n, stream: 1 })], { bootstraps: 40 });
    expect(fit.xmin).toBeGreaterThan(0.75);
    expect(fit.xmin).toBeLessThan(1.6);
    expectClose(fit.alpha, 2.5, SIGMAS * fit.standardError);
    expect(fit.pValue).toBeGreaterThan(0.1);
  });

  it('flags what is no power law', () => {
    const gaussian = gaussianMatrix('real', 1, 3000, { seed: 24n }).data;
    const logNormal = fitPowerLaw(
      gaussian.map((x) => Math.exp(0.7 * x)),
      { bootstraps: 40, xmin: 0.5 },
    );
    expect(logNormal.flags).toEqual(expect.arrayContaining(['bad-fit', 'log-normal-fits-better']));
    // The logarithm of a power law of exponent 2 is exponential.
    const decay = powerLawSample(3000, 2, 1, { seed: 26n }).map((x) => 1 + Math.log(x));
    const exponential = fitPowerLaw(decay, { bootstraps: 40, xmin: 1 });
    expect(exponential.flags).toEqual(expect.arrayContaining(['bad-fit', 'exponential-fits-better']));
    expect(fitPowerLaw(powerLawSample(30, 2.5, 1, { seed: 25n }), { bootstraps: 5 }).flags).toContain(
      'few-tail-points',
    );
  });

  it('refuses what has no tail', () => {
    expect(() => fitPowerLaw([1, 2, 3])).toThrow('10 positive numbers');
    expect(() => fitPowerLaw(new Float64Array(20).fill(3))).toThrow('not all equal');
    expect(() => fitPowerLaw([1, Number.NaN])).toThrow('values[1] is NaN');
    expect(() => fitPowerLaw(powerLawSample(20, 2, 1), { xmin: -1 })).toThrow('xmin must be positive');
    expect(() => powerLawSample(5, 1, 1)).toThrow('alpha must exceed 1');
  });
});

describe('power-law tails of whole numbers', () => {
  const sample = (n: number, alpha: number, xmin: number, seed: bigint) =>
    powerLawSample(n, 2, 1, { seed }).map((x) => discreteLaw.quantile(1 - 1 / x, alpha, xmin));

  it.each([
    [1.95, 7],
    [2.4, 12],
    [1.6, 1],
    [3.5, 2],
  ] as const)('planted exponent %f from %i comes back, without flags', (alpha, xmin) => {
    const errors = [31n, 32n, 33n, 34n].map((seed) => {
      const fit = fitPowerLaw(sample(800, alpha, xmin, seed), { discrete: true, xmin, bootstraps: 1 });
      return (fit.alpha - alpha) / fit.standardError;
    });
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(SIGMAS);
    // The error is a standard one: four of them are neither all tiny nor all large.
    expect(Math.max(...errors.map(Math.abs))).toBeGreaterThan(0.05);
    const body = Float64Array.from({ length: 500 }, (_, i) => 1 + (i % Math.max(1, xmin - 1)));
    const values = xmin > 2 ? [...body, ...sample(900, alpha, xmin, 41n)] : sample(900, alpha, xmin, 41n);
    const free = fitPowerLaw(values, { discrete: true, bootstraps: 25 });
    expect(free.flags).toEqual([]);
    expectClose(free.alpha, alpha, SIGMAS * free.standardError);
    expect(free.xmin).toBeLessThanOrEqual(2 * xmin);
  });

  it('draws from its law: shares of single numbers, and their sum', () => {
    const [alpha, xmin, n] = [2.4, 3, 40_000];
    const values = sample(n, alpha, xmin, 36n);
    const whole = Array.from({ length: 200_000 }, (_, k) => (xmin + k) ** -alpha).reduce((a, b) => a + b);
    for (const x of [3, 4, 5, 9, 20]) {
      const p = x ** -alpha / whole;
      const found = values.filter((value) => value === x).length / n;
      expectClose(found, p, SIGMAS * Math.sqrt((p * (1 - p)) / n), `share of ${x}`);
    }
    expect([0, 1 - 2 ** -53].map((u) => discreteLaw.quantile(u, 1.01, 5))).toEqual([5, 2 ** 53 - 2]);
  });

  it('says of a law of real numbers that the numbers are whole, where it is wrong', () => {
    const values = sample(2000, 2.4, 1, 37n);
    const real = fitPowerLaw(values, { xmin: 1, bootstraps: 20 });
    expect(real.flags).toEqual(expect.arrayContaining(['whole-numbers', 'bad-fit']));
    expect(Math.abs(real.alpha - 2.4) / real.standardError).toBeGreaterThan(10);
    const whole = fitPowerLaw(values, { xmin: 1, bootstraps: 20, discrete: true });
    expect(whole.flags).toEqual([]);
    expectClose(whole.alpha, 2.4, SIGMAS * whole.standardError);
    expect(fitPowerLaw(values.map((x) => x + 0.25)).flags).not.toContain('whole-numbers');
  });

  it('flags geometric and log-normal numbers, and refuses what is not whole', () => {
    const geometric = powerLawSample(2000, 2, 1, { seed: 38n }).map((x) => 1 + Math.floor(5 * Math.log(x)));
    const exponential = fitPowerLaw(geometric, { discrete: true, xmin: 1, bootstraps: 20 });
    expect(exponential.flags).toEqual(expect.arrayContaining(['bad-fit', 'exponential-fits-better']));
    const gaussian = gaussianMatrix('real', 1, 2000, { seed: 39n }).data;
    const rounded = gaussian.map((x) => Math.max(1, Math.round(Math.exp(2 + 0.6 * x))));
    const logNormal = fitPowerLaw(rounded, { discrete: true, xmin: 2, bootstraps: 20 });
    expect(logNormal.flags).toEqual(expect.arrayContaining(['bad-fit', 'log-normal-fits-better']));
    expect(() => fitPowerLaw([...rounded, 1.5], { discrete: true })).toThrow(
      'every positive number, which is discrete,',
    );
    expect(() => fitPowerLaw(rounded, { discrete: true, xmin: 1.5 })).toThrow('xmin must be an integer');
    expect(() => fitPowerLaw([...rounded, 2 ** 53], { discrete: true })).toThrow('9007199254740992');
    expect(() => fitPowerLaw(new Float64Array(20).fill(3), { discrete: true })).toThrow('not all equal');
  });
});

describe('causal attention', () => {
  it('random attention is not told from its null; attention to the token before is', () => {
    const random = causalAttention(24, 1.5, { seed: 31n });
    expect(isCausalAttention(random)).toBe(true);
    const fit = compareCausalAttention(random, { surrogates: 99 });
    expectClose(fit.scale, 1.5, 0.4);
    expectClose(fit.statistics.norm.observed, norm2(backend, random), 1e-12);
    expect([...fit.eigenvalues]).toEqual(Array.from({ length: 24 }, (_, i) => random.at(i, i)));
    for (const [name, { pValue }] of Object.entries(fit.statistics)) expect(pValue, name).toBeGreaterThan(0.02);
    const before = new Matrix(24, 24);
    for (let i = 0; i < 24; i++) {
      for (let j = 0; j <= i; j++) before.data[i * 24 + j] = 0.3 / (i + 1);
      before.data[i * 24 + Math.max(0, i - 1)]! += 0.7;
    }
    const found = compareCausalAttention(before, { surrogates: 99 });
    expect(found.statistics.previous.pValue).toBeLessThanOrEqual(0.02);
    expectClose(found.statistics.gap.observed, 1 - 0.15, 1e-12);
    expect(compareWithRandom(backend, before, { kind: 'attention' }).flags).toEqual(['attention-not-random']);
  });

  it('even attention has scale 0 and sharp attention a large one', () => {
    const even = causalAttention(10, 0);
    expectClose(compareCausalAttention(even, { surrogates: 1 }).scale, 0, 1e-3);
    const sharp = new Matrix(10, 10);
    for (let i = 0; i < 10; i++) sharp.data[i * 10] = 1;
    const { statistics, evenness } = compareCausalAttention(sharp, { surrogates: 9 });
    expect(evenness).toBe(0);
    expectClose(statistics.norm.observed, Math.sqrt(10), 1e-12);
    expectClose(statistics.stableRank.observed, 1, 1e-12);
  });

  it('refuses what is no causal attention', () => {
    const bad = causalAttention(4, 1);
    bad.data[1] = 0.1;
    expect(() => compareCausalAttention(bad)).toThrow('a[0, 1] above the diagonal is 0.1');
    expect(() => compareCausalAttention(new Matrix(4, 4))).toThrow('row 0 sums to 0');
    expect(() => compareCausalAttention(new Matrix(4, 5))).toThrow('square');
  });
});

describe('compareWithRandom', () => {
  const weights = gaussianMatrix('real', 32, 32, { seed: 51n });

  it('gives every part for a square matrix, the same bits from both backends', () => {
    const options = { surrogates: 19, bootstraps: 20 };
    const found = compareWithRandom(backend, weights, options);
    const twin = compareWithRandom(tsBackend, weights, options);
    expect({ ...found, backend: 'ts' }).toEqual(twin);
    expect(bitsOf(found.eigenvalues!)).toEqual(bitsOf(twin.eigenvalues!));
    expect(found.marchenkoPastur!.spikes).toEqual([]);
    expect(found.flags).not.toContain('not-marchenko-pastur');
    expect(found.flags).not.toContain('not-elliptic');
    expect(found.flags).toContain('few-spacing-ratios');
    expect(found.causal).toBeNull();
  });

  it('leaves out what a rectangle does not have, and flags spikes', () => {
    const tall = gaussianMatrix('real', 60, 30, { seed: 52n });
    for (let i = 0; i < 60; i++) for (let j = 0; j < 30; j++) tall.data[i * 30 + j]! += 1;
    const {
      elliptic,
      eigenvalues,
      spacingRatios: ratios,
      flags,
    } = compareWithRandom(backend, tall, {
      surrogates: 9,
      bootstraps: 5,
    });
    expect([elliptic, eigenvalues, ratios]).toEqual([null, null, null]);
    expect(flags).toContain('spikes');
  });

  it('turns failures of a fit into flags, and refuses bad input', () => {
    const outer = new Matrix(12, 12);
    for (let i = 0; i < 12; i++) for (let j = 0; j < 12; j++) outer.data[i * 12 + j] = (i + 1) * (j + 1);
    const { marchenkoPastur, elliptic, flags } = compareWithRandom(backend, outer, { surrogates: 3 });
    expect(elliptic).toBeNull();
    expect(flags).toContain('no-elliptic-fit');
    expect(marchenkoPastur === null || marchenkoPastur.spikes.length > 0).toBe(true);
    expect(() => compareWithRandom(backend, new Matrix(2, 5))).toThrow('rows of matrix');
    expect(() => compareWithRandom(backend, weights, { kind: 'none' as never })).toThrow(
      'kind must be weights or attention',
    );
    expect(() => compareWithRandom(backend, weights, { kind: 'attention' })).toThrow('must be causal attention');
    const broken = gaussianMatrix('real', 4, 4);
    broken.data[6] = Number.NaN;
    expect(() => compareWithRandom(backend, broken)).toThrow('matrix[1, 2] is NaN');
  });
});
