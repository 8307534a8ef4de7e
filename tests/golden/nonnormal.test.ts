import { expect, it } from 'vitest';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { norm2, normFrobenius } from '../../src/linalg/norms.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import {
  type KreissConstant,
  kreissConstant,
  numericalRange,
  pseudospectralAbscissa,
  pseudospectralRadius,
  spectralSummary,
} from '../../src/linalg/spectra/index.ts';
import { wasmBackend as backend } from '../support/backends.ts';
import { nonnormalGallery } from '../support/nonnormal-gallery.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './nonnormal.json' with { type: 'json' };

/** factor·a − shift·1. */
function moved(a: AnyMatrix, factor: number, shift: number): AnyMatrix {
  const width = a.field === 'real' ? 1 : 2;
  const data = a.data.map((x) => factor * x);
  for (let i = 0; i < a.rows; i++) data[i * (a.rows + 1) * width]! -= shift;
  return width === 1 ? new Matrix(a.rows, a.rows, data) : new ComplexMatrix(a.rows, a.rows, data);
}

it('has every matrix of the gallery', () => {
  expect(golden.entries.map(({ name }) => name)).toEqual([...nonnormalGallery.keys()]);
});

it.each(golden.entries.map((entry) => [entry.name, entry] as const))(
  '%s against brute force over SciPy',
  (name, entry) => {
    const a = nonnormalGallery.get(name)!;
    const { norm, epsilon } = entry;
    expect(a.rows).toBe(entry.order);
    expectClose(norm2(backend, a) / norm, 1, 1e-12, 'norm');
    expectClose(normFrobenius(a) / entry.frobenius, 1, 1e-12, 'Frobenius norm');
    expectClose(spectralSummary(backend, a).departure.commutator / entry.commutator, 1, 1e-10, 'commutator');
    const { values } = smallestSingularValues(backend, a, Float64Array.from(entry.points));
    entry.sigma.forEach((sigma, k) => {
      expect(sigma).toBeGreaterThan(1e-13 * norm);
      expectClose(values[k]! / sigma, 1, Math.max(1e-8, (1e-14 * norm) / sigma), `σ_min at point ${k}`);
    });
    for (const [search, expected] of [
      [pseudospectralAbscissa, entry.abscissa],
      [pseudospectralRadius, entry.radius],
    ] as const) {
      const { value, point } = search(backend, a, epsilon);
      expectClose(value, expected, 1e-8 * norm, search.name);
      const sigma = smallestSingularValues(backend, a, Float64Array.from(point)).values[0]!;
      expectClose(sigma / epsilon, 1, 1e-7, `σ_min at ${search.name}`);
    }
    const { radius } = numericalRange(backend, a);
    expectClose(radius.value / entry.numericalRadius, 1, 1e-9, 'numerical radius');
    expect(radius.upper).toBeGreaterThanOrEqual(entry.numericalRadius * (1 - 1e-12));
  },
);

/** Relative effect on the constant of rounding in σ_min = distance/value. */
function noiseOf({ region, value, point, noise }: KreissConstant): number {
  if (point === null) return 1e-9;
  const distance = region === 'disc' ? Math.hypot(...point) - 1 : point[0];
  return 1e-9 + (noise * value) / distance;
}

const stable = golden.entries.filter(({ shift }) => shift !== null);

it.each(stable.map((entry) => [entry.name, entry] as const))(
  'Kreiss constants of %s by two algorithms',
  (name, entry) => {
    const a = nonnormalGallery.get(name)!;
    for (const [region, matrix, expected] of [
      ['half-plane', moved(a, 1, entry.shift!), entry.kreissLine!],
      ['disc', moved(a, entry.scale!, 0), entry.kreissDisc!],
    ] as const) {
      const [curves, pseudospectra] = (['curves', 'pseudospectra'] as const).map((method) => {
        const found = kreissConstant(backend, matrix, region, { method, tolerance: 1e-6 });
        const what = `${region} by ${method}`;
        expect(found.converged, what).toBe(true);
        const slack = noiseOf(found);
        // Brute force finds a lower bound; the certificate from above must not be below it.
        expect(found.upper, what).toBeGreaterThanOrEqual(expected * (1 - slack));
        expectClose(found.value / expected, 1, 1e-6 + slack, what);
        expect(found.upper / found.lower).toBeLessThanOrEqual(1 + 1e-6);
        return { ...found, slack };
      });
      expect(curves!.lower).toBeLessThanOrEqual(pseudospectra!.upper * (1 + curves!.slack));
      expect(pseudospectra!.lower).toBeLessThanOrEqual(curves!.upper * (1 + curves!.slack));
    }
  },
);
