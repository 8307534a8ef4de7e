import { expect, it } from 'vitest';
import { Matrix } from '../../src/linalg/matrix/matrix.ts';
import { kreissConstant } from '../../src/linalg/spectra/kreiss.ts';
import { eachBackend } from '../support/backends.ts';
import golden from './kreiss.json' with { type: 'json' };

eachBackend('Kreiss constants with eigenvalues on the boundary, by brute force over NumPy', (backend) => {
  it.each(golden.entries.map((entry, k) => [`${k} ${entry.name}, ${entry.region}`, entry] as const))(
    '%s',
    (_, entry) => {
      const a = Matrix.fromRows(entry.rows);
      // The two backends have the same bits; the slower algorithm runs on the faster one.
      for (const method of backend.kind === 'ts' ? (['curves'] as const) : (['curves', 'pseudospectra'] as const)) {
        const { lower, upper, converged } = kreissConstant(backend, a, entry.region as 'disc' | 'half-plane', {
          method,
        });
        expect(converged).toBe(true);
        expect(lower).toBeLessThanOrEqual(entry.kreiss * (1 + 1e-7));
        expect(upper).toBeGreaterThanOrEqual(entry.kreiss * (1 - 1e-9));
        expect(upper).toBeLessThanOrEqual(lower * 1.001);
      }
    },
  );
});
