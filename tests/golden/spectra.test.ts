import { expect, it } from 'vitest';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { kreissConstant } from '../../src/linalg/spectra/kreiss.ts';
import { numericalRange } from '../../src/linalg/spectra/numerical-range.ts';
import { pseudospectralAbscissa, pseudospectralRadius } from '../../src/linalg/spectra/pseudospectral-extremes.ts';
import { rectangularSigmaMin } from '../../src/linalg/spectra/rectangular.ts';
import { spectralSummary } from '../../src/linalg/spectra/spectral-summary.ts';
import { eachBackend } from '../support/backends.ts';
import { grcar, jordan, random, randomComplex } from '../support/gallery.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';
import golden from './spectra.json' with { type: 'json' };

/** The matrices of make-spectra.py. */
const matrices: Record<string, AnyMatrix> = {
  'grcar 12': grcar(12),
  'random 8': random(8, 11),
  'random complex 9': randomComplex(9, 12),
  'jordan 6': jordan(6, 0.3),
};

/** factor·a − shift·1. */
function moved(a: AnyMatrix, factor: number, shift: number): AnyMatrix {
  const width = a.field === 'real' ? 1 : 2;
  const data = a.data.map((x) => factor * x);
  for (let i = 0; i < a.rows; i++) data[i * (a.rows + 1) * width]! -= shift;
  return width === 1 ? new Matrix(a.rows, a.rows, data) : new ComplexMatrix(a.rows, a.rows, data);
}

eachBackend('brute force over SciPy', (backend) => {
  it.each(golden.entries.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
    const a = matrices[name]!;
    expectClose(pseudospectralAbscissa(backend, a, entry.epsilon).value, entry.abscissa, 1e-8, 'abscissa');
    expectClose(pseudospectralRadius(backend, a, entry.epsilon).value, entry.radius, 1e-8, 'radius');
    const { radius } = numericalRange(backend, a);
    expectClose(radius.value, entry.numericalRadius, 1e-9, 'numerical radius');
    expect(radius.upper).toBeGreaterThanOrEqual(entry.numericalRadius - 1e-12);
    expectClose(radius.upper / entry.numericalRadius, 1.0006, 7e-4, 'outer polygon');
    expectClose(spectralSummary(backend, a).departure.commutator, entry.commutator, 1e-12 * (1 + entry.commutator));
    // The two backends have the same bits; the slower algorithm runs on the faster one.
    for (const method of backend.kind === 'ts' ? (['curves'] as const) : (['curves', 'pseudospectra'] as const)) {
      const line = kreissConstant(backend, moved(a, 1, entry.shift), 'half-plane', { method });
      const disc = kreissConstant(backend, moved(a, entry.scale, 0), 'disc', { method });
      for (const [found, expected] of [
        [line, entry.kreissLine],
        [disc, entry.kreissDisc],
      ] as const) {
        expect(found.converged).toBe(true);
        expectClose(found.value / expected, 1, 2e-7, `${found.region} by ${method}`);
        expect(found.lower).toBeLessThanOrEqual(expected * (1 + 1e-9));
        expect(found.upper).toBeGreaterThanOrEqual(expected * (1 - 1e-9));
      }
    }
  });

  it.each(golden.rectangles)('rectangle $m×$n', ({ m, n, seed, points, values }) => {
    const found = rectangularSigmaMin(backend, new Matrix(m, n, testNumbers(m * n, seed)), Float64Array.from(points));
    expect(found).toHaveLength(values.length);
    values.forEach((value, k) => {
      expectClose(found[k]!, value, 1e-13, `point ${k}`);
    });
  });
});
