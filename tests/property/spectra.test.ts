import { describe, expect, it } from 'vitest';
import { spectralAbscissa, spectralRadius } from '../../src/linalg/eigen/spectrum.ts';
import { qr } from '../../src/linalg/factorisations/qr.ts';
import { ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import {
  kreissConstant,
  numericalRange,
  transientExponentials,
  transientPowers,
} from '../../src/linalg/spectra/index.ts';
import { wasmBackend } from '../support/backends.ts';
import { adjoint, product, timesDiagonal } from '../support/dense-algebra.ts';
import { randomComplex } from '../support/gallery.ts';
import { testNumbers } from '../support/numbers.ts';

describe('Kreiss matrix theorem', () => {
  it('K ≤ max ‖Aᵏ‖ ≤ e·n·K for 200 random matrices of spectral radius 0.2 to 0.95, far from normal', () => {
    let largest = 1;
    for (let seed = 1; seed <= 200; seed++) {
      const n = 2 + (seed % 4);
      const data = testNumbers(2 * n * n, seed);
      // The triangle above the diagonal is made heavy.
      for (let i = 0; i < n; i++)
        for (let at = 2 * (i * n + i + 1); at < 2 * (i + 1) * n; at++) data[at]! *= 1 + (seed % 7);
      const plain = new ComplexMatrix(n, n, data);
      const target = 0.2 + (0.75 * (seed % 11)) / 10;
      const factor = target / spectralRadius(wasmBackend, plain);
      const a = new ComplexMatrix(
        n,
        n,
        data.map((x) => factor * x),
      );
      const { lower, upper, converged } = kreissConstant(wasmBackend, a, 'disc', { tolerance: 1e-2 });
      expect(converged, `seed ${seed}`).toBe(true);
      const peak = Math.max(...transientPowers(wasmBackend, a, 60).norms);
      expect(lower, `seed ${seed}`).toBeLessThanOrEqual(peak * (1 + 1e-10));
      expect(peak, `seed ${seed}`).toBeLessThanOrEqual(Math.E * n * upper);
      largest = Math.max(largest, lower);
    }
    expect(largest).toBeGreaterThan(1.5);
  });

  it('K ≤ sup ‖e^{tA}‖ ≤ e·n·K for 200 random matrices of spectral abscissa −0.3 to −1, far from normal', () => {
    let largest = 1;
    for (let seed = 1; seed <= 200; seed++) {
      const n = 2 + (seed % 4);
      const data = testNumbers(2 * n * n, 500 + seed);
      for (let i = 0; i < n; i++)
        for (let at = 2 * (i * n + i + 1); at < 2 * (i + 1) * n; at++) data[at]! *= 1 + (seed % 9);
      const plain = new ComplexMatrix(n, n, data);
      const target = 0.3 + (0.7 * (seed % 11)) / 10;
      const shift = spectralAbscissa(wasmBackend, plain) + target;
      for (let i = 0; i < n; i++) data[2 * i * (n + 1)]! -= shift;
      const { lower, upper, converged } = kreissConstant(wasmBackend, plain, 'half-plane', { tolerance: 1e-2 });
      expect(converged, `seed ${seed}`).toBe(true);
      const [end, steps] = [6 / target, 400];
      const peak = Math.max(...transientExponentials(wasmBackend, plain, end, steps).norms);
      // Between two times the norm grows by e^{ωh} at most, ω the numerical abscissa.
      const between = Math.exp((Math.max(0, numericalRange(wasmBackend, plain, 4).abscissa) * end) / steps);
      expect(lower, `seed ${seed}`).toBeLessThanOrEqual(peak * between);
      expect(peak, `seed ${seed}`).toBeLessThanOrEqual(Math.E * n * upper);
      largest = Math.max(largest, lower);
    }
    expect(largest).toBeGreaterThan(1.5);
  });

  it('K = 1 for 60 random normal stable matrices, in both regions, by both methods', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const n = 1 + (seed % 7);
      const { q } = qr(wasmBackend, randomComplex(n, seed));
      for (const [region, method] of [
        ['disc', 'curves'],
        ['disc', 'pseudospectra'],
        ['half-plane', 'curves'],
        ['half-plane', 'pseudospectra'],
      ] as const) {
        const scaled = timesDiagonal(q, new Float64Array(n).fill(1));
        const values = testNumbers(2 * n, 900 + seed);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            // Moduli below 1; real parts below 0.
            const [re, im] = [values[2 * j]!, values[2 * j + 1]!];
            const [x, y] = region === 'disc' ? [re * 0.7, im * 0.7] : [-Math.abs(re) - 1e-3, im];
            const at = 2 * (i * n + j);
            const [a, b] = [q.data[at]!, q.data[at + 1]!];
            scaled.data[at] = a * x - b * y;
            scaled.data[at + 1] = a * y + b * x;
          }
        }
        const normal = product(scaled, adjoint(q));
        const { value, lower, upper } = kreissConstant(wasmBackend, normal, region, { method });
        expect([value, lower, upper], `seed ${seed}, ${region}`).toEqual([1, 1, 1]);
      }
    }
  });
});
