import { describe, expect, it } from 'vitest';
import { ConvergenceError } from '../../src/core/errors.ts';
import { eig } from '../../src/linalg/eig.ts';
import { schur } from '../../src/linalg/schur.ts';
import { wasmBackend } from '../support/backends.ts';
import { grcar, random, randomComplex, twisted } from '../support/gallery.ts';
import { orthogonality, schurResidual, vectorResidual } from '../support/residuals.ts';

/** Large orders take seconds (the residuals more than the decompositions), so only TMECH_LARGE=1 runs them; 170 always. */
const orders = process.env.TMECH_LARGE === '1' ? [170, 256, 512] : [170];

describe.each(orders)('deflation windows and chains of bulges, n = %i', (n) => {
  it.each([
    ['random complex', randomComplex(n, 1)],
    ['random real', random(n, 2)],
    ['Grcar, turned', twisted(grcar(n))],
  ] as const)(
    '%s',
    (_name, a) => {
      const { values, right, left } = eig(wasmBackend, a, { vectors: 'both' });
      expect(vectorResidual(a, values, right!)).toBeLessThan(4);
      expect(vectorResidual(a, values, left!, true)).toBeLessThan(4);
      const { q, t } = schur(wasmBackend, a);
      expect(schurResidual(a, q, t)).toBeLessThan(8);
      expect(orthogonality(q)).toBeLessThan(15);
    },
    120_000,
  );
});

it('a large matrix stops at the limit too, and reports what it has', () => {
  const n = 170;
  const a = randomComplex(n, 1);
  expect(() => eig(wasmBackend, a, { maxSweeps: 150 })).toThrow(ConvergenceError);
  const { values, converged, sweeps } = eig(wasmBackend, a, { maxSweeps: 150, onFailure: 'report' });
  expect(converged).toBeGreaterThan(0);
  expect(converged).toBeLessThan(n);
  expect(sweeps).toBeLessThanOrEqual(150 + 32);
  const all = eig(wasmBackend, a).values;
  for (let k = 2 * (n - converged); k < 2 * n; k += 2) {
    const distances = Array.from({ length: n }, (_, j) =>
      Math.hypot(all[2 * j]! - values[k]!, all[2 * j + 1]! - values[k + 1]!),
    );
    expect(Math.min(...distances)).toBeLessThan(1e-12);
  }
});
