import { describe, expect, it } from 'vitest';
import { ComplexMatrix } from '../../src/linalg/matrix.ts';
import { kreissConstant, transientPowers } from '../../src/linalg/spectra/index.ts';
import { spectralRadius } from '../../src/linalg/spectrum.ts';
import { wasmBackend } from '../support/backends.ts';
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
});
